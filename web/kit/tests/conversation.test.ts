import { describe, expect, it, vi } from "vitest";
import { Conversation, transcript, type Message } from "../stream";
import { online, type World } from "./world";

const OPENED = { type: "conversation.opened", data: { channel: "web", customer: { id: "c1", name: "Sam" } } };

async function talking(): Promise<World & { chat: Conversation }> {
  const made = await online();
  made.server.record(OPENED);
  const chat = new Conversation(made.connection, "conv1", { reader: "customer" });
  await made.clock.pass(1);
  return { ...made, chat };
}

const texts = (chat: Conversation): string[] =>
  chat.get().timeline.entries.filter((one) => one.kind === "message").map((one) => one.text);

const fromAgent = { role: "agent", id: "agent-1", name: "Iris" };
const signal = (kind: string, data: object): object => ({
  type: "signal", topic: "conversation/conv1", kind, from: fromAgent, data,
});

describe("reading", () => {
  it("is loading until the first frame", async () => {
    const { connection, clock, server } = await online();
    const chat = new Conversation(connection, "conv1", { reader: "customer" });
    await clock.pass(1);
    expect(chat.get().status).toBe("loading");

    server.record(OPENED);
    expect(chat.get()).toMatchObject({ status: "live", timeline: { channel: "web" } });
  });

  it("tells a refusal", async () => {
    const { connection, clock, server } = await online();
    server.refuses.subscribe = { code: "403-01", name: "forbidden", message: "Not yours." };
    const chat = new Conversation(connection, "conv1", { reader: "agent" });
    await clock.pass(1);

    expect(chat.get()).toMatchObject({ status: "refused", refusal: { name: "forbidden" } });
  });

  it("starts over when the server cannot continue from its cursor", async () => {
    const { chat, server, clock } = await talking();
    server.say("one");
    server.refuses.subscribe = { code: "410-01", name: "snapshot_required", message: "Too old." };
    server.cut();
    await clock.pass(250);
    server.refuses = {};
    server.cut();
    await clock.pass(2_000);

    expect(server.current.of("subscribe")[0]).toMatchObject({ cursor: null });
    expect(texts(chat)).toEqual(["one"]);
  });

  it("reconnects on a gap and misses nothing", async () => {
    const { chat, server, clock } = await talking();
    server.say("one");
    server.current.topics.clear();
    server.say("two");
    server.say("three");

    server.current.say(server.frame(3, 4));
    await clock.pass(1_000);

    expect(server.sockets).toHaveLength(2);
    expect(texts(chat)).toEqual(["one", "two", "three"]);
  });

  it("drops frames of an earlier subscription until its own is answered", async () => {
    const { chat, connection, server, clock } = await talking();
    chat.close();
    const again = new Conversation(connection, "conv1", { reader: "customer" });
    server.say("in between");
    await clock.pass(1_000);

    expect(server.sockets).toHaveLength(1);
    expect(texts(again)).toEqual(["in between"]);
  });

  it("ignores a repeated frame", async () => {
    const { chat, server } = await talking();
    server.say("one");
    const before = chat.get().timeline;

    server.current.say(server.frame(1, 2));

    expect(chat.get().timeline).toBe(before);
  });

  it("passes over events it does not know", async () => {
    const { chat, server } = await talking();
    server.record({ type: "message.flavoured", data: {} });
    server.say("after");

    expect(texts(chat)).toEqual(["after"]);
  });
});

