import { t, type Key } from "../../i18n";
import type { Model } from "./api";

const KNOWN = ["firstOfHundred", "firstThreeOfHundred", "saved_share", "acceptance"] as const;

/** What a figure is called; one that is not known keeps its own name. */
export function figureName(name: string): string {
  const known = KNOWN.find((one) => one === name);
  return known ? t(`models.figure.${known}` as Key) : name;
}

/** A model's figures that are shares of one: what can be drawn on one axis. */
export const sharesOf = ({ metrics }: Model): [name: string, share: number][] =>
  Object.entries(metrics).filter((pair): pair is [string, number] => typeof pair[1] === "number" && pair[1] >= 0 && pair[1] <= 1);

const percents = new Map<string, Intl.NumberFormat>();

export function percent(share: number, language: string): string {
  let format = percents.get(language);
  if (!format) percents.set(language, (format = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 })));
  return format.format(share);
}
