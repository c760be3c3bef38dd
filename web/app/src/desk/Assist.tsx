import { Cell, type Conversation } from "@rapport/kit/stream";
import { useQuery } from "@tanstack/react-query";
import { createContext, use, useEffect, useMemo, type ReactNode } from "react";
import { call } from "../platform/http";
import { useSession } from "../session/SessionContext";
import { composeApi } from "./composer/api";
import { useDesk } from "./DeskProvider";
import { Writer } from "./composer/writer";
import { deskOf } from "./memory";
import type { Settings } from "./settings";

/** Nobody waits for a switch: what is not told in this time is on. */
const SETTINGS_MS = 2_000;
const SETTINGS_AGAIN_MS = 60_000;

/** Every open conversation's writer: it goes on while another conversation is on screen. */
class Writers {
  readonly settings = new Cell<Settings | null>(null);
  readonly #open = new Map<string, Writer>();

  constructor(private readonly person: string) {}

  of(conversation: Conversation): Writer {
    const known = this.#open.get(conversation.id);
    if (known?.talk === conversation) return known;
    known?.close();
    const writer = new Writer(conversation, composeApi, deskOf(this.person, this.settings));
    this.#open.set(conversation.id, writer);
    return writer;
  }

  /** The writer of a conversation that is on screen. */
  find(id: string): Writer | null {
    return this.#open.get(id) ?? null;
  }

  /** Lets go of the writers whose conversation has left the desk. */
  keep(ids: ReadonlySet<string>): void {
    for (const [id, writer] of this.#open) {
      if (ids.has(id)) continue;
      writer.close();
      this.#open.delete(id);
    }
  }

  close(): void {
    for (const writer of this.#open.values()) writer.close();
    this.#open.clear();
  }
}

interface Assistance {
  writers: Writers;
  settings: Settings | null;
}

const AssistContext = createContext<Assistance | null>(null);

/** What helps an agent write, for as long as the desk is there. */
export function AssistProvider({ children }: { children: ReactNode }) {
  const { rows, status } = useDesk();
  const open = useMemo(() => (status === null ? null : new Set(rows.map((row) => row.id))), [rows, status]);
  return <Assist open={open}>{children}</Assist>;
}

interface AssistProps {
  /** The conversations that are written in; null until that is known. */
  open: ReadonlySet<string> | null;
  children: ReactNode;
}

/** What helps to write in some conversations, wherever they stand. */
export function Assist({ open, children }: AssistProps) {
  const { person } = useSession();
  const writers = useMemo(() => new Writers(person.id), [person.id]);
  const { data, isError } = useQuery({
    queryKey: ["compose", "settings"],
    queryFn: ({ signal }) =>
      call<Settings>("/autocompose/v1/settings", {
        signal: AbortSignal.any([signal, AbortSignal.timeout(SETTINGS_MS)]),
        isAside: true,
      }),
    retry: false,
    refetchInterval: SETTINGS_AGAIN_MS,
  });
  const settings = useMemo(() => data ?? (isError ? {} : null), [data, isError]);
  useEffect(() => writers.settings.set(settings), [writers, settings]);
  useEffect(() => () => writers.close(), [writers]);
  useEffect(() => {
    if (open) writers.keep(open);
  }, [writers, open]);
  const value = useMemo(() => ({ writers, settings }), [writers, settings]);
  return <AssistContext value={value}>{children}</AssistContext>;
}

export function useAssist(): Assistance {
  const value = use(AssistContext);
  if (!value) throw new Error("nothing assists here");
  return value;
}
