import { call } from "../../platform/http";
import type { NewResponse } from "./csv";

export interface LibraryResponse {
  id: string;
  title: string;
  text: string;
  folder: string | null;
  /** Once it is embedded it is suggested. */
  suggested: boolean;
  createdAt: string;
  updatedAt: string;
}

export interface ResponsePage {
  responses: LibraryResponse[];
  nextCursor: string | null;
}

export const RESPONSES = ["responses"] as const;

const BASE = "/console/v1/responses";

export const fetchResponses = (cursor: string | null, signal: AbortSignal) =>
  call<ResponsePage>(BASE, { query: { cursor, limit: 500 }, signal });

export const addResponse = (response: NewResponse) => call(BASE, { method: "POST", body: response });

export const changeResponse = (id: string, response: NewResponse) =>
  call<LibraryResponse>(`${BASE}/${id}`, { method: "PATCH", body: response });

/** Asked for even while the page is being left. */
export const removeResponse = (id: string) => call(`${BASE}/${id}`, { method: "DELETE", keepalive: true });

export const importResponses = (responses: NewResponse[]) =>
  call<{ id: string; count: number }>(`${BASE}/import`, { method: "POST", body: { responses } });
