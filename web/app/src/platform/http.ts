import type { ErrorBody } from "@rapport/kit/stream";

/** The server refused: its documented envelope, or what stood in its place. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** HTTP status; 0 when no answer came at all. */
    readonly status: number,
    message: string,
    /** The documented `NNN-NN`, empty when there was no envelope. */
    readonly code = "",
    readonly requestId = "",
    /** Seconds the server asks to wait, when it says so. */
    readonly retryAfter: number | null = null,
    /** What it is called, such as `draft_changed`; empty when it is nothing of ours. */
    readonly reason = "",
  ) {
    super(message);
  }

  get isOffline(): boolean {
    return this.status === 0;
  }
}

/** A refusal that came over the live connection, as if over HTTP. */
export const ofLive = ({ message, code = "", requestId = "", name = "" }: ErrorBody): ApiError =>
  new ApiError(Number.parseInt(code, 10), message, code, requestId, null, name);

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Call {
  method?: Method;
  body?: unknown;
  query?: Record<string, string | number | boolean | null | undefined>;
  signal?: AbortSignal;
  /** The server gets it even if the page is closed meanwhile. */
  keepalive?: boolean;
  /** Help beside the work: a 401 there is its own failure, and ends nothing. */
  isAside?: boolean;
}

/** There a 401 means a wrong password, not the end of the session. */
const ASKS_PASSWORD = new Set(["/accounts/v1/sign-in", "/accounts/v1/password"]);

/** Headers of a refusal. */
const WAIT = "retry-after";
const REASON = "x-rapport-error";

let csrf = "";
let onSignedOut: () => void = () => undefined;

/** Gives later changes the token that proves they come from our own pages. */
export const keepCsrf = (token: string): void => void (csrf = token);

/** Calls `run` whenever an answer says that the session is over. */
export const whenSignedOut = (run: () => void): void => void (onSignedOut = run);

/** One request as JSON; throws ApiError. A 204 answers undefined. */
export async function call<T>(path: string, options: Call = {}): Promise<T> {
  const answer = await fetchOrOffline(address(path, options.query), options);
  if (answer.ok) return (await read(answer)) as T;
  const error = await refusal(answer);
  if (error.status === 401 && !options.isAside && !ASKS_PASSWORD.has(path)) onSignedOut();
  throw error;
}

/** Sends a file as it is and tells how much of it is there, 0 to 1; throws ApiError. */
export async function upload<T>(path: string, query: Call["query"], file: Blob, onProgress: (share: number) => void): Promise<T> {
  const request = new XMLHttpRequest();
  request.open("POST", address(path, query));
  request.setRequestHeader("accept", "application/json");
  if (csrf) request.setRequestHeader("x-csrf-token", csrf);
  request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
  await new Promise<void>((resolve, reject) => {
    request.onload = () => resolve();
    request.onerror = () => reject(new ApiError(0, "offline"));
    request.send(file);
  });
  const { status, statusText, responseText } = request;
  if (status < 300) return JSON.parse(responseText) as T;
  const told = [WAIT, REASON].flatMap((name) => {
    const value = request.getResponseHeader(name);
    return value === null ? [] : [[name, value] as [string, string]];
  });
  const error = await refusal(new Response(responseText, { status, statusText, headers: told }));
  if (error.status === 401) onSignedOut();
  throw error;
}

function address(path: string, query: Call["query"]): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== "");
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}

async function fetchOrOffline(url: string, { method = "GET", body, signal, keepalive = false }: Call): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (method !== "GET" && csrf) headers["x-csrf-token"] = csrf;
  const text = body === undefined ? null : JSON.stringify(body);
  try {
    return await fetch(url, { method, headers, body: text, signal: signal ?? null, keepalive });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "offline");
  }
}

async function read(answer: Response): Promise<unknown> {
  if (answer.status === 204) return undefined;
  const isJson = answer.headers.get("content-type")?.includes("json") ?? false;
  return isJson ? await answer.json() : await answer.text();
}

async function refusal(answer: Response): Promise<ApiError> {
  const wait = Number.parseInt(answer.headers.get(WAIT) ?? "", 10);
  const body = (await answer.json().catch(() => null)) as { error?: Partial<Envelope> } | null;
  const { message = answer.statusText, code = "", requestId = "" } = body?.error ?? {};
  return new ApiError(answer.status, message, code, requestId, Number.isNaN(wait) ? null : wait, answer.headers.get(REASON) ?? "");
}

interface Envelope {
  message: string;
  code: string;
  requestId: string;
}
