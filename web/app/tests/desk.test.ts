import { beforeEach, describe, expect, it } from "vitest";
import { DeskStore } from "../src/live/deskStore";
import type { Inbox } from "../src/platform/types";
import { FakeServer } from "./fakes";

const AT = "2026-03-04T09:00:00Z";
const made = (conversation: string, name: string) => ({
  type: "assignment.made",
  at: AT,
  data: { conversation, customer: { id: `cu-${conversation}`, name } },
});
const gone = (conversation: string) => ({ type: "assignment.ended", at: AT, data: { conversation, reason: "agent" } });
const said = (seq: number, role: "customer" | "agent", text: string, sent_at = AT) => ({
  seq,
  type: "message.sent",
  at: sent_at,
  actor: { role, id: role, name: role },
  data: { message: `m${seq}`, text, role, sent_at },
});
const opened = (name: string) => ({
  seq: 1,
  type: "conversation.opened",
  at: AT,
  data: { channel: "web", customer: { id: "cu", name }, metadata: {} },
});
const ended = (seq: number) => ({ seq, type: "conversation.ended", at: AT, data: { reason: "customer" } });

const INBOX: Inbox = { status: "away", slots: 3, conversations: [], cursor: "0" };
const summary = (id: string, name: string): Inbox["conversations"][number] => ({
  id,
  channel: "web",
  customer: { id: `cu-${id}`, external_id: `cu-${id}`, name },
  agent: null,
  opened_at: AT,
  ended_at: null,
  last_at: AT,
  last_text: "Hi",
  last_role: "customer",
  waiting_since: AT,
  unread: 1,
});

describe("an agent's desk", () => {
  let server: FakeServer;
  let desk: DeskStore;
  const heard: string[] = [];

  const reread = () => Promise.resolve<Inbox>({ ...INBOX, conversations: [summary("c", "Cid")], cursor: "40" });
  const open = (inbox: Inbox) => {
    server = new FakeServer();
    heard.length = 0;
    desk = new DeskStore(server.connect(), inbox, reread, (id) => heard.push(id));
  };

  beforeEach(() => open(INBOX));

  const names = () => desk.get().rows.map((row) => row.name);

  it("opens what is assigned and nothing of the past", async () => {
    await server.serve("me", [made("a", "Ann"), gone("a"), made("b", "Bob")]);
    server.pass(50);
    expect(names()).toEqual(["Bob"]);
    expect(server.sent.some((one) => one["topic"] === "conversation/a")).toBe(false);
  });

  it("goes on from where the inbox stands", async () => {
    open({ status: "active", slots: 3, conversations: [summary("a", "Ann"), summary("b", "Bob")], cursor: "7" });
    expect(desk.get().status).toBe("active");
    expect(names()).toEqual(["Ann", "Bob"]);
    const asked = server.sent.find((one) => one["topic"] === "me");
    expect(asked).toMatchObject({ type: "subscribe", cursor: "7" });
    server.say({ type: "ok", id: asked!["id"], cursor: "7" });
    await server.serve("me", [gone("a"), made("c", "Cid")], "7");
    server.pass(5_000);
    expect(names()).toEqual(["Bob", "Cid"]);
  });

  it("reads the inbox again when it is too old to go on from", async () => {
    open({ ...INBOX, conversations: [summary("a", "Ann")], cursor: "7" });
    const asked = server.sent.find((one) => one["topic"] === "me");
    const error = { requestId: "r", code: "410-01", name: "snapshot_required", message: "too old" };
    server.say({ type: "error", id: asked!["id"], error });
    await new Promise((resolve) => setTimeout(resolve));
    const again = server.sent.findLast((one) => one["topic"] === "me");
    expect(again).toMatchObject({ type: "subscribe", cursor: "40" });
    server.say({ type: "ok", id: again!["id"], cursor: "40" });
    await new Promise((resolve) => setTimeout(resolve));
    server.pass(5_000);
    expect(names()).toEqual(["Cid"]);
  });

  it("puts who waits longest first and the answered last", async () => {
    await server.serve("me", [made("a", "Ann"), made("b", "Bob"), made("c", "Cid")]);
    server.pass(50);
    await server.serve("conversation/a", [opened("Ann"), said(2, "customer", "Hi", "2026-03-04T09:00:30Z")]);
    await server.serve("conversation/b", [opened("Bob"), said(2, "customer", "Hello", "2026-03-04T09:00:10Z")]);
    await server.serve("conversation/c", [opened("Cid"), said(2, "customer", "Yo"), said(3, "agent", "Hey")]);
    expect(names()).toEqual(["Bob", "Ann", "Cid"]);
    expect(desk.get().rows[2]).toMatchObject({ waitingSince: null, lastRole: "agent", lastText: "Hey" });
  });

  it("keeps a row the same object while nothing on it changed", async () => {
    await server.serve("me", [made("a", "Ann"), made("b", "Bob")]);
    server.pass(50);
    await server.serve("conversation/a", [opened("Ann")]);
    await server.serve("conversation/b", [opened("Bob")]);
    const before = desk.get().rows.find((row) => row.id === "a");
    await server.serve("conversation/b", [said(2, "customer", "Hi")], "1");
    expect(desk.get().rows.find((row) => row.id === "a")).toBe(before);
    expect(heard).toEqual(["b"]);
  });

  it("keeps a conversation that the customer ended until it is dismissed", async () => {
    await server.serve("me", [made("a", "Ann")]);
    server.pass(50);
    await server.serve("conversation/a", [opened("Ann"), said(2, "customer", "Hi")]);
    await server.serve("conversation/a", [ended(3)], "2");
    await server.serve("me", [gone("a")], "1");
    server.pass(5_000);
    expect(desk.get().rows).toMatchObject([{ id: "a", ended: true, waitingSince: null }]);
    desk.dismiss("a");
    expect(desk.get().rows).toEqual([]);
  });

  it("lets go of a conversation that another agent got", async () => {
    await server.serve("me", [made("a", "Ann")]);
    server.pass(50);
    await server.serve("conversation/a", [opened("Ann")]);
    await server.serve("me", [gone("a")], "1");
    server.pass(5_000);
    expect(desk.get().rows).toEqual([]);
  });

  it("does not bring back what was dismissed before the stream knew", async () => {
    await server.serve("me", [made("a", "Ann")]);
    server.pass(50);
    await server.serve("conversation/a", [opened("Ann")]);
    desk.dismiss("a");
    await server.serve("me", [made("b", "Bob")], "1");
    server.pass(50);
    expect(names()).toEqual(["Bob"]);
  });

  it("gives open conversations different colours", async () => {
    const ids = ["a", "b", "c", "d", "e", "f", "g", "h"];
    await server.serve("me", ids.map((id) => made(id, id)));
    server.pass(50);
    expect(new Set(ids.map((id) => desk.hue(id))).size).toBe(8);
  });

  it("leaves nothing running when it closes", async () => {
    await server.serve("me", [made("a", "Ann")]);
    desk.close();
    server.pass(1_000);
    expect(server.sent.some((one) => one["topic"] === "conversation/a")).toBe(false);
  });
});
