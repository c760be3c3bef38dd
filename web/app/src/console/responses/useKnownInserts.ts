import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { DICTIONARY, fetchDictionary, type MetadataKey } from "../dictionary/api";
import type { Condition } from "./api";
import { unknownIn } from "./inserts";

/** Names that other systems give to the inserts every company has: they count as well. */
const OTHERS = new Set([
  ...["name", "firstname", "customername", "customerfirstname", "customer.name"],
  ...["repname", "agentname", "agentfirstname", "repfirstname", "agent.name", "timeofday"],
]);

const NONE: readonly MetadataKey[] = [];

const useDictionary = () => useQuery({ queryKey: DICTIONARY, queryFn: ({ signal }) => fetchDictionary(signal) });

/** What a text may insert, and what of a text it may not. */
export function useKnownInserts() {
  const { data } = useDictionary();
  const inserts = data?.inserts ?? NONE;
  const keys = useMemo(() => inserts.map(({ key }) => key), [inserts]);
  const unknown = useCallback(
    // Until the dictionary is here, nothing is called unknown.
    (text: string, metadata: readonly Condition[]) => (keys.length === 0 ? [] : unknownIn(text, metadata, keys, (name) => OTHERS.has(name))),
    [keys],
  );
  return { inserts, unknownIn: unknown };
}

/** The filters of the dictionary, with their possible values. */
export const useKnownFilters = (): readonly MetadataKey[] => useDictionary().data?.filters ?? NONE;
