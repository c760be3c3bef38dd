import {
  Cell,
  Connection,
  Conversation,
  Outbox,
  RequestRefused,
  type Answer,
  type ConnectionStatus,
  type ConversationState,
  type EventData,
  type Pending,
  type Platform,
  type Recorded,
  type Store,
} from "@rapport/kit/stream";
import { History } from "./history";
import { Http, HttpRefused, type Fetch, type Session, type SessionRequest } from "./http";
import type { Identity } from "./identity";
import type { Memory } from "./memory";

export type Phase = "idle" | "starting" | "ready" | "unavailable" | "refused";

export interface ChatState {
  /**
   * `unavailable`: the server could not be reached, and is tried again by itself;
   * `refused`: it said no, and only somebody's wish tries again.
   */
  readonly phase: Phase;
  readonly company: { readonly name: string; readonly greeting: string | null } | null;
  readonly connection: ConnectionStatus;
  /** Conversations on screen, oldest first; the last one is written to. */
  readonly conversations: readonly ConversationState[];
  readonly earlier: { readonly count: number; readonly isLoading: boolean };
  readonly outbox: readonly Pending[];
  readonly unread: number;
}

export interface ChatOptions {
  origin: string;
  app: string;
  environment: string | null;
  identity: Identity;
  shared: Memory;
  tab: Memory;
  platform: Platform;
  fetch: Fetch;
  /** A message of the other side that was not yet delivered to this customer anywhere. */
  onMessage: (message: Recorded<EventData["message.sent"]>) => void;
  onReady: () => void;
}

/** How soon a server that could not be reached is asked again. */
const RETRY_MS = [1_000, 2_000, 5_000, 10_000] as const;

