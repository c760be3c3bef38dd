import { ConnectionLost, RequestRefused, type Connection } from "./connection";
import type { Platform } from "./platform";
import { delayBefore } from "./backoff";
import type { Answer, ErrorBody, Recorded } from "./protocol";
import { Cell, type Store } from "./store";

/** A message on its way: shown at once, gone when its event comes back. */
export interface Pending {
  /** Chosen here; the server stores a key once, however often it is sent. */
  readonly key: string;
  readonly text: string;
  /** RFC 3339, by this machine's clock. */
  readonly at: string;
  /** `sent` is durable on the server and only waits for its event. */
  readonly state: "sending" | "sent" | "failed";
  readonly refusal: ErrorBody | null;
}

export interface OutboxOptions {
  /** Sends one message; rejects like Connection.request. */
  deliver: (pending: Pending) => Promise<Answer>;
  /** Messages kept from an earlier page, sent again with their keys. */
  kept?: readonly Pending[];
}

/** Refusals of these status codes pass by themselves: too many requests, a server in trouble. */
const PASSING = /^(429|5\d\d)/;

/**
 * Messages in the order they were written, each delivered once.
 *
 * One is under way at a time, so that order survives any loss; the others wait shown as
 * `sending`. A lost connection sends again with the same key as soon as it is back; a
 * refusal marks the message `failed`, until somebody retries or discards it.
 */
export class Outbox implements Store<readonly Pending[]> {
  readonly #cell: Cell<readonly Pending[]>;
  readonly #platform: Platform;
  readonly #stopWatching: () => void;
  #cancelRetry: () => void = () => undefined;
  #underWay: string | null = null;
  #refusals = 0;
  #closed = false;

  constructor(
    private readonly connection: Connection,
    private readonly options: OutboxOptions,
  ) {
    this.#platform = connection.platform;
    const kept = (options.kept ?? []).filter((one) => one.state !== "sent");
    this.#cell = new Cell<readonly Pending[]>(kept);
    this.#stopWatching = connection.state.subscribe(() => this.#flush());
    this.#flush();
  }

  get = (): readonly Pending[] => this.#cell.get();

  subscribe = (listener: () => void): (() => void) => this.#cell.subscribe(listener);

  /**
   * Shows `text` as sending and delivers it when it can. Who might send the same twice, from two
   * pages, gives both the same `key`: it is stored once.
   */
  send(text: string, key: string = this.#platform.id()): Pending {
    const at = new Date(this.#platform.now()).toISOString();
    const pending: Pending = { key, text, at, state: "sending", refusal: null };
    this.#cell.change((all) => [...all, pending]);
    this.#flush();
    return pending;
  }

  /** Tries a failed message again, with its key and in its place. */
  retry(key: string): void {
    this.#update(key, { state: "sending", refusal: null });
    this.#flush();
  }

  discard(key: string): void {
    this.#cell.change((all) => all.filter((one) => one.key !== key));
  }

  /** The events of a frame: a message that came back is no longer pending. */
  confirm(events: readonly Recorded[]): void {
    const keys = new Set(events.filter(isMessage).map((event) => event.data.key));
    if (this.get().some((one) => keys.has(one.key))) {
      this.#cell.change((all) => all.filter((one) => !keys.has(one.key)));
    }
  }

  close(): void {
    this.#closed = true;
    this.#stopWatching();
    this.#cancelRetry();
  }

  #flush(): void {
    if (this.#closed || this.#underWay !== null || !this.connection.isOnline) return;
    const next = this.get().find((one) => one.state === "sending");
    if (!next) return;
    this.#underWay = next.key;
    this.options.deliver(next).then(
      () => this.#delivered(next.key),
      (error: unknown) => this.#undelivered(next.key, error),
    );
  }

  #delivered(key: string): void {
    this.#underWay = null;
    this.#refusals = 0;
    this.#update(key, { state: "sent" });
    this.#flush();
  }

  #undelivered(key: string, error: unknown): void {
    if (error instanceof RequestRefused && !PASSING.test(error.body.code ?? "")) {
      this.#underWay = null;
      this.#update(key, { state: "failed", refusal: error.body });
      return this.#flush();
    }
    // Under way until the delay is over, so that nothing overtakes it. A lost connection
    // needs none: the next one flushes as soon as it is online.
    const lost = error instanceof ConnectionLost;
    const delay = lost ? 0 : delayBefore(this.#refusals++, this.#platform.random());
    this.#cancelRetry = this.#platform.schedule(() => {
      this.#underWay = null;
      this.#flush();
    }, delay);
  }

  #update(key: string, change: Partial<Pending>): void {
    this.#cell.change((all) => all.map((one) => (one.key === key ? { ...one, ...change } : one)));
  }
}

function isMessage(event: Recorded): event is Recorded<{ key?: string }> {
  return event.type === "message.sent";
}
