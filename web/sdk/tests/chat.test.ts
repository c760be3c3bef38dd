import { beforeEach, describe, expect, it, vi } from "vitest";
import { Chat } from "../src/session/chat";
import { memories } from "../src/session/memory";
import { Identity } from "../src/session/identity";
import { breathe, saidIn, scene, started } from "./chats";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

const ENDED = { type: "conversation.ended", data: { reason: "agent" } };

describe("the session", () => {
  it("waits for the first opening, then shows the company", async () => {
    const { chat, web } = await started();

    expect(web.calls[0]).toMatchObject({ path: "/chat/v1/sessions", body: { app: "acme" } });
    expect(chat.get()).toMatchObject({
      phase: "ready",
      connection: "online",
      company: { name: "Juniper Home", greeting: "Hello there" },
    });
  });

  it("is the same customer's after a reload", async () => {
    const first = await started();
    first.chat.close();

    const { web } = await started({}, { web: first.web });

    expect(web.calls.at(-2)?.body).toMatchObject({ token: "token-1" });
    expect(memories("acme").shared.get("token")).toBe("token-1");
  });

  it("sends the token in the socket's hello and in a header, never in an address", async () => {
    const { server, web } = await started();

    expect(server.current.received[0]).toMatchObject({ type: "hello", token: "token-1" });
    expect(web.calls[1]).toMatchObject({
      path: "/chat/v1/conversations",
      headers: { authorization: "Bearer token-1" },
    });
  });

  it("begins anew when its token is refused", async () => {
    memories("acme").shared.set("token", "stale");
    const made = scene();
    made.web.failures = [401];
    void made.chat.start();
    await breathe();

    expect(made.web.calls.map(({ body }) => body?.token)).toEqual(["stale", undefined, undefined]);
    expect(made.chat.get().phase).toBe("ready");
  });

  it("tries again by itself while the server cannot be reached", async () => {
    const made = scene();
    made.web.failures = ["unreachable", 503];
    void made.chat.start();
    await breathe();
    expect(made.chat.get().phase).toBe("unavailable");

    await made.clock.pass(1_000);
    await breathe();
    await made.clock.pass(2_000);
    await breathe();
    expect(made.chat.get().phase).toBe("ready");
  });

  it("waits for a wish after a refusal", async () => {
    const made = scene();
    made.web.failures = [403];
    void made.chat.start();
    await breathe();
    await made.clock.pass(60_000);
    expect(made.chat.get().phase).toBe("refused");

    made.chat.again();
    await breathe();
    expect(made.chat.get().phase).toBe("ready");
  });

  it("signs in again when the socket says so", async () => {
    const made = await started();
    made.server.current.close(4401, "signed_out");
    await breathe();
    await made.clock.pass(1_000);

    expect(made.web.calls.filter(({ path }) => path === "/chat/v1/sessions")).toHaveLength(2);
    expect(made.chat.get().connection).toBe("online");
  });

  it("shows nothing of a customer whose session could not be renewed", async () => {
    const made = await started();
    made.chat.send("mine");
    await made.clock.pass(50);
    made.web.customer = "c2";
    made.web.failures = [401];
    made.server.current.close(4401, "signed_out");
    await breathe();
    await made.clock.pass(1_000);

    expect(made.chat.get()).toMatchObject({ connection: "online", conversations: [] });
  });

  it("never says hello without a token, even when the storage was emptied meanwhile", async () => {
    const made = await started();
    localStorage.clear();
    made.server.cut();
    await made.clock.pass(1_000);

    expect(made.server.current.received[0]).toMatchObject({ type: "hello", token: "" });
  });
});

