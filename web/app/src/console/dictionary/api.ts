import { call } from "../../platform/http";

export type KeyKind = "insert" | "filter";

export interface MetadataKey {
  /** Null: every company has it, or responses use it without an entry. */
  id: string | null;
  kind: KeyKind;
  key: string;
  label: string;
  example: string;
  values: string[];
  isDefault: boolean;
  /** How many responses of the draft use it. */
  uses: number;
}

export interface Dictionary {
  inserts: MetadataKey[];
  filters: MetadataKey[];
}

export interface Said {
  label: string;
  example: string;
  values: string[];
}

const BASE = "/console/v1/metadata-dictionary";

export const DICTIONARY = ["metadata-dictionary"] as const;

export const fetchDictionary = (signal: AbortSignal) => call<Dictionary>(BASE, { signal });

export const addKey = (kind: KeyKind, key: string, said: Said) => call<MetadataKey>(BASE, { method: "POST", body: { kind, key, ...said } });

export const changeKey = (id: string, said: Said) => call<MetadataKey>(`${BASE}/${id}`, { method: "PATCH", body: said });

export const removeKey = (id: string) => call(`${BASE}/${id}`, { method: "DELETE" });
