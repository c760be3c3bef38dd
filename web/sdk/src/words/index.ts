import { en, type Words } from "./en";
import { es } from "./es";

const CATALOGUES: Readonly<Record<string, Words>> = { en, es };

/** The words, times and numbers of one language; English where the language is unknown. */
export interface Speech {
  readonly language: string;
  say(name: keyof Words, values?: Readonly<Record<string, string | number>>): string;
  /** Hour and minute. */
  time(at: string): string;
  /** "Today", "Yesterday", or the date. */
  day(at: string, now: number): string;
}

export function speech(language: string | null, region: string | null): Speech {
  const wanted = (language ?? "en").toLowerCase().split(/[-_]/)[0]!;
  const known = wanted in CATALOGUES ? wanted : "en";
  const words = CATALOGUES[known]!;
  const locale = localeOf(known, region);
  const hour = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" });
  const date = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return {
    language: known,
    say: (name, values = {}) => fill(words[name], values),
    time: (at) => hour.format(new Date(at)),
    day(at, now) {
      const days = Math.round((midnight(Date.parse(at)) - midnight(now)) / 86_400_000);
      return capital(days === 0 || days === -1 ? relative.format(days, "day") : date.format(new Date(at)));
    },
  };
}

function localeOf(language: string, region: string | null): string {
  try {
    return region ? new Intl.Locale(language, { region }).toString() : language;
  } catch {
    return language;
  }
}

const fill = (words: string, values: Readonly<Record<string, string | number>>): string =>
  words.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

const capital = (words: string): string => words.charAt(0).toLocaleUpperCase() + words.slice(1);