describe("writing", () => {
  it("shows a message at once, then once it is in the log", async () => {
    const { chat, server, clock } = await talking();
    server.current.isDeaf = true;
    chat.send("hello");
    expect(chat.get().outbox).toMatchObject([{ text: "hello", state: "sending" }]);

    const [, before] = transcript(chat.get().timeline.entries, chat.get().outbox);
    server.cut();
    await clock.pass(1_000);

    expect(chat.get().outbox).toEqual([]);
    const [, after] = transcript(chat.get().timeline.entries, chat.get().outbox);
    expect(after).toMatchObject({ id: before!.id, state: "sent", pendingKey: null });
  });

  it("never shows a message twice while its event arrives", async () => {
    const { chat, clock } = await talking();
    const seen: number[] = [];
    chat.subscribe(() => {
      const { timeline, outbox } = chat.get();
      seen.push(transcript(timeline.entries, outbox).filter((row) => row.kind === "message").length);
    });

    chat.send("hello");
    await clock.pass(10);

    expect(new Set(seen)).toEqual(new Set([1]));
  });

  it("sends again with the same key when the answer was lost", async () => {
    const { chat, server, clock } = await talking();
    server.losesNextAnswer = true;
    chat.send("once");

    await clock.pass(1_000);

    expect(texts(chat)).toEqual(["once"]);
    expect(chat.get().outbox).toEqual([]);
  });

  it("has one message under way at a time, so that none overtakes another", async () => {
    const { chat, server, clock } = await talking();
    server.current.isDeaf = true;
    chat.send("one");
    chat.send("two");
    await clock.pass(10);

    expect(server.current.of("send")).toMatchObject([{ text: "one" }]);
  });

  it("keeps what was written offline, in order", async () => {
    const { chat, server, clock } = await talking();
    server.isReachable = false;
    server.cut();
    for (const text of ["one", "two", "three"]) chat.send(text);
    await clock.pass(20_000);
    expect(chat.get().outbox).toHaveLength(3);

    server.isReachable = true;
    await clock.pass(12_000);

    expect(texts(chat)).toEqual(["one", "two", "three"]);
    expect(chat.get().outbox).toEqual([]);
  });

  it("marks a refused message failed, and delivers it when retried", async () => {
    const { chat, server, clock } = await talking();
    server.refuses.send = { code: "400-01", name: "too_long", message: "Too long." };
    const { key } = chat.send("hello");
    await clock.pass(10);
    expect(chat.get().outbox).toMatchObject([{ key, state: "failed", refusal: { name: "too_long" } }]);

    server.refuses = {};
    chat.retry(key);
    await clock.pass(10);
    expect(texts(chat)).toEqual(["hello"]);
  });

  it("forgets a failed message when asked", async () => {
    const { chat, server, clock } = await talking();
    server.refuses.send = { code: "400-01", name: "too_long", message: "Too long." };
    const { key } = chat.send("hello");
    await clock.pass(10);

    chat.discard(key);

    expect(chat.get().outbox).toEqual([]);
  });

  it("tries again by itself when the server is only busy", async () => {
    const { chat, server, clock } = await talking();
    server.refuses.send = { code: "429-01", name: "too_many_requests", message: "Slowly." };
    chat.send("one");
    chat.send("two");
    await clock.pass(500);
    server.refuses = {};
    await clock.pass(2_000);

    expect(texts(chat)).toEqual(["one", "two"]);
  });

  it("takes up what an earlier page left unsent", async () => {
    const { connection, server, clock } = await talking();
    const kept = [
      { key: "old", text: "still here", at: "2026-03-04T08:00:00Z", state: "sending", refusal: null },
    ] as const;
    const { Outbox } = await import("../stream");
    const deliver = vi.fn(({ key, text }) =>
      connection.request({ type: "send", conversation: "conv1", key, text }),
    );
    const outbox = new Outbox(connection, { deliver, kept });
    await clock.pass(10);

    expect(deliver).toHaveBeenCalledTimes(1);
    expect(server.events.at(-1)).toMatchObject({ data: { key: "old" } });
    outbox.close();
  });
});

