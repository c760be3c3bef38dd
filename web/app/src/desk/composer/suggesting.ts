import { Cell, type Store } from "@rapport/kit/stream";
import type { Suggestion } from "../../platform/types";
import type { SuggestionSet } from "./api";

/** Soon enough to feel like every keystroke, late enough for two keys of one hand to be one question. */
const PAUSE_MS = 40;

/** After this a question is given up: nobody waits for help that long. */
const GIVE_UP_MS = 4_000;

/** What is asked: a text, after a message. */
export interface Question {
  query: string;
  /** The newest message of the conversation. */
  seq: number;
}

export interface Offered {
  /** The id of the set, empty while there is none. */
  readonly set: string;
  readonly suggestions: readonly Suggestion[];
  /** The whole text that the phrase would make, empty when there is none. */
  readonly phrase: string;
  /** What it answers. */
  readonly question: Question;
  /** Why nothing is offered, when the service refused. */
  readonly failure: unknown;
}

const NOTHING: Offered = { set: "", suggestions: [], phrase: "", question: { query: "", seq: 0 }, failure: null };

/**
 * Suggestions for what is typed now.
 *
 * Only the answer to the latest question is ever shown. Until it is here the last one stays, so
 * that nothing flickers; `clear` takes it away. A failure shows nothing and asks again with the
 * next question.
 */
export class Suggesting implements Store<Offered> {
  readonly #cell = new Cell<Offered>(NOTHING);
  #asked: Question | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #underWay: AbortController | null = null;
  #waiting: (() => void) | null = null;

  constructor(
    private readonly ask: (query: string, signal: AbortSignal) => Promise<SuggestionSet>,
    private readonly onAnswer: (set: SuggestionSet, question: Question) => void,
  ) {}

  get = (): Offered => this.#cell.get();

  subscribe = (listener: () => void): (() => void) => this.#cell.subscribe(listener);

  /** Asks, unless it was asked last; `isNow` without waiting for another key. */
  want(question: Question, isNow = false): void {
    if (this.#asked && isSame(this.#asked, question)) return;
    this.#stop();
    this.#asked = question;
    this.#waiting = () => void this.#run(question);
    this.#timer = setTimeout(() => this.flush(), isNow ? 0 : PAUSE_MS);
    if (isNow) this.flush();
  }

  /** Asks at once what waits for its moment. */
  flush(): void {
    clearTimeout(this.#timer);
    const run = this.#waiting;
    this.#waiting = null;
    run?.();
  }

  /** Offers nothing, and wants no answer to what was asked. */
  clear(): void {
    this.#stop();
    this.#asked = null;
    this.#cell.set(NOTHING);
  }

  close(): void {
    this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#waiting = null;
    this.#underWay?.abort();
    this.#underWay = null;
  }

  async #run(question: Question): Promise<void> {
    const abort = new AbortController();
    this.#underWay = abort;
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(GIVE_UP_MS)]);
    try {
      const set = await this.ask(question.query, signal);
      if (this.#asked !== question) return;
      this.#cell.set({
        set: set.id,
        suggestions: (set.suggestions ?? []).slice(0, 3),
        phrase: set.phraseCompletion?.text ?? "",
        question,
        failure: null,
      });
      this.onAnswer(set, question);
    } catch (failure) {
      if (this.#asked === question) this.#cell.set({ ...NOTHING, question, failure });
    }
  }
}

const isSame = (one: Question, other: Question): boolean => one.query === other.query && one.seq === other.seq;
