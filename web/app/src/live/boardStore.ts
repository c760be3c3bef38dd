import { Cell, TopicStore, type Connection, type Frame, type Store } from "@rapport/kit/stream";
import { call } from "../platform/http";
import type { SummaryPage } from "../platform/types";
import { boardOf, boardReducers, type Board, type BoardRow } from "./board";
import { Rate } from "./rate";
import { byWaiting } from "./summary";

export interface BoardState {
  readonly status: "loading" | "live" | "failed";
  /** Who waits longest first. */
  readonly rows: readonly BoardRow[];
  readonly error: unknown;
}

/** Faster than this no eye follows, and a busy company says hundreds of things a second. */
const PUBLISH_MS = 120;
const PAGE = 100;
/** More live conversations than a page of this screen can hold. */
const MOST_PAGES = 20;

/** All live conversations: a snapshot, continued by the stream from the snapshot's cursor. */
export class BoardStore implements Store<BoardState> {
  readonly rate: Rate;
  readonly #cell = new Cell<BoardState>({ status: "loading", rows: [], error: null });
  readonly #stop = new AbortController();
  #topic: TopicStore<Board> | null = null;
  #cancelPublish: (() => void) | null = null;

  constructor(private readonly connection: Connection) {
    this.rate = new Rate(connection.platform);
    void this.load();
  }

  get = (): BoardState => this.#cell.get();

  subscribe = (listener: () => void): (() => void) => this.#cell.subscribe(listener);

  /** Reads the snapshot (again) and continues from it. */
  async load(): Promise<void> {
    this.#cell.change((state) => ({ ...state, status: "loading", error: null }));
    try {
      const board = await fetchBoard(this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      this.#topic ??= new TopicStore(this.connection, "conversations", board, boardReducers, {
        snapshot: () => fetchBoard(this.#stop.signal),
        onFrame: (frame) => this.#count(frame),
      });
      this.#topic.subscribe(() => this.#publishSoon());
      this.#publish();
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#cell.change((state) => ({ ...state, status: "failed", error }));
    }
  }

  close(): void {
    this.#stop.abort();
    this.#topic?.close();
    this.#cancelPublish?.();
    this.rate.close();
  }

  #count(frame: Frame): void {
    this.rate.add(frame.events.filter((event) => event.type === "message.sent").length);
  }

  #publishSoon(): void {
    this.#cancelPublish ??= this.connection.platform.schedule(() => this.#publish(), PUBLISH_MS);
  }

  #publish(): void {
    this.#cancelPublish = null;
    const rows = [...(this.#topic?.get().value.rows.values() ?? [])].sort(byWaiting);
    this.#cell.set({ status: "live", rows, error: null });
  }
}

async function fetchBoard(signal: AbortSignal): Promise<Board> {
  const pages: SummaryPage[] = [];
  let cursor: string | null = null;
  do {
    const query = { state: "live", limit: PAGE, cursor };
    const page: SummaryPage = await call<SummaryPage>("/desk/v1/conversations", { query, signal });
    pages.push(page);
    cursor = page.nextCursor;
  } while (cursor && pages.length < MOST_PAGES);
  return boardOf(pages);
}
