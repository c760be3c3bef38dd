import { Cell, type Store } from "@rapport/kit/stream";
import type { EarlierConversation, Http } from "./http";

export interface HistoryState {
  /** Earlier conversations not on screen yet. */
  readonly count: number;
  readonly isLoading: boolean;
}

/** The list of a customer's earlier conversations, handed out latest first. */
export class History implements Store<HistoryState> {
  readonly #cell = new Cell<HistoryState>({ count: 0, isLoading: false });
  #items: EarlierConversation[] = [];

  constructor(
    private readonly http: Http,
    private readonly token: () => string,
  ) {}

  get = (): HistoryState => this.#cell.get();

  subscribe = (listener: () => void): (() => void) => this.#cell.subscribe(listener);

  /** Reads the list; without it the chat works all the same. `isShown` is asked when it came. */
  async load(isShown: (id: string) => boolean): Promise<void> {
    this.#cell.set({ count: 0, isLoading: true });
    try {
      const items = await this.http.conversations(this.token());
      this.#items = items
        .filter((item) => !isShown(item.id))
        .sort((one, other) => one.opened_at.localeCompare(other.opened_at));
    } catch {
      this.#items = [];
    }
    this.#cell.set({ count: this.#items.length, isLoading: false });
  }

  /** The latest one not handed out yet. */
  take(): string | null {
    const item = this.#items.pop();
    this.#cell.set({ count: this.#items.length, isLoading: false });
    return item?.id ?? null;
  }
}