describe("delivered and read", () => {
  it("moves the other side's messages forward, never back", async () => {
    const { chat, server, clock } = await talking();
    chat.send("hello");
    await clock.pass(10);
    const delivery = () => (chat.get().timeline.entries.at(-1) as Message).delivery;
    expect(delivery()).toBe("sent");

    server.record({ type: "message.delivered", data: { role: "agent", up_to: 2 } });
    expect(delivery()).toBe("delivered");
    server.record({ type: "message.read", data: { role: "agent", up_to: 2 } });
    expect(delivery()).toBe("read");
    server.record({ type: "message.delivered", data: { role: "agent", up_to: 2 } });
    expect(delivery()).toBe("read");
  });

  it("marks what arrives as delivered, many in one request", async () => {
    const { server, clock } = await talking();
    for (const text of ["a", "b", "c"]) server.say(text);

    await clock.pass(300);

    expect(server.current.of("mark")).toMatchObject([{ conversation: "conv1", delivered: 4 }]);
  });

  it("marks as read on request, once", async () => {
    const { chat, server, clock } = await talking();
    server.say("a");
    expect(chat.get().unread).toBe(1);
    chat.markRead();
    chat.markRead();
    await clock.pass(300);
    expect(server.current.of("mark")).toMatchObject([{ delivered: 2, read: 2 }]);

    server.record({ type: "message.read", data: { role: "customer", up_to: 2 } });
    chat.markRead();
    await clock.pass(300);
    expect(chat.get().unread).toBe(0);
    expect(server.current.of("mark")).toHaveLength(1);
  });

  it("tells a lost mark again", async () => {
    const { chat, server, clock } = await talking();
    server.say("a");
    server.current.isDeaf = true;
    chat.markRead();
    await clock.pass(300);
    server.cut();
    await clock.pass(1_000);

    expect(server.current.of("mark")).toMatchObject([{ delivered: 2, read: 2 }]);
  });

  it("leaves no mark for somebody who only watches", async () => {
    const { connection, server, clock } = await online();
    server.record(OPENED);
    const chat = new Conversation(connection, "conv1", { reader: null });
    server.say("a");
    chat.markRead();
    await clock.pass(1_000);

    expect(server.current.of("mark")).toEqual([]);
  });
});

describe("typing and presence", () => {
  it("lets typing fade after five seconds", async () => {
    const { chat, server, clock } = await talking();
    server.current.say(signal("typing", { typing: true }));
    await clock.pass(4_900);
    expect(chat.get().typing).toMatchObject([{ name: "Iris" }]);

    await clock.pass(200);
    expect(chat.get().typing).toEqual([]);
  });

  it("ends typing when the message arrives", async () => {
    const { chat, server } = await talking();
    server.current.say(signal("typing", { typing: true }));
    server.say("done");

    expect(chat.get().typing).toEqual([]);
  });

  it("repeats its own typing every three seconds and ends it once", async () => {
    const { chat, server, clock } = await talking();
    for (let stroke = 0; stroke < 45; stroke += 1) {
      chat.typing(true);
      await clock.pass(100);
    }
    chat.typing(false);
    chat.typing(false);

    const said = server.current.of("signal").map((one) => (one.data as { typing: boolean }).typing);
    expect(said).toEqual([true, true, false]);
  });

  it("knows who is there, and forgets it with the connection", async () => {
    const { chat, server, clock } = await talking();
    server.current.say(signal("presence", { online: true }));
    expect(chat.get().present).toMatchObject([{ id: "agent-1" }]);

    server.isReachable = false;
    server.cut();
    await clock.pass(10);
    expect(chat.get().present).toEqual([]);
  });
});

it("folds everything else a conversation tells", async () => {
  const { chat, server } = await talking();
  server.record(
    { type: "participant.joined", data: { role: "agent", id: "a1", external_id: "x", name: "Iris" } },
    { type: "customer.identified", data: { customer: { id: "c1", external_id: "cu-514", name: "Sam Ode" } } },
    { type: "metadata.changed", data: { metadata: { plan: "gold", old: 1 } } },
    { type: "metadata.changed", data: { metadata: { old: null } } },
    { type: "conversation.noted", data: { text: "wants a refund" } },
    { type: "participant.left", data: { role: "agent", id: "a1", external_id: "x", name: "Iris", reason: "ended" } },
    { type: "conversation.ended", data: { reason: "agent" } },
  );

  expect(chat.get().timeline).toMatchObject({
    customer: { externalId: "cu-514", name: "Sam Ode" },
    participants: [{ id: "a1", externalId: "x", present: false }],
    metadata: { plan: "gold" },
    ended: { reason: "agent" },
    entries: [{ kind: "joined" }, { kind: "noted" }, { kind: "left" }, { kind: "ended" }],
  });
});

it("leaves nothing behind when closed", async () => {
  const { chat, connection, clock, server } = await talking();
  server.say("a");
  server.current.say(signal("typing", { typing: true }));
  chat.close();
  await clock.pass(10);
  expect(server.current.of("unsubscribe")).toHaveLength(1);

  connection.stop();
  expect(clock.pending).toBe(0);
});
