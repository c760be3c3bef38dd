import { call } from "../../platform/http";

export const FEATURES = [
  "AUTOSUGGEST",
  "AUTOCOMPLETE",
  "PHRASE_AUTOCOMPLETE",
  "CUSTOM_DRAWER",
  "CUSTOM_INSERT",
  "GLOBAL_INSERT",
  "FLUENCY_APPLY",
  "FLUENCY_UNDO",
] as const;
export type Feature = (typeof FEATURES)[number];

export const LISTS = ["global", "custom", "organic"] as const;
export type List = (typeof LISTS)[number];

/** What a group of messages amounts to. Shares are 0 to 1, null of nothing; times are seconds. */
export interface Figures {
  messages: number;
  reported: number;
  augmented: number;
  adoption: number | null;
  offered: number;
  accepted: number;
  acceptanceRate: number | null;
  replaced: number;
  edited: number;
  editRate: number | null;
  charactersSaved: number;
  craftingWith: number | null;
  craftingWithout: number | null;
  secondsSaved: number | null;
  greetings: number;
  features: Record<Feature, number>;
}

export interface Group extends Figures {
  key: string;
  name: string;
}

export interface Metrics {
  since: string;
  until: string;
  timeZone: string;
  total: Figures;
  days: Group[];
  agents: Group[];
  queues: Group[];
  lists: Group[];
}

/** Which messages are meant; null stands for all. Dates are `2026-11-28`. */
export interface Wanted {
  since: string | null;
  until: string | null;
  agent: string | null;
  queue: string | null;
  list: string | null;
}

const BASE = "/console/v1/compose/metrics";

export const METRICS = ["metrics"] as const;

export const fetchMetrics = (wanted: Wanted, signal: AbortSignal) =>
  call<Metrics>(address("", wanted), { signal });

/** Where the same figures can be downloaded. */
export const exportAddress = (wanted: Wanted, kind: "csv" | "xlsx"): string => address(`.${kind}`, wanted);

/** An empty text is a filter of its own: messages without a queue. */
function address(ending: string, wanted: Wanted): string {
  const entries = Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== null);
  const query = new URLSearchParams(entries).toString();
  return `${BASE}${ending}${query ? `?${query}` : ""}`;
}
