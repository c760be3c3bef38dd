import { useCallback, useMemo } from "react";
import { t } from "../../i18n";
import type { Condition } from "./api";
import { unknownIn } from "./inserts";

export interface Insert {
  key: string;
  label: string;
  example: string;
}

export interface Filter {
  key: string;
  values: string[];
}

/** Every company has these; as with them, other systems' names of the same value count. */
const DEFAULTS = [
  { key: "NAME", label: "responses.insert.customer", example: "Sarah" },
  { key: "rep_name", label: "responses.insert.agent", example: "Kim" },
  { key: "TIME_OF_DAY", label: "responses.insert.time", example: "morning" },
] as const;
const LOOSE = new Set([
  ...["name", "firstname", "customername", "customerfirstname", "customer.name"],
  ...["repname", "agentname", "agentfirstname", "repfirstname", "agent.name", "timeofday"],
]);

/** What a text may insert, and what of a text it may not. */
export function useKnownInserts() {
  const inserts = useMemo<Insert[]>(() => DEFAULTS.map(({ key, label, example }) => ({ key, label: t(label), example })), []);
  const keys = useMemo(() => inserts.map(({ key }) => key), [inserts]);
  const unknown = useCallback(
    (text: string, metadata: readonly Condition[]) => unknownIn(text, metadata, keys, (name) => LOOSE.has(name)),
    [keys],
  );
  return { inserts, unknownIn: unknown };
}

const NONE: readonly Filter[] = [];

/** The filters of the dictionary. */
export const useKnownFilters = (): readonly Filter[] => NONE;