describe("writing", () => {
  it("opens a conversation with the first message", async () => {
    const { chat, server, clock } = await started();
    chat.send("Hello");
    expect(chat.get().outbox).toMatchObject([{ text: "Hello", state: "sending" }]);
    await clock.pass(50);

    expect(server.current.of("open")).toMatchObject([{ text: "Hello", key: "key-1" }]);
    expect(saidIn(chat)).toEqual(["Hello"]);
    expect(chat.get().outbox).toEqual([]);

    chat.send("Again");
    await clock.pass(50);
    expect(server.current.of("send")).toMatchObject([{ conversation: "conv1", text: "Again" }]);
  });

  it("gives the page's customer information with it, without what the server would refuse", async () => {
    const warned = vi.spyOn(console, "warn").mockReturnValue();
    const ContextProvider = (callback: (context: object) => void) =>
      callback({ CustomerInfo: { plan: "gold", vip: true, cart: [1, 2], note: "x".repeat(2_000) } });
    const { chat, server, clock } = await started({ ContextProvider });
    chat.send("Hello");
    await clock.pass(50);

    expect(server.current.of("open")).toMatchObject([{ key: "key-1" }]);
    expect(server.current.of("open")[0]!.customer_info).toEqual({ plan: "gold", vip: true });
    expect(warned).toHaveBeenCalledTimes(2);
    warned.mockRestore();
  });

  it("starts a new conversation by writing after the end", async () => {
    const { chat, server, clock } = await started();
    chat.send("one");
    await clock.pass(50);
    server.record(ENDED);
    chat.send("two");
    await clock.pass(50);

    expect(chat.get().conversations.map((one) => one.timeline.conversation)).toEqual(["conv1", "conv2"]);
    expect(saidIn(chat)).toEqual(["one", "two"]);
  });

  it("loses nothing when the end and a message cross", async () => {
    const { chat, server, clock } = await started();
    chat.send("one");
    await clock.pass(50);
    server.current.topics.clear();
    server.record(ENDED);
    chat.send("two");
    await clock.pass(50);

    const [sent] = server.current.of("send");
    expect(server.current.of("open").at(-1)?.key).toBe(sent?.key);
    expect(server.logOf("conv2").at(-1)).toMatchObject({ data: { text: "two" } });
  });

  it("keeps unsent messages over a reload and sends each once", async () => {
    const first = await started();
    first.chat.send("before");
    await first.clock.pass(50);
    first.server.current.isDeaf = true;
    first.chat.send("unsent");
    await first.clock.pass(10);
    first.chat.close();

    first.web.open = "conv1";
    const { chat, server, clock } = await started({}, { web: first.web, server: first.server });
    await clock.pass(50);

    expect(saidIn(chat)).toEqual(["before", "unsent"]);
    expect(server.events.filter((event) => event.type === "message.sent")).toHaveLength(2);
    expect(memories("acme").tab.get("outbox")).toBeNull();
  });

  it("survives nonsense in the storage", async () => {
    sessionStorage.setItem("rapport:acme:outbox", "{not json");

    expect((await started()).chat.get().outbox).toEqual([]);
  });
});

describe("what comes", () => {
  it("counts unread messages until they are read", async () => {
    const { chat, server, clock, messages } = await started();
    chat.send("Hello");
    await clock.pass(50);
    server.say("Hi");
    server.say("How can I help?");
    expect(chat.get().unread).toBe(2);
    expect(messages).toEqual(["Hi", "How can I help?"]);

    chat.markRead();
    await clock.pass(300);
    expect(server.current.of("mark").at(-1)).toMatchObject({ read: 4 });
  });

  it("does not announce again what was delivered before the reload", async () => {
    const first = await started();
    first.chat.send("Hello");
    await first.clock.pass(50);
    first.server.say("Hi");
    first.server.record({ type: "message.delivered", data: { role: "customer", up_to: 3 } });
    first.chat.close();
    first.web.open = "conv1";

    const { messages, chat } = await started({}, { web: first.web, server: first.server });

    expect(saidIn(chat)).toEqual(["Hello", "Hi"]);
    expect(messages).toEqual([]);
  });

  it("follows a conversation that another tab began", async () => {
    const { chat, server } = await started();
    server.record({ type: "conversation.opened", data: { channel: "web" } });
    dispatchEvent(new StorageEvent("storage", { key: "rapport:acme:conversation", newValue: "conv1" }));
    await breathe();

    server.say("Hi from over there");
    expect(saidIn(chat)).toEqual(["Hi from over there"]);
  });
});

describe("earlier conversations", () => {
  const item = (id: string, day: number) => ({
    id, opened_at: `2026-03-0${day}T09:00:00Z`, ended_at: `2026-03-0${day}T10:00:00Z`, last_text: "x",
  });

  it("shows the last one to somebody who comes back, and more on request", async () => {
    const first = scene();
    for (const id of ["old", "older"]) {
      first.server.conversation = id;
      first.server.say(`from ${id}`);
      first.server.record(ENDED);
    }
    first.web.earlier = [item("older", 1), item("old", 2)];
    const { chat, clock } = await started({}, { web: first.web, server: first.server });
    expect(saidIn(chat)).toEqual(["from old"]);
    expect(chat.get().earlier.count).toBe(1);

    chat.showEarlier();
    await clock.pass(10);
    expect(saidIn(chat)).toEqual(["from older", "from old"]);
    expect(chat.get().earlier.count).toBe(0);
  });
});

