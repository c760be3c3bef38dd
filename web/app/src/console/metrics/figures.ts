import { currentLanguage, t } from "../../i18n";
import { count } from "../../i18n/format";
import { LISTS, type Group, type List } from "./api";

const share = () => new Intl.NumberFormat(currentLanguage(), { style: "percent", maximumFractionDigits: 0 });
const short = () => new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: 1 });
const unit = (name: string, digits: number) =>
  new Intl.NumberFormat(currentLanguage(), { style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: digits });

/** Nothing was measured: a dash, never a zero. */
export const NOTHING = "–";

export const percent = (value: number | null): string => (value === null ? NOTHING : share().format(value));

export const decimal = (value: number | null): string => (value === null ? NOTHING : short().format(value));

/** Seconds in the largest unit that says something: `8.4 sec`, `12 min`, `3.5 hr`. */
export function duration(seconds: number | null): string {
  if (seconds === null) return NOTHING;
  const size = Math.abs(seconds);
  if (size < 90) return unit("second", 1).format(seconds);
  if (size < 5_400) return unit("minute", 0).format(seconds / 60);
  return unit("hour", 1).format(seconds / 3_600);
}

export const whole = (value: number): string => count(value);

export const agentName = ({ key, name }: Group): string => name || key || t("metrics.agent.none");

export const queueName = ({ key }: Group): string => key || t("metrics.queue.none");

export const listName = (list: string): string => (isList(list) ? t(`metrics.list.${list}`) : list);

const isList = (list: string): list is List => (LISTS as readonly string[]).includes(list);

/** A day of the figures as people write it, without its year. */
export function dayLabel(day: string): string {
  const [year, month, date] = day.split("-").map(Number);
  return new Intl.DateTimeFormat(currentLanguage(), { day: "numeric", month: "short" }).format(new Date(year!, month! - 1, date));
}

/** The date so many days before another one. */
export function daysBefore(day: string, days: number): string {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() - days);
  return at.toISOString().slice(0, 10);
}
