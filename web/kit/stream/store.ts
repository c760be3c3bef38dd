/** The one shape every binding reads: a value that can be asked for and listened to. */
export interface Store<T> {
  /** The current value; the same object until something changed. */
  get(): T;
  /** Called after each change; answers a function that stops it. */
  subscribe(listener: () => void): () => void;
}

/** A store whose owner sets the value. */
export class Cell<T> implements Store<T> {
  readonly #listeners = new Set<() => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get = (): T => this.#value;

  subscribe = (listener: () => void): (() => void) => {
    // A listener given twice must be told twice, so each subscription is its own entry.
    const entry = () => listener();
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  };

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  change(update: (value: T) => T): void {
    this.set(update(this.#value));
  }

  /** How many listen: zero after everything was torn down. */
  get listenerCount(): number {
    return this.#listeners.size;
  }
}