describe("identity", () => {
  it("asks the page for its token, and anew when it was refused", async () => {
    const asked: boolean[] = [];
    const ContextProvider = (callback: (context: object) => void, needsRefresh: boolean) => {
      asked.push(needsRefresh);
      callback({ Auth: { Token: needsRefresh ? "fresh" : "first" } });
    };
    const made = await started({ CustomerId: "cu-1", ContextProvider });
    expect(made.web.calls[0]?.body).toMatchObject({ identity: "first" });

    made.server.current.close(4401, "signed_out");
    await breathe();
    expect(made.web.calls.at(-1)?.body).toMatchObject({ identity: "fresh" });
    expect(asked).toEqual([false, true]);
  });

  it("says beside a token what the page knows of the customer, and nothing without one", async () => {
    const CustomerInfo = { email: "sam@shop.test", points: 7 };
    const known = await started({
      CustomerId: "cu-1",
      ContextProvider: (callback: (context: object) => void) => callback({ Auth: { Token: "signed" }, CustomerInfo }),
    });
    expect(known.web.calls[0]?.body).toMatchObject({ identity: "signed", customer_id: "cu-1", customer_info: CustomerInfo });

    const nobody = await started({ CustomerId: "cu-1", ContextProvider: (callback: (context: object) => void) => callback({ CustomerInfo }) });
    expect(Object.keys(nobody.web.calls[0]?.body ?? {})).not.toContain("customer_info");
  });

  it("uses the set of tokens that the server renewed until the page gives another", async () => {
    const set = (access_token: string) => ({ token_type: "Bearer", access_token, refresh_token: "again" });
    let given = set("old");
    const made = scene({ ContextProvider: (callback: (context: object) => void) => callback({ Auth: { Token: given } }) });
    made.web.renewed = set("new");
    void made.chat.start();
    await made.clock.pass(20);
    await breathe();
    expect(made.web.calls[0]?.body).toMatchObject({ identity: set("old") });

    made.web.renewed = null;
    for (const expected of ["new", "other"]) {
      if (expected === "other") given = set("other");
      made.server.current.close(4401, "signed_out");
      await breathe();
      await made.clock.pass(5_000);
      await breathe();
      expect(made.web.calls.filter(({ path }) => path.endsWith("/sessions")).at(-1)?.body).toMatchObject({ identity: set(expected) });
    }
    made.chat.close();
  });

  it("keeps an anonymous conversation when the customer signs in", async () => {
    const made = await started();
    await made.chat.identify(new Identity({ CustomerId: "cu-1", IdentityToken: "signed" }));

    expect(made.web.calls.at(-2)?.body).toMatchObject({ token: "token-1", identity: "signed" });
  });

  it("belongs to the last customer named, however the answers come", async () => {
    const made = scene();
    const answers: (() => void)[] = [];
    const { fetch } = made.web;
    made.web.fetch = async (url, init) => {
      const answer = await fetch(url, init);
      if (answers.length < 2) await new Promise<void>((resolve) => answers.push(resolve));
      return answer;
    };
    const chat = new Chat({ ...made.options, fetch: (url, init) => made.web.fetch(url, init) });
    void chat.start();
    await breathe();
    void chat.identify(new Identity({ CustomerId: "cu-1", IdentityToken: "signed" }));
    await breathe();
    answers[1]!();
    await breathe();
    answers[0]!();
    await breathe();

    expect(memories("acme").shared.get("token")).toBe("token-2");
    chat.close();
  });

  it("leaves nothing of one customer to the next", async () => {
    const made = await started({ CustomerId: "cu-1", IdentityToken: "one" });
    made.chat.send("mine");
    await made.clock.pass(50);
    made.server.isReachable = false;
    made.server.cut();
    made.chat.send("still mine");
    await made.chat.identify(new Identity({ CustomerId: "cu-2", IdentityToken: "two" }));

    expect(made.web.calls.at(-2)?.body).toEqual({ app: "acme", identity: "two", customer_id: "cu-2" });
    expect(made.chat.get()).toMatchObject({ conversations: [], outbox: [] });
  });
});

it("leaves no timer and no listener when closed, and no trace when asked to forget", async () => {
  const made = await started();
  made.chat.send("Hello");
  await made.clock.pass(50);
  made.server.say("Hi");
  made.chat.close(true);
  await made.clock.pass(1);

  expect(made.clock.pending).toBe(0);
  expect(made.listeners()).toBe(0);
  expect(localStorage.length + sessionStorage.length).toBe(0);
});
