import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { fetchAllGlobals, fetchCustoms, type Collection, type Response } from "./api";

export const CUSTOMS = ["compose", "customs"] as const;
const GLOBALS = ["compose", "globals"] as const;

const FRESH_MS = 30_000;

/** One's own responses, all of them: they are few, and are searched while one types. */
export const useCustoms = (enabled = true) =>
  useQuery({ queryKey: CUSTOMS, queryFn: ({ signal }) => fetchCustoms(signal), staleTime: FRESH_MS, enabled });

/** The company's folders. */
export const useGlobalFolders = () =>
  useQuery({
    queryKey: [...GLOBALS, "folders"],
    queryFn: ({ signal }) => fetchAllGlobals({ resourceType: "folders" }, signal),
    staleTime: FRESH_MS,
  });

/** The company's responses of one folder. */
export const useGlobalFolder = (folderId: string) =>
  useQuery({
    queryKey: [...GLOBALS, "folder", folderId],
    queryFn: ({ signal }) => fetchAllGlobals({ resourceType: "responses", folderId }, signal),
    staleTime: FRESH_MS,
  });

/** The company's responses that contain a text: every one, whatever they are meant for. */
export const useGlobalSearch = (searchTerm: string, enabled = true) =>
  useQuery({
    queryKey: [...GLOBALS, "search", searchTerm],
    queryFn: ({ signal }) => fetchAllGlobals({ resourceType: "responses", searchTerm }, signal),
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
    enabled: enabled && searchTerm !== "",
  });

/** Those whose title or text contains every word of `query`, in any case. */
export function matching(responses: readonly Response[], query: string): Response[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return responses.filter(({ title = "", text }) => {
    const whole = `${title}\n${text}`.toLocaleLowerCase();
    return words.every((word) => whole.includes(word));
  });
}

export const EMPTY: Collection = { responses: [], folders: [] };
