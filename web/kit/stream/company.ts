import type { Connection } from "./connection";
import type { Actor, Signal } from "./protocol";
import { Cell, type Store } from "./store";

/** Somebody else in a conversation, as signals tell. */
export interface Company {
  readonly typing: readonly Actor[];
  readonly present: readonly Actor[];
}

/** How long a typing signal counts. */
export const TYPING_FADES_MS = 5_000;
/** How often one's own typing is repeated. */
export const TYPING_REPEATS_MS = 3_000;

/** Who else is here and who is typing: nothing depends on it, the last signal wins. */
export class CompanyStore implements Store<Company> {
  readonly #cell = new Cell<Company>({ typing: [], present: [] });
  readonly #fading = new Map<string, () => void>();
  readonly #stopWatching: () => void;
  #typedAt: number | null = null;

  constructor(
    private readonly connection: Connection,
    private readonly topic: string,
  ) {
    // Without a connection nobody knows who is there: a stale "typing" must not stay.
    this.#stopWatching = connection.state.subscribe(() => {
      if (!connection.isOnline) this.#forget();
    });
  }

  get = (): Company => this.#cell.get();

  subscribe = (listener: () => void): (() => void) => this.#cell.subscribe(listener);

  hear({ kind, from, data }: Signal): void {
    if (!from) return;
    if (kind === "typing") this.#hearTyping(from, data.typing === true);
    if (kind === "presence") this.#hearPresence(from, data.online === true);
  }

  /** A message of theirs ends their typing at once. */
  spoke(id: string): void {
    this.#fading.get(id)?.();
    this.#fading.delete(id);
    if (this.get().typing.some((one) => one.id === id)) {
      this.#cell.change((now) => ({ ...now, typing: without(now.typing, id) }));
    }
  }

  /** Call at each keystroke (true) and when the field is empty or sent (false). */
  say(typing: boolean): void {
    const now = this.connection.platform.now();
    const recently = this.#typedAt !== null && now - this.#typedAt < TYPING_REPEATS_MS;
    if (typing ? recently : this.#typedAt === null) return;
    this.#typedAt = typing ? now : null;
    this.connection.signal(this.topic, "typing", { typing });
  }

  close(): void {
    this.#stopWatching();
    this.#forget();
  }

  #hearTyping(from: Actor, typing: boolean): void {
    this.spoke(from.id);
    if (!typing) return;
    this.#cell.change((now) => ({ ...now, typing: [...now.typing, from] }));
    const cancel = this.connection.platform.schedule(() => this.spoke(from.id), TYPING_FADES_MS);
    this.#fading.set(from.id, cancel);
  }

  #hearPresence(from: Actor, online: boolean): void {
    this.#cell.change((now) => {
      const present = without(now.present, from.id);
      return { ...now, present: online ? [...present, from] : present };
    });
    if (!online) this.spoke(from.id);
  }

  #forget(): void {
    for (const cancel of this.#fading.values()) cancel();
    this.#fading.clear();
    this.#typedAt = null;
    const { typing, present } = this.get();
    if (typing.length + present.length > 0) this.#cell.set({ typing: [], present: [] });
  }
}

const without = (actors: readonly Actor[], id: string): readonly Actor[] =>
  actors.filter((one) => one.id !== id);
