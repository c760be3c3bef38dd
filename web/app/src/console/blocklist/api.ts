import { call } from "../../platform/http";

export interface Term {
  id: string;
  term: string;
  /** False: allowed although the built-in list has it. */
  blocked: boolean;
  author: string;
  createdAt: string;
}

export interface Trial {
  hasProfanity: boolean;
  matches: { start: number; end: number }[];
}

export const BLOCKLIST = ["blocklist"] as const;

const BASE = "/console/v1/compose/blocklist";

export const fetchTerms = (signal: AbortSignal) => call<{ items: Term[] }>(BASE, { signal });

export const addTerm = (term: string, blocked: boolean) => call<Term>(BASE, { method: "POST", body: { term, blocked } });

export const removeTerm = (id: string) => call<void>(`${BASE}/${id}`, { method: "DELETE" });

export const tryText = (text: string, signal: AbortSignal) => call<Trial>(`${BASE}/test`, { method: "POST", body: { text }, signal });
