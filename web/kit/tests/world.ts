/** A browser and a server whose time and network a test drives by hand. */
import type { Platform, Recorded, Socket, SocketHandlers } from "../stream";
import { Connection, topicOf, type ConnectionOptions } from "../stream";

interface Timer {
  at: number;
  run: () => void;
}

/** Time stands still until `pass` is awaited. */
export class Clock {
  now = Date.parse("2026-03-04T09:00:00Z");
  #timers = new Set<Timer>();

  schedule(run: () => void, ms: number): () => void {
    const timer = { at: this.now + ms, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  get pending(): number {
    return this.#timers.size;
  }

  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    await settle();
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.at <= end);
      if (due.length === 0) break;
      const next = due.reduce((first, timer) => (timer.at < first.at ? timer : first));
      this.#timers.delete(next);
      this.now = Math.max(this.now, next.at);
      next.run();
      await settle();
    }
    this.now = end;
  }
}

/** Lets every promise that can settle do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}

type Wire = Record<string, unknown> & { type: string; id?: string };

/** One accepted socket, seen from the server. */
export class ServerSide {
  readonly received: Wire[] = [];
  readonly topics = new Set<string>();
  isOpen = true;
  isDeaf = false;

  constructor(
    readonly handlers: SocketHandlers,
    readonly server: Server,
  ) {}

  say(message: object): void {
    if (this.isOpen) this.handlers.received(JSON.stringify(message));
  }

  close(code: number, reason = ""): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.handlers.closed(code, reason);
  }

  take(text: string): void {
    const message = JSON.parse(text) as Wire;
    this.received.push(message);
    if (!this.isDeaf) queueMicrotask(() => this.isOpen && this.server.answer(this, message));
  }

  of(type: string): Wire[] {
    return this.received.filter((message) => message.type === type);
  }
}

type Written = { type: string; data: object; actor?: object };

/** The server's side of docs/protocol.md for one customer, in memory. */
export class Server {
  readonly sockets: ServerSide[] = [];
  readonly logs = new Map<string, Recorded[]>();
  isReachable = true;
  /** Drops the answer to the next `send`, after storing it, and closes the socket. */
  losesNextAnswer = false;
  refuses: Record<string, object> = {};
  you: object = { kind: "customer", id: "c1", name: "Sam", role: "customer" };

  /** `conversation` is the one that `record` and `say` write to unless told otherwise. */
  constructor(public conversation = "conv1") {}

  get current(): ServerSide {
    return this.sockets.at(-1)!;
  }

  get open(): ServerSide[] {
    return this.sockets.filter((socket) => socket.isOpen);
  }

  get events(): Recorded[] {
    return this.logOf(this.conversation);
  }

  logOf(conversation: string): Recorded[] {
    const log = this.logs.get(conversation) ?? [];
    this.logs.set(conversation, log);
    return log;
  }

  connect(handlers: SocketHandlers, clock: Clock): Socket {
    const side = new ServerSide(handlers, this);
    this.sockets.push(side);
    clock.schedule(() => {
      if (this.isReachable) handlers.opened();
      else side.close(1006);
    }, 1);
    return {
      send: (text) => void (side.isOpen && side.take(text)),
      close: () => void (side.isOpen = false),
    };
  }

  answer(side: ServerSide, message: Wire): void {
    const { type, id } = message;
    const refusal = this.refuses[type];
    if (refusal) return side.say({ type: "error", id, error: refusal });
    switch (type) {
      case "hello":
        return side.say({ type: "welcome", connection: "x", heartbeat_seconds: 17, you: this.you });
      case "ping":
        return side.say({ type: "pong", id });
      case "subscribe":
        return this.#subscribe(side, message);
      case "open":
        return this.#open(side, message);
      case "send":
        return this.#send(side, message);
      case "mark":
      case "unsubscribe":
        return side.say({ type: "ok", id });
    }
  }

