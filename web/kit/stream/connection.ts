import { afterClose, delayBefore } from "./backoff";
import { GapError } from "./fold";
import { browser, type Platform, type Socket } from "./platform";
import { PROTOCOL, type Answer, type ErrorBody, type Frame, type Request } from "./protocol";
import type { ServerMessage, Signal, You } from "./protocol";
import { Cell, type Store } from "./store";

/**
 * `connecting` covers the first try and the short losses nobody needs to see; `offline` means
 * that it has been trying for more than five seconds, and goes on trying; `closed` is final.
 */
export type ConnectionStatus = "idle" | "connecting" | "online" | "offline" | "closed";

export interface ConnectionState {
  readonly status: ConnectionStatus;
  /** Who the server says we are; kept through losses. */
  readonly you: You | null;
  /** Why it is closed: the code and reason of the last close, null while it is not. */
  readonly code: number | null;
  readonly reason: string | null;
}

export interface ConnectionOptions {
  /** `wss://host/live/v1/socket`. */
  url: string;
  /** A customer's token, asked for at each connection; people are known by their cookie. */
  token?: () => string | null;
  /** Called on close 4401; once it resolves the connection is tried again. Without it: closed. */
  signIn?: () => Promise<unknown>;
  platform?: Platform;
}

/** What a reader of one topic hears. */
export interface TopicHandlers {
  /** Where this reader stands; sent with each subscription. */
  cursor(): string | null;
  /** The subscription stands; frames continue from `cursor`. */
  subscribed(cursor: string): void;
  /** May throw GapError: the connection then begins again from `cursor()`. */
  frame(frame: Frame): void;
  signal?(signal: Signal): void;
  /** Refused, `snapshot_required` included; the topic is not asked for again until reopened. */
  refused(error: ErrorBody): void;
}

/** The server answered a request with an error. */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";

  constructor(readonly body: ErrorBody) {
    super(body.message);
  }

  /** The name of the error, as `conversation_ended`. */
  get errorName(): string {
    return this.body.name ?? "";
  }
}

/** The socket went away before the answer: ask again, with the same key. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";

  constructor() {
    super("the connection was lost before the answer");
  }
}

/** How long a missing pong is waited for. */
export const PONG_TIMEOUT_MS = 6_000;
/** How long a loss stays off the screen. */
export const GRACE_MS = 5_000;
/** From the first byte to `welcome`. */
export const WELCOME_TIMEOUT_MS = 10_000;
/** A connection that lived this long is a good one: the next loss starts the back-off anew. */
const SETTLED_MS = 5_000;
/** Codes that a page may give when it closes a socket itself. */
const ABANDONED = 4000;

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

interface Topic {
  readonly handlers: TopicHandlers;
  /** Frames before the answer to `subscribe` belong to an earlier subscription. */
  live: boolean;
}

