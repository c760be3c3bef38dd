import type { Connection } from "./connection";
import { folding, type Folded, type Reducers } from "./fold";
import type { ErrorBody, Frame, Signal } from "./protocol";
import { Cell, type Store } from "./store";

export interface TopicState<S extends Folded> {
  /** `loading` until the server answered, `refused` when it said no. */
  readonly status: "loading" | "live" | "refused";
  readonly value: S;
  readonly refusal: ErrorBody | null;
}

export interface TopicOptions<S extends Folded> {
  /** Applied after each frame that moved the value. */
  onFrame?: (frame: Frame, value: S) => void;
  onSignal?: (signal: Signal) => void;
  /**
   * Fetches the snapshot again when the server can no longer continue from the cursor.
   * Without it the topic starts at its beginning with the initial value.
   */
  snapshot?: () => Promise<S>;
}

/** One topic folded into one value: subscribes, continues, and starts over when it must. */
export class TopicStore<S extends Folded> implements Store<TopicState<S>> {
  readonly #cell: Cell<TopicState<S>>;
  readonly #advance: (state: S, frame: Frame) => S;
  #stop: () => void = () => undefined;

  constructor(
    private readonly connection: Connection,
    readonly topic: string,
    private readonly initial: S,
    reducers: Reducers<S>,
    private readonly options: TopicOptions<S> = {},
  ) {
    this.#cell = new Cell<TopicState<S>>({ status: "loading", value: initial, refusal: null });
    this.#advance = folding(reducers);
    this.#open();
  }

  get = (): TopicState<S> => this.#cell.get();

  subscribe = (listener: () => void): (() => void) => this.#cell.subscribe(listener);

  /** Replaces the value by a snapshot read elsewhere and continues from its cursor. */
  restart(value: S): void {
    this.#stop();
    this.#cell.set({ status: "loading", value, refusal: null });
    this.#open();
  }

  close(): void {
    this.#stop();
    this.#stop = () => undefined;
  }

  #open(): void {
    this.#stop = this.connection.open(this.topic, {
      cursor: () => this.get().value.cursor,
      subscribed: (cursor) => this.#subscribed(cursor),
      frame: (frame) => this.#frame(frame),
      signal: (signal) => this.options.onSignal?.(signal),
      refused: (error) => void this.#refused(error),
    });
  }

  #subscribed(cursor: string): void {
    this.#cell.change(({ value }) => ({
      status: "live",
      value: value.cursor === null ? { ...value, cursor } : value,
      refusal: null,
    }));
  }

  #frame(frame: Frame): void {
    const before = this.get().value;
    const value = this.#advance(before, frame);
    if (value === before) return;
    this.#cell.change((state) => ({ ...state, value }));
    this.options.onFrame?.(frame, value);
  }

  async #refused(refusal: ErrorBody): Promise<void> {
    const refuse = (error: ErrorBody) =>
      this.#cell.change((state) => ({ ...state, status: "refused", refusal: error }));
    if (refusal.name !== "snapshot_required") return refuse(refusal);
    const opened = this.#stop;
    try {
      const value = await (this.options.snapshot?.() ?? Promise.resolve(this.initial));
      if (opened === this.#stop) this.restart(value);
    } catch {
      if (opened === this.#stop) refuse(refusal);
    }
  }
}
