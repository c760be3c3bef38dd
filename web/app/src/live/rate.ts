import { Cell, type Platform, type Store } from "@rapport/kit/stream";

/** Ten minutes in steps of ten seconds. */
export const STEPS = 60;
const STEP_MS = 10_000;
const A_MINUTE = 6;

/** Messages a minute over the last ten minutes, oldest first. */
export class Rate implements Store<readonly number[]> {
  readonly #cell = new Cell<readonly number[]>(Array.from({ length: STEPS }, () => 0));
  #counts: number[] = Array.from({ length: STEPS + A_MINUTE }, () => 0);
  #cancel: () => void;

  constructor(private readonly platform: Platform) {
    this.#cancel = platform.schedule(() => this.#step(), STEP_MS);
  }

  get = (): readonly number[] => this.#cell.get();

  subscribe = (listener: () => void): (() => void) => this.#cell.subscribe(listener);

  add(messages: number): void {
    if (messages === 0) return;
    this.#counts[this.#counts.length - 1]! += messages;
    this.#publish();
  }

  close(): void {
    this.#cancel();
  }

  #step(): void {
    this.#counts = [...this.#counts.slice(1), 0];
    this.#publish();
    this.#cancel = this.platform.schedule(() => this.#step(), STEP_MS);
  }

  /** Each point is the sum of the minute that ends with it. */
  #publish(): void {
    const sums = this.#counts.map((_, end) => sum(this.#counts.slice(Math.max(0, end - A_MINUTE + 1), end + 1)));
    this.#cell.set(sums.slice(-STEPS));
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
