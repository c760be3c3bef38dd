import { currentLanguage, t } from ".";

type When = string | number | Date;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs a hundred times what using it does. */
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = currentLanguage() + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(currentLanguage(), options)));
  return found;
}

export const clockTime = (at: When): string =>
  format({ hour: "2-digit", minute: "2-digit" }).format(new Date(at));

export const dateTime = (at: When): string =>
  format({ dateStyle: "medium", timeStyle: "short" }).format(new Date(at));

export const fullTime = (at: When): string =>
  format({ dateStyle: "full", timeStyle: "medium" }).format(new Date(at));

/** The day as a person says it: today, yesterday, or its date. */
export function dayName(at: When, now: When = Date.now()): string {
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  if (days === 0) return t("time.today");
  if (days === 1) return t("time.yesterday");
  return format({ weekday: "long", day: "numeric", month: "long" }).format(new Date(at));
}

/** Midnight of the day of `at`, as a number that tells days apart. */
export const midnight = (at: When): number => new Date(at).setHours(0, 0, 0, 0);

/** The time of a row: the clock today, the date before. */
export function rowTime(at: When, now: When = Date.now()): string {
  if (midnight(at) === midnight(now)) return clockTime(at);
  return format({ day: "numeric", month: "short" }).format(new Date(at));
}

/** How long: `48s`, `3m`, `2h 05m`, `4d`. Seconds only below a minute, so that rows stay calm. */
export function lasted(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return t("time.seconds", { n: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t("time.minutes", { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return t("time.hours", { n: hours, m: String(minutes % 60).padStart(2, "0") });
  return t("time.days", { n: Math.floor(hours / 24) });
}

/** A clock that runs: `0:48`, `12:07`, `1:02:33`. */
export function ticking(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export const count = (value: number): string => new Intl.NumberFormat(currentLanguage()).format(value);
