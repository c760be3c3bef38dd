import { recall, remember } from "../platform/memory";
import { en, type Catalogue, type Key } from "./en";

/** A text, or one for each plural form of its `count`. */
export type Entry = string | { readonly one: string; readonly other: string };
export type Vars = Readonly<Record<string, string | number>>;
export type { Key };

export const LANGUAGES = { en: "English", es: "Español" } as const;
export type Language = keyof typeof LANGUAGES;

let language: Language = "en";
let catalogue: Catalogue = en;
let plural = new Intl.PluralRules(language);

/** The text of `key` in the person's language, its `{names}` filled in. */
export function t(key: Key, vars: Vars = {}): string {
  const entry: Entry = catalogue[key];
  const text = typeof entry === "string" ? entry : entry[form(Number(vars["count"] ?? 0))];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => shown(vars[name]) ?? whole);
}

const form = (count: number): "one" | "other" => (plural.select(count) === "one" ? "one" : "other");

const shown = (value: string | number | undefined): string | undefined =>
  typeof value === "number" ? new Intl.NumberFormat(language).format(value) : value;

/** Whether there are words for what only a server names. */
export const isKey = (key: string): key is Key => Object.hasOwn(en, key);

export const currentLanguage = (): Language => language;

/** The language asked for earlier, or the browser's first one that we speak. */
export function preferredLanguage(): Language {
  const wanted = [recall("language"), ...navigator.languages.map((one) => one.slice(0, 2))];
  return wanted.find((one): one is Language => one !== null && one in LANGUAGES) ?? "en";
}

/** Loads a language; every text asked for afterwards is in it. */
export async function speak(wanted: Language): Promise<void> {
  catalogue = wanted === "es" ? (await import("./es")).es : en;
  language = wanted;
  plural = new Intl.PluralRules(wanted);
  document.documentElement.lang = wanted;
}

/** Chooses a language for this browser and shows the page in it. */
export function chooseLanguage(wanted: Language): void {
  remember("language", wanted);
  location.reload();
}
