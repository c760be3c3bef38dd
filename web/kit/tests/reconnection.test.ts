import fc from "fast-check";
import { expect, it } from "vitest";
import { advance, Conversation, emptyTimeline, GapError, transcript, type Frame } from "../stream";
import { online, Server } from "./world";

type Step =
  | { do: "server"; text: string }
  | { do: "batch"; count: number }
  | { do: "customer"; text: string }
  | { do: "cut" }
  | { do: "restart" }
  | { do: "lose" }
  | { do: "repeat" }
  | { do: "gap" }
  | { do: "away"; ms: number }
  | { do: "wait"; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("server" as const), text: fc.string() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("batch" as const), count: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("customer" as const), text: fc.string({ minLength: 1 }) }) },
  fc.record({ do: fc.constant("cut" as const) }),
  fc.record({ do: fc.constant("restart" as const) }),
  fc.record({ do: fc.constant("lose" as const) }),
  fc.record({ do: fc.constant("repeat" as const) }),
  fc.record({ do: fc.constant("gap" as const) }),
  fc.record({ do: fc.constant("away" as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
);

it("gives the same list after any cut and reconnection, each message once and in order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { connection, clock, server } = await online();
      server.record({ type: "conversation.opened", data: {} });
      const chat = new Conversation(connection, "conv1", { reader: "customer" });
      const written: string[] = [];
      for (const one of steps) await play(one, { chat, clock, server, written });
      server.isReachable = true;
      await clock.pass(60_000);

      const { timeline, outbox } = chat.get();
      expect(outbox).toEqual([]);
      expect(timeline).toEqual(wholeLog(server));
      const mine = timeline.entries.flatMap((entry) =>
        entry.kind === "message" && entry.role === "customer" ? [entry.text] : [],
      );
      expect(mine).toEqual(written);
      const ids = transcript(timeline.entries).map((row) => row.id);
      expect(new Set(ids).size).toBe(ids.length);

      chat.close();
      connection.stop();
      expect(clock.pending).toBe(0);
    }),
    { numRuns: 150 },
  );
});

it("moves only along the cursor", () => {
  const server = new Server();
  for (const text of ["a", "b", "c", "d"]) server.say(text);
  const frame = (after: number, upTo: number) => server.frame(after, upTo) as Frame;
  const start = { ...emptyTimeline("conv1"), cursor: "0" };
  const two = advance(start, frame(0, 2));

  expect(advance(two, frame(0, 2))).toBe(two);
  expect(() => advance(two, frame(3, 4))).toThrow(GapError);
  expect(advance(two, { ...frame(2, 2), cursor: "3", events: [] })).toEqual({ ...two, cursor: "3" });
  expect(start.entries).toEqual([]);
});

interface Scene {
  chat: Conversation;
  clock: Awaited<ReturnType<typeof online>>["clock"];
  server: Server;
  written: string[];
}

async function play(one: Step, { chat, clock, server, written }: Scene): Promise<void> {
  const total = server.events.length;
  switch (one.do) {
    case "server":
      return server.say(one.text);
    case "batch": {
      const data = (index: number) => ({
        message: `b${total}-${index}`, text: "x", role: "agent", sent_at: "2026-03-04T09:00:00Z",
      });
      const batch = Array.from({ length: one.count }, (_, index) => index);
      return server.record(...batch.map((index) => ({ type: "message.sent", data: data(index) })));
    }
    case "customer":
      written.push(one.text);
      return void chat.send(one.text);
    case "cut":
      return server.cut();
    case "restart":
      return void server.open.forEach((side) => side.close(1001, "restarting"));
    case "lose":
      server.losesNextAnswer = true;
      return;
    case "repeat":
      return void server.open.forEach((side) => side.say(server.frame(Math.max(0, total - 1), total)));
    case "gap":
      // One frame of the stream is dropped on its way.
      server.open.forEach((side) => side.topics.clear());
      server.say("dropped");
      server.open.forEach((side) => side.topics.add("conversation/conv1"));
      return server.say("after the gap");
    case "away":
      server.isReachable = false;
      server.cut();
      await clock.pass(one.ms);
      server.isReachable = true;
      return;
    case "wait":
      return clock.pass(one.ms);
  }
}

function wholeLog(server: Server): unknown {
  const start = { ...emptyTimeline("conv1"), cursor: "0" };
  return advance(start, server.frame(0, server.events.length) as Frame);
}
