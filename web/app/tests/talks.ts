import { Cell, emptyTimeline, type ConversationState, type Entry, type Pending } from "@rapport/kit/stream";
import type { ComposeApi, SuggestionSet } from "../src/desk/composer/api";
import type { Composition } from "../src/desk/composer/machine";
import type { Desk, Talk } from "../src/desk/composer/writer";
import type { Settings } from "../src/desk/settings";

/** A conversation that stores what is said when the test says so. */
export class FakeTalk extends Cell<ConversationState> implements Talk {
  readonly id = "C1";
  readonly said: string[] = [];

  constructor() {
    super({
      status: "live",
      timeline: emptyTimeline("C1"),
      outbox: [],
      unread: 0,
      refusal: null,
      typing: [],
      present: [],
    });
    this.hears("customer", "Where is my order?");
  }

  send(text: string, key = `key-${this.said.length}`): Pending {
    this.said.push(text);
    const pending: Pending = { key, text, at: "", state: "sending", refusal: null };
    this.change((now) => ({ ...now, outbox: [...now.outbox, pending] }));
    return pending;
  }

  /** Everything on its way is in the log now. */
  stores(): void {
    for (const { key, text } of this.get().outbox) this.hears("agent", text, key);
  }

  hears(role: "customer" | "agent", text: string, key: string | null = null): void {
    this.change((now) => {
      const seq = now.timeline.entries.length + 1;
      const at = new Date(Date.now()).toISOString();
      const entry: Entry = { kind: "message", id: `M${seq}`, seq, key, role, author: { role, id: role }, text, at, delivery: "sent" };
      const timeline = { ...now.timeline, entries: [...now.timeline.entries, entry] };
      return { ...now, timeline, outbox: now.outbox.filter((one) => one.key !== key) };
    });
  }

  typing(): void {
    // nobody looks
  }
}

export const deskWith = (settings: Settings = {}): Desk & { greeted: string[]; words: string[] } => {
  const drafts = new Map<string, Composition>();
  const greeted: string[] = [];
  const words: string[] = [];
  return {
    greeted,
    words,
    settings: new Cell<Settings | null>(settings),
    draft: (id) => drafts.get(id) ?? null,
    keepDraft: (id, composition) => void drafts.set(id, composition),
    dictionary: () => words,
    learn: (word) => void words.push(word),
    isGreeted: (id) => greeted.includes(id),
    keepGreeted: (id) => void greeted.push(id),
  };
};

type Answers = { [Name in keyof ComposeApi]?: (...given: Parameters<ComposeApi[Name]>) => ReturnType<ComposeApi[Name]> };

/** Notes every call in order, with what matters of it. */
export class FakeApi implements ComposeApi {
  readonly calls: [string, unknown][] = [];

  constructor(readonly answers: Answers = {}) {}

  suggest: ComposeApi["suggest"] = (conversation, query, signal) => {
    this.calls.push(["suggest", query]);
    return this.answers.suggest?.(conversation, query, signal) ?? Promise.resolve<SuggestionSet>({ id: `for ${query}` });
  };

  spell: ComposeApi["spell"] = (text, typing, dictionary, signal) => {
    this.calls.push(["spell", { text, ...typing, dictionary }]);
    return this.answers.spell?.(text, typing, dictionary, signal) ?? Promise.resolve({});
  };

  isProfane: ComposeApi["isProfane"] = (text, signal) => {
    this.calls.push(["profanity", text]);
    return this.answers.isProfane?.(text, signal) ?? Promise.resolve(false);
  };

  sent: ComposeApi["sent"] = (conversation, message, report) => {
    this.calls.push(["sent", { message, ...report }]);
    return this.answers.sent?.(conversation, message, report) ?? Promise.resolve();
  };

  tell: ComposeApi["tell"] = (_, set, event) => {
    this.calls.push(["tell", { set, ...event }]);
    return Promise.resolve();
  };

  names(): string[] {
    return this.calls.map(([name]) => name);
  }

  of(name: string): unknown[] {
    return this.calls.filter(([one]) => one === name).map(([, what]) => what);
  }
}
