import { call, upload } from "../../platform/http";

export interface Condition {
  name: string;
  allowedValues: string[];
}

export interface ResponseRow {
  id: string;
  text: string;
  title: string;
  folderId: string;
  folderPath: string;
  /** Filters, and values for inserts of the text. */
  metadata: Condition[];
  unknownInserts: string[];
  change: "added" | "changed" | null;
  usage: { count: number; lastUsedAt: string | null } | null;
}

export interface ResponseRows {
  items: ResponseRow[];
  total: number;
  pageToken: string;
  revision: number | null;
}

/** What a person writes of a response. */
export interface Written {
  text: string;
  title: string;
  folderPath: string;
  metadata: Condition[];
}

export type Environment = "sandbox" | "production";

export interface Version {
  id: string;
  number: number;
  description: string;
  origin: string;
  count: number;
  author: string;
  createdAt: string;
  deployedTo: Environment[];
}

export interface ListState {
  state: "empty" | "unsaved" | "saved";
  revision: number;
  count: number;
  limit: number;
  /** Responses of the latest version that are not suggested by their meaning yet. */
  waiting: number;
  changes: { added: number; changed: number; removed: number };
  latest: Version | null;
  deployed: Readonly<Record<Environment, Version | null>>;
}

const BASE = "/console/v1/global-responses";

/** The draft's page size: a list of 5,000 comes in ten requests. */
const PAGE = 500;

export const LIST = ["global-responses"] as const;
export const STATE = [...LIST, "state"] as const;
export const DRAFT = [...LIST, "draft"] as const;
export const VERSIONS = [...LIST, "versions"] as const;

export const fetchState = (signal: AbortSignal) => call<ListState>(BASE, { signal });

const fetchPage = (path: string, pageToken: string | null, signal: AbortSignal) =>
  call<ResponseRows>(`${BASE}${path}/responses`, { query: { maxPerPage: PAGE, pageToken }, signal });

export const fetchDraft = (pageToken: string | null, signal: AbortSignal) => fetchPage("/draft", pageToken, signal);

export async function fetchVersionRows(version: string, signal: AbortSignal): Promise<ResponseRow[]> {
  const rows: ResponseRow[] = [];
  let token: string | null = null;
  do {
    const page: ResponseRows = await fetchPage(`/versions/${version}`, token, signal);
    rows.push(...page.items);
    token = page.pageToken || null;
  } while (token);
  return rows;
}

export const addResponse = (written: Written) =>
  call<{ revision: number; response: ResponseRow }>(`${BASE}/draft/responses`, { method: "POST", body: written });

export const changeResponse = (id: string, revision: number, written: Written) =>
  call<{ revision: number; response: ResponseRow }>(`${BASE}/draft/responses/${id}`, { method: "PATCH", body: { revision, ...written } });

/** Asked for even while the page is being left. */
export const removeResponses = (revision: number, ids: string[]) =>
  call<{ revision: number }>(`${BASE}/draft/remove`, { method: "POST", body: { revision, ids }, keepalive: true });

export const moveResponses = (revision: number, ids: string[], folderPath: string) =>
  call<{ revision: number }>(`${BASE}/draft/move`, { method: "POST", body: { revision, ids, folderPath } });

export const discardDraft = (revision: number) =>
  call<{ revision: number }>(`${BASE}/draft/discard`, { method: "POST", body: { revision } });

/** What somebody did to the draft. */
export interface DraftChange {
  revision: number;
  kind: "added" | "changed" | "removed" | "folder_added" | "folder_changed" | "folder_removed" | "discarded" | "restored" | "uploaded";
  /** The response or folder; null: all of it. */
  target: string | null;
  name: string;
  author: string;
  at: string;
}

export const fetchChanges = async (since: number, signal: AbortSignal): Promise<DraftChange[]> =>
  (await call<{ items: DraftChange[] }>(`${BASE}/draft/changes`, { query: { since }, signal })).items;

export const saveVersion = (revision: number, description: string) =>
  call<Version>(`${BASE}/versions`, { method: "POST", body: { revision, description } });

export const fetchVersions = (cursor: number | null, signal: AbortSignal) =>
  call<{ items: Version[]; nextCursor: number | null }>(`${BASE}/versions`, { query: { cursor, limit: 50 }, signal });

export const fetchVersion = (id: string, signal: AbortSignal) => call<Version>(`${BASE}/versions/${id}`, { signal });

export const restoreVersion = (id: string, revision: number) =>
  call<{ revision: number }>(`${BASE}/versions/${id}/restore`, { method: "POST", body: { revision } });

export const deployVersion = (environment: Environment, versionId: string) =>
  call(`${BASE}/deployments`, { method: "POST", body: { environment, versionId } });

export interface Differences {
  added: ResponseRow[];
  removed: ResponseRow[];
  changed: { before: ResponseRow; after: ResponseRow }[];
}

/** What a version says otherwise than another. */
export const fetchDifferences = (from: string, to: string, signal: AbortSignal) =>
  call<Differences>(`${BASE}/diff`, { query: { from, to }, signal });

export type FileFormat = "csv" | "xlsx";

export interface RowProblem {
  /** The header is row 1. */
  row: number;
  column: string | null;
  /** In the server's words. */
  problem: string;
  code: string;
  values: Readonly<Record<string, string>>;
}

export interface UploadReport {
  saved: Version | null;
  added: number;
  changed: number;
  removed: number;
  unchanged: number;
  errors: RowProblem[];
  warnings: RowProblem[];
}

export const fileAddress = (format: FileFormat, version?: string): string =>
  `${BASE}/file?${new URLSearchParams({ format, ...(version && { version }) }).toString()}`;

export const templateAddress = (format: FileFormat): string => `${BASE}/template?format=${format}`;

const formatOf = (file: File): FileFormat => (/\.xlsx$/i.test(file.name) ? "xlsx" : "csv");

/** Replaces the list by a file and saves it, or only tries to. */
export const uploadFile = (file: File, revision: number, description: string, isTrial: boolean, onProgress: (share: number) => void) =>
  upload<UploadReport>(`${BASE}/file`, { revision, format: formatOf(file), description, dryRun: isTrial }, file, onProgress);

export const undeploy = (environment: Environment) =>
  call(`${BASE}/deployments`, { method: "DELETE", query: { environment } });

/** A response as the draft has it now, with the draft's revision; null when it is gone. */
export async function fetchDraftRow(id: string, signal: AbortSignal): Promise<{ row: ResponseRow | null; revision: number }> {
  let token: string | null = null;
  let revision: number | null = null;
  do {
    const page: ResponseRows = await fetchDraft(token, signal);
    revision ??= page.revision;
    const row = page.items.find((one) => one.id === id);
    if (row) return { row, revision: revision ?? 0 };
    token = page.pageToken || null;
  } while (token);
  return { row: null, revision: revision ?? 0 };
}
