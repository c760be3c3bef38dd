import { folding } from "@rapport/kit/stream";
import { describe, expect, it } from "vitest";
import { boardOf, boardReducers, type Board } from "../src/live/board";
import { Rate } from "../src/live/rate";
import type { Summary } from "../src/platform/types";
import { FakeServer } from "./fakes";

const AT = "2026-03-04T09:00:00Z";
const advance = folding<Board>(boardReducers);
const summary: Summary = {
  id: "a",
  channel: "web",
  customer: { id: "cu", external_id: null, name: "Ann" },
  agent: null,
  opened_at: AT,
  ended_at: null,
  last_at: AT,
  last_text: "Hi",
  last_role: "customer",
  waiting_since: AT,
  unread: 1,
};
const start = boardOf([{ items: [summary], nextCursor: null, cursor: "5" }]);

function after(...events: { type: string; at?: string; conversation?: string; data: unknown }[]): Board {
  const recorded = events.map((event) => ({ conversation: "a", seq: 1, at: AT, actor: { role: "x", id: "x" }, ...event }));
  return advance(start, { topic: "conversations", after: "5", cursor: "6", events: recorded });
}

const said = (role: string) => ({
  type: "message.sent",
  at: "2026-03-04T09:01:00Z",
  data: { message: "m", text: "Yes", role, sent_at: "2026-03-04T08:00:00Z" },
});

describe("the live board", () => {
  it("continues its snapshot from the snapshot's cursor", () => {
    expect(start.cursor).toBe("5");
    expect(start.rows.get("a")).toMatchObject({ name: "Ann", waitingSince: AT });
  });

  it("follows who answers and who waits", () => {
    expect(after(said("agent")).rows.get("a")).toMatchObject({ waitingSince: null, lastText: "Yes" });
    expect(after(said("customer")).rows.get("a")).toMatchObject({ waitingSince: AT });
    expect(after(said("agent"), said("customer")).rows.get("a")?.waitingSince).toBe("2026-03-04T09:01:00Z");
  });

  it("adds what opens, takes off what ends and ignores the unknown", () => {
    const opened = { type: "conversation.opened", conversation: "b", data: { customer: { id: "cu2", name: "Bob" } } };
    expect([...after(opened).rows.keys()]).toEqual(["a", "b"]);
    expect(after({ type: "conversation.ended", data: { reason: "agent" } }).rows.size).toBe(0);
    expect(after({ type: "weather.changed", data: {} }).rows).toBe(start.rows);
    expect(after({ ...said("agent"), conversation: "gone" }).rows).toBe(start.rows);
  });

  it("knows the agent of a conversation", () => {
    const joined = { type: "participant.joined", data: { role: "agent", id: "p1", name: "Iris" } };
    expect(after(joined).rows.get("a")?.agent).toEqual({ id: "p1", name: "Iris" });
    const left = { type: "participant.left", data: { role: "agent", id: "p1", name: "Iris" } };
    expect(after(joined, left).rows.get("a")?.agent).toBeNull();
  });
});

describe("messages a minute", () => {
  it("counts each message for one minute", () => {
    const server = new FakeServer();
    const rate = new Rate(server.platform);
    rate.add(4);
    expect(rate.get().at(-1)).toBe(4);
    server.pass(50_000);
    expect(rate.get().at(-1)).toBe(4);
    server.pass(10_000);
    expect(rate.get().at(-1)).toBe(0);
    expect(Math.max(...rate.get())).toBe(4);
    rate.close();
  });
});
