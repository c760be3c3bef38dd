import { call } from "../../platform/http";

/** The top of every folder tree. */
export const ROOT = "__root";

export interface ResponseMetadata {
  name: string;
  allowedValues: string[];
}

export interface Response {
  id: string;
  text: string;
  title?: string;
  folderId?: string;
  metadata?: ResponseMetadata[];
}

export interface Folder {
  id: string;
  name: string;
  parentFolderId?: string;
}

export interface Collection {
  responses: Response[];
  folders: Folder[];
}

interface Page {
  responsesList?: Response[];
  folderList?: Folder[];
  pageToken?: string;
}

export interface ResponseWrite {
  text: string;
  title: string;
  folderId?: string;
  metadata?: ResponseMetadata[];
}

export interface FolderWrite {
  name: string;
  parentFolderId?: string;
}

export interface Greetings {
  greetingGeneric: string;
  greetingCustomerName: string;
}

type Query = Record<string, string | number | undefined>;

const LISTS = "/autocompose/v1/responses";
const OWN = `${LISTS}/customs`;
const GREETINGS = "/autocompose/v1/autopilot/greetings";
const PER_PAGE = 1000;

/** One page of the company's responses. */
export async function fetchGlobals(query: Query, signal: AbortSignal): Promise<Page> {
  const { responses } = await call<{ responses: Page }>(`${LISTS}/globals`, { query, signal });
  return responses;
}

/** Everything of the company's that `query` asks for. */
export const fetchAllGlobals = (query: Query, signal: AbortSignal): Promise<Collection> =>
  all((pageToken) => fetchGlobals({ ...query, maxPerPage: PER_PAGE, pageToken }, signal));

/** All of one's own responses and folders, as they were put in order. */
export const fetchCustoms = (signal: AbortSignal): Promise<Collection> =>
  all((pageToken) => call<Page>(OWN, { query: { orderBy: "position", maxPerPage: PER_PAGE, pageToken }, signal }));

async function all(page: (token: string | undefined) => Promise<Page>): Promise<Collection> {
  const whole: Collection = { responses: [], folders: [] };
  let token: string | undefined;
  do {
    const { responsesList = [], folderList = [], pageToken } = await page(token);
    whole.responses.push(...responsesList);
    whole.folders.push(...folderList);
    token = pageToken || undefined;
  } while (token);
  return whole;
}

export const createResponse = (body: ResponseWrite): Promise<Response> => call(`${OWN}/response`, { method: "POST", body });

export const updateResponse = (id: string, body: ResponseWrite): Promise<void> =>
  call(`${OWN}/response/${id}`, { method: "PUT", body });

export const deleteResponse = (id: string): Promise<void> => call(`${OWN}/response/${id}`, { method: "DELETE" });

export const arrangeResponses = (responseIds: readonly string[]): Promise<void> =>
  call(`${OWN}/order`, { method: "PUT", body: { responseIds } });

export const createFolder = (body: FolderWrite): Promise<Folder> => call(`${OWN}/folder`, { method: "POST", body });

export const updateFolder = (id: string, body: FolderWrite): Promise<void> =>
  call(`${OWN}/folder/${id}`, { method: "PUT", body });

export const deleteFolder = (id: string): Promise<void> => call(`${OWN}/folder/${id}`, { method: "DELETE" });

export const fetchGreetings = (signal: AbortSignal): Promise<Greetings> => call(GREETINGS, { signal });

export const storeGreetings = (body: Greetings): Promise<Greetings> => call(GREETINGS, { method: "PUT", body });

export const fetchGreetingStatus = (signal: AbortSignal): Promise<{ enabled: boolean }> =>
  call(`${GREETINGS}/status`, { signal });

export const storeGreetingStatus = (enabled: boolean): Promise<{ enabled: boolean }> =>
  call(`${GREETINGS}/status`, { method: "PUT", body: { enabled } });