/**
 * One socket to the live protocol that stays: it says hello, keeps its subscriptions, answers
 * promises, and comes back by itself after any loss.
 *
 * `state` is what a screen shows. Nothing is remembered for requests across connections: one
 * that was lost rejects with ConnectionLost, and its owner (the outbox, the marks) asks again.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #platform: Platform;
  readonly #state = new Cell<ConnectionState>({ status: "idle", you: null, code: null, reason: null });
  readonly #topics = new Map<string, Topic>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #timers = new Map<string, () => void>();
  #stopListening: (() => void)[] = [];
  #socket: Socket | null = null;
  /** Tells events of an abandoned socket from those of the present one. */
  #generation = 0;
  #welcomed = false;
  #attempt = 0;
  #nextId = 1;
  #heartbeatMs = 17_000;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#platform = options.platform ?? browser;
  }

  get state(): Store<ConnectionState> {
    return this.#state;
  }

  get platform(): Platform {
    return this.#platform;
  }

  /** True while requests can be sent. */
  get isOnline(): boolean {
    return this.#welcomed;
  }

  /** Begins, or begins again after `closed`. Does nothing while running. */
  start(): void {
    if (this.#stopListening.length > 0) return;
    this.#stopListening = [
      this.#platform.onWake(() => this.#wake()),
      this.#platform.onOffline(() => this.#probe()),
    ];
    this.#attempt = 0;
    this.#startGrace();
    this.#open();
  }

  /** Ends for good: no timer, listener or socket stays. `start()` begins again. */
  stop(): void {
    this.#socket?.close(1000, "closed");
    this.#close(1000, "closed");
  }

  /** Reads a topic from now on, through every reconnection; answers a function that stops it. */
  open(topic: string, handlers: TopicHandlers): () => void {
    const opened: Topic = { handlers, live: false };
    this.#topics.set(topic, opened);
    if (this.#welcomed) this.#subscribe(topic, opened);
    return () => {
      if (this.#topics.get(topic) !== opened) return;
      this.#topics.delete(topic);
      if (this.#welcomed) this.request({ type: "unsubscribe", topic }).catch(() => undefined);
    };
  }

  /** Asks once; rejects with RequestRefused or ConnectionLost. */
  request(request: Request): Promise<Answer> {
    if (!this.#welcomed) return Promise.reject(new ConnectionLost());
    return new Promise<Answer>((resolve, reject) => this.#ask(request, { resolve, reject }));
  }

  /** Says something that may be lost; silently dropped while not online. */
  signal(topic: string, kind: string, data: Record<string, unknown>): void {
    if (this.#welcomed) this.#send({ type: "signal", topic, kind, data });
  }

  #open(): void {
    this.#clear("retry");
    const generation = ++this.#generation;
    const current = (run: () => void) => () => void (generation === this.#generation && run());
    this.#after("welcome", WELCOME_TIMEOUT_MS, () => this.#abandon());
    this.#socket = this.#platform.openSocket(this.#options.url, {
      opened: current(() => this.#hello()),
      received: (text) => current(() => this.#received(text))(),
      closed: (code, reason) => current(() => this.#closed(code, reason))(),
    });
  }

  #hello(): void {
    const token = this.#options.token?.() ?? null;
    this.#send({ type: "hello", protocol: PROTOCOL, ...(token === null ? {} : { token }) });
  }

  #received(text: string): void {
    // Anything from the server proves that it is there, a pong stuck behind frames included.
    this.#clear("pong");
    const message = decode(text);
    if (message === null) return this.#abandon();
    switch (message.type) {
      case "welcome":
        return this.#welcome(message.you, message.heartbeat_seconds);
      case "frame":
        return this.#frame(message);
      case "signal":
        return this.#topics.get(message.topic)?.handlers.signal?.(message);
      case "ok":
      case "pong":
        return this.#answered(message.id, (waiting) => waiting.resolve(message));
      case "error":
        return this.#answered(message.id ?? "", (waiting) => waiting.reject(new RequestRefused(message.error)));
    }
  }

  #welcome(you: You, heartbeatSeconds: number): void {
    this.#welcomed = true;
    this.#heartbeatMs = heartbeatSeconds * 1000;
    this.#clear("welcome");
    this.#clear("grace");
    this.#after("settled", SETTLED_MS, () => (this.#attempt = 0));
    this.#beatLater();
    for (const [name, topic] of this.#topics) this.#subscribe(name, topic);
    this.#state.set({ status: "online", you, code: null, reason: null });
  }

  #frame(frame: Frame): void {
    const topic = this.#topics.get(frame.topic);
    if (!topic?.live) return;
    try {
      topic.handlers.frame(frame);
    } catch (error) {
      if (!(error instanceof GapError)) throw error;
      this.#abandon();
    }
  }

  #answered(id: string, settle: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    settle(waiting);
  }

  #subscribe(name: string, topic: Topic): void {
    const { handlers } = topic;
    const isMine = () => this.#topics.get(name) === topic;
    this.#ask(
      { type: "subscribe", topic: name, cursor: handlers.cursor() },
      {
        resolve: (answer) => {
          if (!isMine()) return;
          topic.live = true;
          handlers.subscribed(answer.cursor ?? "");
        },
        reject: (error) => {
          if (isMine() && error instanceof RequestRefused) handlers.refused(error.body);
        },
      },
    );
  }

  /** The answer settles `waiting` within the socket's own event, before the next frame. */
  #ask(request: Request, waiting: Waiting): void {
    const id = String(this.#nextId++);
    this.#waiting.set(id, waiting);
    this.#send({ ...request, id });
  }

  #beatLater(): void {
    this.#after("beat", this.#heartbeatMs, () => this.#probe());
  }

  /** Asks whether the server is still there; no answer in six seconds is a loss. */
  #probe(): void {
    if (!this.#welcomed) return;
    this.#send({ type: "ping", id: String(this.#nextId++) });
    if (!this.#timers.has("pong")) this.#after("pong", PONG_TIMEOUT_MS, () => this.#abandon());
    this.#beatLater();
  }

  /** The network may be back: a waiting retry goes at once, a doubtful connection is asked. */
  #wake(): void {
    if (this.#timers.has("retry")) this.#open();
    else this.#probe();
  }

  /** Gives the present socket up without waiting for its close, which may take minutes. */
  #abandon(): void {
    this.#socket?.close(ABANDONED, "abandoned");
    this.#closed(ABANDONED, "abandoned");
  }

  #closed(code: number, reason: string): void {
    const next = afterClose(code);
    if (next === "stop") return this.#close(code, reason);
    this.#lose();
    if (next === "sign_in") return this.#signIn(code, reason);
    const atOnce = next === "at_once" && this.#attempt === 0;
    const delay = atOnce ? 0 : delayBefore(this.#attempt, this.#platform.random());
    this.#attempt += 1;
    this.#after("retry", delay, () => this.#open());
  }

  #signIn(code: number, reason: string): void {
    const { signIn } = this.#options;
    if (!signIn) return this.#close(code, reason);
    const generation = this.#generation;
    const again = () => {
      if (generation !== this.#generation) return;
      this.#attempt += 1;
      this.#after("retry", delayBefore(this.#attempt, this.#platform.random()), () => this.#open());
    };
    signIn().then(again, again);
  }

  /** The socket is gone: what waited for an answer is told, and the screen after a while. */
  #lose(): void {
    this.#generation += 1;
    this.#socket = null;
    this.#welcomed = false;
    for (const name of ["welcome", "beat", "pong", "settled"]) this.#clear(name);
    for (const topic of this.#topics.values()) topic.live = false;
    if (this.#state.get().status === "online") this.#startGrace();
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiting of lost) waiting.reject(new ConnectionLost());
  }

  #startGrace(): void {
    this.#state.change((state) => ({ ...state, status: "connecting", code: null, reason: null }));
    this.#after("grace", GRACE_MS, () => {
      this.#state.change((state) => ({ ...state, status: "offline" }));
    });
  }

  #close(code: number, reason: string): void {
    this.#lose();
    for (const name of [...this.#timers.keys()]) this.#clear(name);
    for (const stop of this.#stopListening) stop();
    this.#stopListening = [];
    this.#state.change((state) => ({ ...state, status: "closed", code, reason }));
  }

  #send(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #after(name: string, ms: number, run: () => void): void {
    this.#clear(name);
    const cancel = this.#platform.schedule(() => {
      this.#timers.delete(name);
      run();
    }, ms);
    this.#timers.set(name, cancel);
  }

  #clear(name: string): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }
}

/** Null for what is no JSON object: the stream cannot be trusted from there on. */
function decode(text: string): ServerMessage | null {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === "object" && message !== null ? (message as ServerMessage) : null;
  } catch {
    return null;
  }
}
