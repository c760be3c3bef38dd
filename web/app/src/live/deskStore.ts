import { Cell, Conversation, type Connection, type Store, type TopicState, type TopicStore } from "@rapport/kit/stream";
import type { AgentStatus, Inbox } from "../platform/types";
import { openMe, type Assignment, type Me } from "./me";
import { Hues } from "./hues";
import { byWaiting, isSameRow, rowOfConversation, rowOfSummary, type Row } from "./summary";

export interface DeskState {
  /** Null until the inbox told. */
  readonly status: AgentStatus | null;
  readonly rows: readonly Row[];
}

const SETTLE_MS = 30;
const LEAVING_MS = 1_000;

/** Told when a customer's message arrived, for the sound and the notice. */
type OnMessage = (conversation: string) => void;

/**
 * What is on an agent's desk, live: the conversations that are theirs, each one open.
 *
 * The stream is the truth, from where the inbox stands. The inbox fills rows until their own frames arrive. A
 * conversation that others ended while it was open here stays, ended, until it is dismissed.
 */
export class DeskStore implements Store<DeskState> {
  readonly #cell = new Cell<DeskState>({ status: null, rows: [] });
  readonly #me: TopicStore<Me>;
  readonly #open = new Map<string, Conversation>();
  readonly #stops = new Map<string, () => void>();
  readonly #stopMe: () => void;
  /** Not ours any more, with the time that was first seen. */
  readonly #leaving = new Map<string, number>();
  /** Taken off the desk before the stream said so. */
  readonly #dismissed = new Set<string>();
  readonly #hues = new Hues();
  #cancelSettling: (() => void) | null = null;

  constructor(
    private readonly connection: Connection,
    private readonly inbox: Inbox,
    reread: () => Promise<Inbox>,
    private readonly onMessage: OnMessage,
  ) {
    this.#me = openMe(connection, inbox, reread);
    this.#stopMe = this.#me.subscribe(() => this.#meChanged(this.#me.get()));
    for (const { id } of inbox.conversations) this.#ensureOpen(id);
    this.#compose();
  }

  get = (): DeskState => this.#cell.get();

  subscribe = (listener: () => void): (() => void) => this.#cell.subscribe(listener);

  /** The open conversation, while it is on this desk. */
  conversation(id: string): Conversation | null {
    return this.#open.get(id) ?? null;
  }

  /** 0 to 7: no two open conversations share a colour while there are eight or fewer. */
  hue(id: string): number {
    return this.#hues.of(id);
  }

  /** Takes an ended conversation off the desk. */
  dismiss(id: string): void {
    this.#dismissed.add(id);
    this.#leaving.delete(id);
    this.#hues.free(id);
    this.#stops.get(id)?.();
    this.#stops.delete(id);
    this.#open.get(id)?.close();
    this.#open.delete(id);
    this.#compose();
  }

  close(): void {
    this.#stopMe();
    this.#cancelSettling?.();
    this.#me.close();
    for (const stop of this.#stops.values()) stop();
    for (const conversation of this.#open.values()) conversation.close();
    this.#stops.clear();
    this.#open.clear();
  }

  #meChanged({ status }: TopicState<Me>): void {
    // What was missed comes in a burst of frames: only what is left when it settles is opened.
    if (status === "live") this.#settleIn(SETTLE_MS);
  }

  #settleIn(ms: number): void {
    this.#cancelSettling ??= this.connection.platform.schedule(() => {
      this.#cancelSettling = null;
      this.#settle();
    }, ms);
  }

  #settle(): void {
    const mine = new Set(this.#me.get().value.assignments.map((one) => one.conversation));
    for (const id of this.#dismissed) if (!mine.has(id)) this.#dismissed.delete(id);
    for (const id of mine) this.#ensureOpen(id);
    for (const id of [...this.#open.keys()]) {
      if (mine.has(id)) this.#leaving.delete(id);
      else this.#letGo(id);
    }
    this.#compose();
  }

  /** One that is no longer ours stays only if it ended before our eyes. */
  #letGo(id: string): void {
    const { status, timeline } = this.#open.get(id)!.get();
    if (status === "live" && timeline.ended) return;
    const now = this.connection.platform.now();
    const since = this.#leaving.get(id) ?? now;
    this.#leaving.set(id, since);
    // Its end travels in another topic and may be a moment behind.
    if (now - since < LEAVING_MS) this.#settleIn(LEAVING_MS);
    else this.dismiss(id);
  }

  #ensureOpen(id: string): void {
    if (this.#open.has(id) || this.#dismissed.has(id)) return;
    const conversation = new Conversation(this.connection, id, {
      reader: "agent",
      onMessage: ({ data }) => {
        if (data.role === "customer") this.onMessage(id);
      },
    });
    this.#open.set(id, conversation);
    this.#stops.set(id, conversation.subscribe(() => this.#compose()));
  }

  #compose(): void {
    const before = new Map(this.get().rows.map((row) => [row.id, row]));
    const rows = [...this.#open.values()].map((conversation) => {
      const row = this.#row(conversation);
      const known = before.get(row.id);
      return known && isSameRow(known, row) ? known : row;
    });
    rows.sort(byWaiting);
    const { status } = this.#me.get().value;
    const now = this.get();
    const isSame = status === now.status && rows.length === now.rows.length && rows.every((row, i) => row === now.rows[i]);
    if (!isSame) this.#cell.set({ status, rows });
  }

  #row(conversation: Conversation): Row {
    const state = conversation.get();
    if (state.status === "live") return named(rowOfConversation(conversation), this.#assignment(conversation.id));
    const summary = this.inbox.conversations.find((one) => one.id === conversation.id);
    return summary ? rowOfSummary(summary) : named(rowOfConversation(conversation), this.#assignment(conversation.id));
  }

  #assignment(id: string): Assignment | undefined {
    return this.#me.get().value.assignments.find((one) => one.conversation === id);
  }
}

const named = (row: Row, assignment: Assignment | undefined): Row =>
  row.name === null && assignment ? { ...row, name: assignment.customer.name } : row;
