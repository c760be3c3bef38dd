import { useInfiniteQuery, useQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import { DRAFT, fetchDraft, fetchState, LIST, STATE, type ListState, type ResponseRow, type ResponseRows } from "./api";

/** So soon one sees what somebody else did to the draft. */
const LOOK_AGAIN_MS = 10_000;

type Pages = InfiniteData<ResponseRows, string | null>;

export interface Draft {
  rows: readonly ResponseRow[];
  /** What the next change says it has read. */
  revision: number;
  state: ListState | undefined;
  isPending: boolean;
  /** All of it is here. */
  isComplete: boolean;
  error: Error | null;
  retry: () => void;
  /** Puts what was written in its place. */
  wrote: (revision: number, row: ResponseRow) => void;
  dropped: (revision: number, ids: readonly string[]) => void;
  /** Reads everything again. */
  reload: () => Promise<void>;
}

/** The whole draft: a search must look everywhere, and a list of thousands is small. */
export function useDraft(): Draft {
  const client = useQueryClient();
  const state = useQuery({ queryKey: STATE, queryFn: ({ signal }) => fetchState(signal), refetchInterval: LOOK_AGAIN_MS, staleTime: 0 });
  const draft = useInfiniteQuery({
    queryKey: DRAFT,
    queryFn: ({ pageParam, signal }) => fetchDraft(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.pageToken || null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { hasNextPage, isFetching, isError, fetchNextPage, refetch } = draft;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  const rows = useMemo(() => draft.data?.pages.flatMap((page) => page.items) ?? [], [draft.data]);
  // The pages may be of different ages: a change must not overlook what the oldest does not know.
  const revision = useMemo(() => Math.min(...(draft.data?.pages.map((page) => page.revision ?? 0) ?? [0])), [draft.data]);
  const latest = state.data?.revision ?? 0;
  const isComplete = draft.data !== undefined && !hasNextPage;
  useEffect(() => {
    // Somebody else has written.
    if (isComplete && !isFetching && latest > revision) void refetch();
  }, [isComplete, isFetching, latest, revision, refetch]);

  const change = useCallback(
    (next: number, edit: (items: ResponseRow[], page: number) => ResponseRow[]) => {
      client.setQueryData<Pages>(DRAFT, (pages) => pages && { ...pages, pages: pages.pages.map((page, at) => ({ ...page, revision: next, items: edit(page.items, at) })) });
      void client.invalidateQueries({ queryKey: STATE });
    },
    [client],
  );
  const wrote = useCallback(
    (next: number, row: ResponseRow) => {
      const isKnown = client.getQueryData<Pages>(DRAFT)?.pages.some((page) => page.items.some((one) => one.id === row.id)) ?? false;
      change(next, (items, page) => {
        if (isKnown) return items.map((one) => (one.id === row.id ? row : one));
        return page === 0 ? [row, ...items] : items;
      });
    },
    [client, change],
  );
  const dropped = useCallback(
    (next: number, ids: readonly string[]) => {
      const gone = new Set(ids);
      change(next, (items) => items.filter((one) => !gone.has(one.id)));
    },
    [change],
  );
  const reload = useCallback(() => client.invalidateQueries({ queryKey: LIST }), [client]);
  const error = (rows.length === 0 && draft.error) || state.error;
  return {
    rows,
    revision,
    state: state.data,
    isPending: draft.isPending || state.isPending,
    isComplete,
    error: error || null,
    retry: () => void reload(),
    wrote,
    dropped,
    reload,
  };
}
