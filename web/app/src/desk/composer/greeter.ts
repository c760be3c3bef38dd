import type { Greeting } from "./api";

export interface Greeted {
  text: string;
  /** When it goes, in milliseconds since the epoch, and how long that is from its beginning. */
  at: number;
  seconds: number;
}

/**
 * A greeting that goes out by itself unless the agent does something first.
 *
 * It is offered once for a conversation; cancelled, it never comes back.
 */
export class Greeter {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver: boolean;

  constructor(
    isOver: boolean,
    private readonly onShow: (shown: Greeted | null) => void,
    private readonly onSend: (text: string) => void,
    /** It was sent or cancelled: nothing of the kind happens here again. */
    private readonly onOver: () => void,
  ) {
    this.#isOver = isOver;
  }

  offer({ text, delaySeconds = 0, triggerAfterSeconds = 0 }: Greeting): void {
    if (this.#isOver || this.#timer !== undefined || !text) return;
    this.#timer = setTimeout(() => this.#show(text, delaySeconds), triggerAfterSeconds * 1000);
  }

  /** The agent did something, or said no. */
  cancel(): void {
    if (!this.#isOver) this.#finish();
  }

  /** It is too late for one: the conversation itself tells so. */
  end(): void {
    if (this.#isOver) return;
    clearTimeout(this.#timer);
    this.#isOver = true;
    this.onShow(null);
  }

  /** Stops without deciding anything: the page goes away. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #show(text: string, seconds: number): void {
    const ms = seconds * 1000;
    this.onShow({ text, at: Date.now() + ms, seconds });
    this.#timer = setTimeout(() => {
      this.#finish();
      this.onSend(text);
    }, ms);
  }

  #finish(): void {
    this.end();
    this.onOver();
  }
}