/** The customer's side of the chat: who they are, what they said, what comes. No screen. */
export class Chat implements Store<ChatState> {
  readonly #cell = new Cell<ChatState>({
    phase: "idle",
    company: null,
    connection: "idle",
    conversations: [],
    earlier: { count: 0, isLoading: false },
    outbox: [],
    unread: 0,
  });
  readonly #http: Http;
  readonly #connection: Connection;
  readonly #outbox: Outbox;
  readonly #history: History;
  readonly #stops: (() => void)[];
  #identity: Identity;
  #customer: string | null = null;
  #conversations: Conversation[] = [];
  #stopsOf = new Map<Conversation, () => void>();
  #cancelRetry: () => void = () => undefined;
  #tries = 0;
  /** A start that was overtaken by another customer's must not end as theirs. */
  #turn = 0;
  #closed = false;

  constructor(private readonly options: ChatOptions) {
    const { shared, tab, platform, origin } = options;
    this.#identity = options.identity;
    this.#http = new Http(origin, options.fetch);
    this.#connection = new Connection({
      url: `${origin.replace(/^http/, "ws")}/live/v1/socket`,
      // Never without one: on the server's own pages a person's cookie would speak instead.
      token: () => shared.get("token") ?? "",
      signIn: () => this.#renew(),
      platform,
    });
    this.#outbox = new Outbox(this.#connection, {
      deliver: (pending) => this.#deliver(pending),
      kept: readPending(tab.get("outbox")),
    });
    this.#history = new History(this.#http, () => shared.get("token") ?? "");
    this.#stops = [
      this.#connection.state.subscribe(() => this.#compose()),
      this.#history.subscribe(() => this.#compose()),
      this.#outbox.subscribe(() => this.#outboxChanged()),
      // Another tab began a conversation: it is this customer's too.
      shared.onChange("conversation", (id) => id && this.#isRunning && this.#adopt(id)),
    ];
  }

  get = (): ChatState => this.#cell.get();

  subscribe = (listener: () => void): (() => void) => this.#cell.subscribe(listener);

  /** True when this browser has chatted before. */
  get isKnown(): boolean {
    return this.options.shared.get("token") !== null;
  }

  get #isRunning(): boolean {
    return this.get().phase === "ready" && !this.#closed;
  }

  get #current(): Conversation | undefined {
    return this.#conversations.at(-1);
  }

  /** Opens the session and the connection; does nothing while they stand. */
  async start(): Promise<void> {
    const { phase } = this.get();
    if (this.#closed || phase === "starting" || phase === "ready") return;
    this.#cancelRetry();
    this.#cell.change((state) => ({ ...state, phase: "starting" }));
    const turn = ++this.#turn;
    const isMine = () => turn === this.#turn && !this.#closed;
    try {
      const session = await this.#createSession(false);
      if (isMine()) this.#begin(session);
    } catch (error) {
      if (isMine()) this.#failed(error);
    }
  }

  send(text: string): void {
    this.#current?.typing(false);
    this.#outbox.send(text);
  }

  retry(key: string): void {
    this.#outbox.retry(key);
  }

  discard(key: string): void {
    this.#outbox.discard(key);
  }

  typing(is: boolean): void {
    if (is) void this.#identity.refresh(false);
    this.#current?.typing(is);
  }

  /** Everything on screen was seen. */
  markRead(): void {
    for (const conversation of this.#conversations) {
      if (conversation.get().unread > 0) conversation.markRead();
    }
  }

  /** Puts one more earlier conversation on screen. */
  showEarlier(): void {
    const id = this.#history.take();
    if (id !== null) this.#show(id, "before");
  }

  /** Tries what was refused or closed once more. */
  again(): void {
    if (this.get().phase === "ready") this.#connection.start();
    else void this.start();
  }

  /**
   * Another customer, or the same one with a fresh token. An anonymous customer's conversation
   * becomes the identified one's; of a customer who was identified before, nothing is kept.
   */
  async identify(identity: Identity): Promise<void> {
    const before = this.#identity.customerId;
    this.#identity = identity;
    if (before !== null && before !== identity.customerId) this.#forgetCustomer();
    if (this.get().phase === "idle") return;
    this.#leaveAll();
    this.#connection.stop();
    this.#cell.change((state) => ({ ...state, phase: "idle" }));
    await this.start();
  }

  /** Ends for good; what is stored stays unless `forget`. */
  close(forget = false): void {
    this.#closed = true;
    this.#cancelRetry();
    for (const stop of this.#stops) stop();
    this.#leaveAll();
    this.#outbox.close();
    this.#connection.stop();
    if (forget) this.#clearMemory();
  }

  #forgetCustomer(): void {
    for (const { key } of this.#outbox.get()) this.#outbox.discard(key);
    this.#clearMemory();
  }

  #clearMemory(): void {
    this.options.shared.clear();
    this.options.tab.clear();
  }

  #begin(session: Session): void {
    this.#tries = 0;
    this.#cell.change((state) => ({ ...state, phase: "ready", company: session.company }));
    this.#become(session);
    this.#connection.start();
    this.options.onReady();
    void this.#history.load((id) => this.#isShown(id)).then(() => {
      // Somebody who comes back sees where they left, even when that conversation ended.
      if (!this.#closed && this.#conversations.length === 0) this.showEarlier();
    });
  }

  #failed(error: unknown): void {
    const isFinal = error instanceof HttpRefused && !error.isPassing;
    this.#cell.change((state) => ({ ...state, phase: isFinal ? "refused" : "unavailable" }));
    if (isFinal) return;
    const delay = RETRY_MS[Math.min(this.#tries++, RETRY_MS.length - 1)]!;
    this.#cancelRetry = this.options.platform.schedule(() => void this.start(), delay);
  }

  async #renew(): Promise<void> {
    const turn = this.#turn;
    const session = await this.#createSession(true);
    if (turn === this.#turn && !this.#closed) this.#become(session);
  }

  /** The customer of this session from now on; what another one said is not theirs to see. */
  #become({ token, customer, conversation }: Session): void {
    this.options.shared.set("token", token);
    if (this.#customer !== null && this.#customer !== customer.id) this.#leaveAll();
    this.#customer = customer.id;
    if (conversation !== null) this.#adopt(conversation.id);
  }

  /** The same customer while the token is good, a new one when the server refuses it. */
  async #createSession(isRenewal: boolean): Promise<Session> {
    const { shared, app, environment } = this.options;
    const token = shared.get("token");
    const about = this.#identity;
    const identity = await about.token(isRenewal);
    const info = identity ? about.customerInfo : null;
    const request: SessionRequest = {
      app,
      ...(environment ? { environment } : {}),
      ...(about.name ? { name: about.name } : {}),
      ...(identity ? { identity, ...(about.customerId ? { customer_id: about.customerId } : {}), ...(info ? { customer_info: info } : {}) } : {}),
    };
    const session = await this.#http
      .createSession(token ? { ...request, token } : request)
      .catch((error: unknown) => {
        const isStale = error instanceof HttpRefused && (error.status === 401 || error.status === 403);
        if (!token || !isStale) throw error;
        return this.#http.createSession(request);
      });
    if (session.identity) about.keep(session.identity);
    return session;
  }

  /** `send` while a conversation is open, `open` otherwise; the key makes either happen once. */
  async #deliver({ key, text }: Pending): Promise<Answer> {
    const current = this.#current;
    if (current && !current.get().timeline.ended) {
      try {
        const request = { type: "send", conversation: current.id, key, text } as const;
        return await this.#connection.request(request);
      } catch (error) {
        const hasEnded = error instanceof RequestRefused && error.errorName === "conversation_ended";
        if (!hasEnded) throw error;
      }
    }
    const info = this.#identity.customerInfo;
    const answer = await this.#connection.request({
      type: "open",
      key,
      text,
      ...(info ? { customer_info: info } : {}),
    });
    if (answer.conversation) this.#adopt(answer.conversation);
    return answer;
  }

  /** The conversation that is written to from now on. */
  #adopt(id: string): void {
    this.options.shared.set("conversation", id);
    if (!this.#isShown(id)) this.#show(id, "after");
  }

  #isShown(id: string): boolean {
    return this.#conversations.some((one) => one.id === id);
  }

  #show(id: string, where: "before" | "after"): void {
    const conversation = new Conversation(this.#connection, id, {
      reader: "customer",
      outbox: this.#outbox,
      onMessage: (message) => this.#heard(conversation, message),
    });
    this.#stopsOf.set(conversation, conversation.subscribe(() => this.#compose()));
    this.#conversations =
      where === "before" ? [conversation, ...this.#conversations] : [...this.#conversations, conversation];
    this.#compose();
  }

  #heard(conversation: Conversation, message: Recorded<EventData["message.sent"]>): void {
    const { reach } = conversation.get().timeline;
    const isNew = message.seq > (reach.customer?.delivered ?? 0);
    if (isNew && message.data.role !== "customer") this.options.onMessage(message);
  }

  #leaveAll(): void {
    for (const conversation of this.#conversations) {
      this.#stopsOf.get(conversation)?.();
      conversation.close();
    }
    this.#stopsOf.clear();
    this.#conversations = [];
    this.#compose();
  }

  #outboxChanged(): void {
    const unsent = this.#outbox.get();
    this.options.tab.set("outbox", unsent.length > 0 ? JSON.stringify(unsent) : null);
    this.#compose();
  }

  #compose(): void {
    const conversations = this.#conversations.map((one) => one.get());
    const { status } = this.#connection.state.get();
    this.#cell.change((state) => ({
      ...state,
      connection: status,
      conversations,
      earlier: this.#history.get(),
      outbox: this.#outbox.get(),
      unread: conversations.reduce((sum, one) => sum + one.unread, 0),
    }));
  }
}

/** Only what this widget wrote itself is taken up again. */
function readPending(stored: string | null): Pending[] {
  try {
    const kept: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(kept) ? (kept as Pending[]) : [];
  } catch {
    return [];
  }
}
