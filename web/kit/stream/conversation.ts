import { CompanyStore, type Company } from "./company";
import type { Connection } from "./connection";
import { Marks } from "./marks";
import { Outbox, type Pending } from "./outbox";
import { topicOf, type ErrorBody, type EventData, type Frame, type Recorded } from "./protocol";
import { Cell, type Store } from "./store";
import { emptyTimeline, lastSeqFor, NO_REACH, timelineReducers, unreadFor } from "./timeline";
import type { Timeline } from "./timeline";
import { TopicStore } from "./topic";

export interface ConversationState extends Company {
  /** `loading` until the first frame, `refused` when this reader may not see it. */
  readonly status: "loading" | "live" | "refused";
  readonly timeline: Timeline;
  readonly outbox: readonly Pending[];
  /** Messages of the others this reader has not read. */
  readonly unread: number;
  readonly refusal: ErrorBody | null;
}

export interface ConversationOptions {
  /**
   * Whose eyes and devices these are: `customer` or `agent`. Their messages are marked
   * delivered as they arrive. Null for a supervisor, who watches and leaves no mark.
   */
  reader: "customer" | "agent" | null;
  /** Shared by several conversations; without it the conversation has its own. */
  outbox?: Outbox;
  onMessage?: (message: Recorded<EventData["message.sent"]>) => void;
}

/** Everything a screen needs of one conversation, live: read it, write in it, leave it. */
export class Conversation implements Store<ConversationState> {
  readonly #cell: Cell<ConversationState>;
  readonly #topic: TopicStore<Timeline>;
  readonly #company: CompanyStore;
  readonly #marks: Marks;
  readonly #ownOutbox: Outbox | null;
  readonly #outbox: Outbox;
  readonly #stops: (() => void)[];
  #topicStatus: ConversationState["status"] = "loading";
  #isQuiet = false;

  constructor(
    connection: Connection,
    readonly id: string,
    private readonly options: ConversationOptions,
  ) {
    const topic = topicOf(id);
    this.#marks = new Marks(connection, id);
    this.#company = new CompanyStore(connection, topic);
    this.#ownOutbox = options.outbox ? null : new Outbox(connection, {
      deliver: ({ key, text }) => connection.request({ type: "send", conversation: id, key, text }),
    });
    this.#outbox = options.outbox ?? this.#ownOutbox!;
    this.#cell = new Cell<ConversationState>({
      status: "loading",
      timeline: emptyTimeline(id),
      outbox: this.#outbox.get(),
      unread: 0,
      refusal: null,
      ...this.#company.get(),
    });
    this.#topic = new TopicStore(connection, topic, emptyTimeline(id), timelineReducers, {
      onFrame: (frame, timeline) => this.#heard(frame, timeline),
      onSignal: (signal) => this.#company.hear(signal),
    });
    const compose = () => this.#compose();
    this.#stops = [
      this.#topic.subscribe(() => this.#topicChanged()),
      this.#company.subscribe(compose),
      this.#outbox.subscribe(compose),
    ];
    this.#compose();
  }

  get = (): ConversationState => this.#cell.get();

  subscribe = (listener: () => void): (() => void) => this.#cell.subscribe(listener);

  /** Shown at once as sending; see Outbox. */
  send(text: string, key?: string): Pending {
    this.typing(false);
    return this.#outbox.send(text, key);
  }

  retry(key: string): void {
    this.#outbox.retry(key);
  }

  discard(key: string): void {
    this.#outbox.discard(key);
  }

  /** Call at each keystroke (true) and when the field becomes empty (false). */
  typing(is: boolean): void {
    this.#company.say(is);
  }

  /** Everything on screen was seen: call while the transcript is visible and focused. */
  markRead(): void {
    const { reader } = this.options;
    if (reader) this.#marks.mark("read", lastSeqFor(this.get().timeline, reader));
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#topic.close();
    this.#company.close();
    this.#marks.close();
    this.#ownOutbox?.close();
  }

  /** Frames are composed by `#heard`, when everything they touch has moved. */
  #topicChanged(): void {
    const { status } = this.#topic.get();
    if (status === this.#topicStatus) return;
    this.#topicStatus = status;
    this.#compose();
  }

  /** One frame is one change on screen: its messages come as their pending ones go. */
  #heard(frame: Frame, timeline: Timeline): void {
    const messages = frame.events.filter((event) => event.type === "message.sent");
    this.#isQuiet = true;
    this.#outbox.confirm(messages);
    for (const message of messages) this.#company.spoke(message.actor.id);
    this.#isQuiet = false;
    this.#compose();
    this.#mark(timeline);
    for (const message of messages) {
      this.options.onMessage?.(message as Recorded<EventData["message.sent"]>);
    }
  }

  #mark(timeline: Timeline): void {
    const { reader } = this.options;
    if (!reader) return;
    const reach = timeline.reach[reader] ?? NO_REACH;
    this.#marks.known("read", reach.read);
    this.#marks.known("delivered", reach.delivered);
    this.#marks.mark("delivered", lastSeqFor(timeline, reader));
  }

  #compose(): void {
    if (this.#isQuiet) return;
    const { status, value: timeline, refusal } = this.#topic.get();
    const { reader } = this.options;
    const isEmpty = timeline.openedAt === null && timeline.entries.length === 0;
    this.#cell.set({
      status: status === "live" && isEmpty ? "loading" : status,
      timeline,
      outbox: this.#outbox.get(),
      unread: reader ? unreadFor(timeline, reader) : 0,
      refusal,
      ...this.#company.get(),
    });
  }
}
