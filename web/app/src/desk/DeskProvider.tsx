import { useStore } from "@rapport/kit/react";
import { Cell, type Store } from "@rapport/kit/stream";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";
import { DeskStore, type DeskState } from "../live/deskStore";
import { useConnection } from "../live/LiveProvider";
import { call, type Call } from "../platform/http";
import { chime } from "../platform/sound";
import type { Inbox } from "../platform/types";

interface DeskContextValue {
  store: DeskStore | null;
  inbox: UseQueryResult<Inbox>;
}

const DeskContext = createContext<DeskContextValue | null>(null);
const fetchInbox = (options: Call = {}) => call<Inbox>("/desk/v1/inbox", options);
const EMPTY: Store<DeskState> = new Cell<DeskState>({ status: null, rows: [] });

/** Keeps the desk live on every page, so that nothing is missed elsewhere. */
export function DeskProvider({ children }: { children: ReactNode }) {
  const connection = useConnection();
  const [store, setStore] = useState<DeskStore | null>(null);
  const inbox = useQuery({
    queryKey: ["inbox"],
    queryFn: ({ signal }) => fetchInbox({ signal }),
    staleTime: Infinity,
  });
  const { data } = inbox;
  useEffect(() => {
    if (!data) return;
    const opened = new DeskStore(connection, data, () => fetchInbox(), () => chime());
    setStore(opened);
    return () => opened.close();
  }, [connection, data]);
  const value = useMemo(() => ({ store, inbox }), [store, inbox]);
  return <DeskContext value={value}>{children}</DeskContext>;
}

function useDeskContext(): DeskContextValue {
  const value = use(DeskContext);
  if (!value) throw new Error("no desk here");
  return value;
}

export const useDeskStore = (): DeskStore | null => useDeskContext().store;

export const useInbox = (): UseQueryResult<Inbox> => useDeskContext().inbox;

export const useDesk = (): DeskState => useStore(useDeskContext().store ?? EMPTY);

/** Whether this page has a desk at all. */
export const useHasDesk = (): boolean => use(DeskContext) !== null;