  /** Appends events and pushes them as one frame to whoever subscribed. */
  record(...events: Written[]): void {
    const after = this.events.length;
    for (const event of events) this.#append(event);
    const topic = topicOf(this.conversation);
    for (const side of this.open) {
      if (side.topics.has(topic)) side.say(this.frame(after, this.events.length));
    }
  }

  cut(): void {
    for (const side of this.open) side.close(1006);
  }

  say(text: string, role = "agent", key: string | null = null): void {
    const message = `${this.conversation}-m${this.events.length + 1}`;
    const data = { message, text, role, sent_at: "2026-03-04T09:00:00Z", key };
    this.record({ type: "message.sent", data, actor: { role, id: `${role}-1`, name: role } });
  }

  frame(after: number, upTo: number, topic = topicOf(this.conversation)): object {
    const events = this.logOf(topic.slice("conversation/".length)).slice(after, upTo);
    return { type: "frame", topic, after: String(after), cursor: String(upTo), events };
  }

  get #hasEnded(): boolean {
    return this.events.some((event) => event.type === "conversation.ended");
  }

  #append({ type, data, actor }: Written): void {
    this.events.push({
      conversation: this.conversation,
      seq: this.events.length + 1,
      type,
      at: "2026-03-04T09:00:00Z",
      actor: (actor ?? { role: "system", id: "system" }) as Recorded["actor"],
      data,
    });
  }

  #subscribe(side: ServerSide, { id, topic, cursor }: Wire): void {
    const from = Number(cursor ?? 0);
    const name = String(topic);
    const length = this.logOf(name.slice("conversation/".length)).length;
    side.topics.add(name);
    side.say({ type: "ok", id, cursor: String(from) });
    if (from < length) side.say(this.frame(from, length, name));
  }

  #open(side: ServerSide, { id, key, text }: Wire): void {
    if (this.#hasEnded) this.conversation = `conv${this.logs.size + 1}`;
    if (this.events.length === 0) this.record({ type: "conversation.opened", data: { channel: "web" } });
    const { conversation } = this;
    this.say(String(text), "customer", String(key));
    side.say({ type: "ok", id, conversation, message: "m", seq: this.events.length });
  }

  #send(side: ServerSide, { id, key, text }: Wire): void {
    const known = this.events.find((event) => (event.data as { key?: string }).key === key);
    if (this.losesNextAnswer) {
      this.losesNextAnswer = false;
      side.topics.clear();
      if (!known) this.say(String(text), "customer", String(key));
      return side.close(1006);
    }
    if (this.#hasEnded) {
      const error = { code: "409-01", name: "conversation_ended", message: "It ended." };
      return side.say({ type: "error", id, error });
    }
    if (!known) this.say(String(text), "customer", String(key));
    side.say({ type: "ok", id, message: "m", seq: known?.seq ?? this.events.length });
  }
}

export interface World {
  clock: Clock;
  platform: Platform;
  server: Server;
  connection: Connection;
  wake(): void;
  goOffline(): void;
  listeners(): number;
}

export function world(options: Partial<ConnectionOptions> = {}): World {
  const clock = new Clock();
  const server = new Server();
  const wakes = new Set<() => void>();
  const offlines = new Set<() => void>();
  let ids = 0;
  const listen = (set: Set<() => void>) => (run: () => void) => {
    set.add(run);
    return () => void set.delete(run);
  };
  const platform: Platform = {
    now: () => clock.now,
    random: () => 0.5,
    id: () => `key-${++ids}`,
    schedule: (run, ms) => clock.schedule(run, ms),
    openSocket: (_url, handlers) => server.connect(handlers, clock),
    onWake: listen(wakes),
    onOffline: listen(offlines),
  };
  const connection = new Connection({ url: "ws://test", platform, ...options });
  return {
    clock,
    platform,
    server,
    connection,
    wake: () => wakes.forEach((run) => run()),
    goOffline: () => offlines.forEach((run) => run()),
    listeners: () => wakes.size + offlines.size,
  };
}

export async function online(options: Partial<ConnectionOptions> = {}): Promise<World> {
  const made = world(options);
  made.connection.start();
  await made.clock.pass(10);
  return made;
}
