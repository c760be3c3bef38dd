import { ConnectionLost, type Connection } from "./connection";

/** How long marks gather before one request carries them. */
export const MARKS_GATHER_MS = 200;

type Kind = "delivered" | "read";

/** Delivered and read marks of one reader in one conversation, a few at most under way. */
export class Marks {
  readonly #wanted: Record<Kind, number> = { delivered: 0, read: 0 };
  readonly #told: Record<Kind, number> = { delivered: 0, read: 0 };
  readonly #stopWatching: () => void;
  #cancel: (() => void) | null = null;

  constructor(
    private readonly connection: Connection,
    private readonly conversation: string,
  ) {
    this.#stopWatching = connection.state.subscribe(() => this.#plan());
  }

  /** Up to and including `seq`; less than before changes nothing. */
  mark(kind: Kind, seq: number): void {
    this.#wanted[kind] = Math.max(this.#wanted[kind], seq);
    if (kind === "read") this.mark("delivered", seq);
    else this.#plan();
  }

  /** What the log already says, so that it is not said again. */
  known(kind: Kind, seq: number): void {
    this.#told[kind] = Math.max(this.#told[kind], seq);
  }

  close(): void {
    this.#stopWatching();
    this.#cancel?.();
  }

  #plan(): void {
    if (this.#cancel || !this.connection.isOnline || !this.#isBehind()) return;
    this.#cancel = this.connection.platform.schedule(() => {
      this.#cancel = null;
      this.#tell();
    }, MARKS_GATHER_MS);
  }

  #isBehind(): boolean {
    return this.#wanted.read > this.#told.read || this.#wanted.delivered > this.#told.delivered;
  }

  #tell(): void {
    if (!this.#isBehind()) return;
    const before = { ...this.#told };
    const { delivered, read } = this.#wanted;
    const changed = {
      ...(delivered > before.delivered ? { delivered } : {}),
      ...(read > before.read ? { read } : {}),
    };
    Object.assign(this.#told, changed);
    this.connection
      .request({ type: "mark", conversation: this.conversation, ...changed })
      .catch((error: unknown) => {
        // A refusal will not change; a lost connection is asked again by the next one.
        if (error instanceof ConnectionLost) Object.assign(this.#told, before);
      });
  }
}
