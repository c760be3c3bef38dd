import { Connection, type Platform, type Recorded, type SocketHandlers } from "@rapport/kit/stream";

/** A clock, a network and a server that a test drives by hand. */
export class FakeServer {
  readonly sent: Record<string, unknown>[] = [];
  #time = Date.parse("2026-03-04T09:00:00Z");
  #timers: { at: number; run: () => void }[] = [];
  #handlers: SocketHandlers | null = null;
  #ids = 0;

  readonly platform: Platform = {
    now: () => this.#time,
    random: () => 0.5,
    id: () => `key-${++this.#ids}`,
    schedule: (run, ms) => {
      const timer = { at: this.#time + ms, run };
      this.#timers.push(timer);
      return () => void (this.#timers = this.#timers.filter((one) => one !== timer));
    },
    openSocket: (_, handlers) => {
      this.#handlers = handlers;
      return { send: (text) => void this.sent.push(JSON.parse(text) as Record<string, unknown>), close: () => undefined };
    },
    onWake: () => () => undefined,
    onOffline: () => () => undefined,
  };

  connect(): Connection {
    const connection = new Connection({ url: "ws://test", platform: this.platform });
    connection.start();
    this.#handlers!.opened();
    const you = { kind: "person", id: "p1", name: "Iris", role: "agent" };
    this.say({ type: "welcome", connection: "c", heartbeat_seconds: 1_000_000, you });
    return connection;
  }

  say(message: object): void {
    this.#handlers!.received(JSON.stringify(message));
  }

  /** Answers the open subscriptions to `topic` and sends it `events`. */
  async serve(topic: string, events: Partial<Recorded>[], after = "0"): Promise<void> {
    const asked = this.sent.findLast((one) => one["type"] === "subscribe" && one["topic"] === topic);
    if (after === "0") this.say({ type: "ok", id: asked!["id"], cursor: "0" });
    await Promise.resolve(); // the answer reaches its subscriber before the frame does
    await Promise.resolve();
    const cursor = String(Number(after) + events.length);
    this.say({ type: "frame", topic, after, cursor, events: events.map((event) => ({ actor: {}, seq: 1, ...event })) });
  }

  pass(ms: number): void {
    const until = this.#time + ms;
    for (;;) {
      const next = this.#timers.filter((one) => one.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#time = next.at;
      next.run();
    }
    this.#time = until;
  }
}
