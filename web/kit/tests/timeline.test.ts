/** The reducer against conversations recorded from a real server (`python -m tests.events.record`). */
import { describe, expect, it } from "vitest";
import { advance, emptyTimeline, GapError, timelineReducers, unreadFor } from "../stream";
import type { Frame, Mark, Message, Reach, Recorded, Timeline } from "../stream";
import recordings from "./fixtures/conversation.json";

interface Party {
  id: string;
  external_id: string;
  name: string | null;
}

interface State {
  /** The last event this state contains. */
  seq: number;
  messages: { messageId: string; text: string; sender: object; clientTimestamp: string }[];
  conversation: {
    customer: Party;
    agent: Party | null;
    opened_at: string;
    ended_at: string | null;
    last_text: string | null;
    last_role: string | null;
    unread: number;
    metadata: object;
    notes: { author: string; text: string; written_at: string }[];
  };
  marks: Record<string, Reach>;
}

interface Recording {
  name: string;
  conversation: string;
  frames: Record<string, Frame[]>;
  states: State[];
}

const RECORDINGS = recordings as unknown as Recording[];

const READERS = RECORDINGS.flatMap(({ name, conversation, frames, states }) =>
  Object.entries(frames).map(([reader, told]) => ({ name, reader, conversation, frames: told, states })),
);

const begun = (conversation: string): Timeline => ({ ...emptyTimeline(conversation), cursor: "0" });

const fold = (conversation: string, frames: readonly Frame[]): Timeline =>
  frames.reduce(advance, begun(conversation));

const eventsOf = (frames: readonly Frame[]): Recorded[] => frames.flatMap((frame) => frame.events);

/** The same events in other frames: one ends after each event whose number is in `cuts`. */
function split(frames: readonly Frame[], cuts: ReadonlySet<number>): Frame[] {
  const { topic, cursor: end } = frames.at(-1)!;
  const events = eventsOf(frames);
  const made: Frame[] = [];
  let first = 0;
  events.forEach((_, index) => {
    const isLast = index === events.length - 1;
    if (!isLast && !cuts.has(index)) return;
    const after = made.at(-1)?.cursor ?? "0";
    made.push({ topic, after, cursor: isLast ? end : `cut ${index}`, events: events.slice(first, index + 1) });
    first = index + 1;
  });
  return made;
}

const messagesOf = (timeline: Timeline): Message[] =>
  timeline.entries.filter((entry) => entry.kind === "message");

/** What a timeline knows, in the shapes in which HTTP tells it. */
function asHttpTellsIt(timeline: Timeline): object {
  const { customer, participants, ended, reach } = timeline;
  const messages = messagesOf(timeline);
  const agent = participants.findLast((one) => one.present);
  return {
    messages: messages.map(({ id, text, role, author, at }) => ({
      messageId: id, text, sender: { role, externalId: author.id }, clientTimestamp: at,
    })),
    marks: reach,
    customer: { id: customer?.id, external_id: customer?.externalId, name: customer?.name },
    agent: agent ? { id: agent.id ?? agent.externalId, external_id: agent.externalId, name: agent.name } : null,
    isEnded: ended !== null,
    last: [messages.at(-1)?.text, messages.at(-1)?.role],
    unread: unreadFor(timeline, "agent"),
  };
}

function expected({ messages, marks, conversation }: State): object {
  const { customer, agent, ended_at, last_text, last_role, unread } = conversation;
  return {
    messages: messages.map(({ messageId, text, sender, clientTimestamp }) => ({
      messageId, text, sender, clientTimestamp,
    })),
    marks,
    customer,
    agent,
    isEnded: ended_at !== null,
    last: [last_text, last_role],
    unread,
  };
}

/** How far a message got, by the marks of everybody but its own side. */
function deliveryBy(marks: Record<string, Reach>, { role, seq }: Message): Message["delivery"] {
  const others = Object.entries(marks).filter(([side]) => side !== role).map(([, reach]) => reach);
  if (others.some((reach) => reach.read >= seq)) return "read";
  return others.some((reach) => reach.delivered >= seq) ? "delivered" : "sent";
}

const within = (one: string, other: string): boolean => Math.abs(Date.parse(one) - Date.parse(other)) < 1_000;

describe.each(READERS)("the $name conversation, as its $reader is told", ({ conversation, frames, reader, states }) => {
  const whole = fold(conversation, frames);

  it("is at any time the state that the server gives by HTTP", () => {
    for (const state of states) {
      const events = eventsOf(frames).filter(({ seq }) => seq <= state.seq);
      const then = fold(conversation, [{ ...frames[0]!, after: "0", cursor: "then", events }]);
      const { opened_at, ended_at } = state.conversation;
      expect(asHttpTellsIt(then)).toEqual(expected(state));
      for (const message of messagesOf(then)) expect(message.delivery).toBe(deliveryBy(state.marks, message));
      expect(within(then.openedAt!, opened_at)).toBe(true);
      if (ended_at) expect(within(then.ended!.at, ended_at)).toBe(true);
    }
  });

  it("keeps the order of what happened", () => {
    const order = whole.entries.map((entry) => entry.seq);

    expect(order).toEqual([...order].sort((one, other) => one - other));
  });

  it("knows the notes and the metadata if it may", () => {
    const notes = whole.entries.filter((entry): entry is Mark => entry.kind === "noted");
    const told = notes.map(({ author, text }) => ({ author: author.name, text }));
    const { metadata, notes: kept } = states.at(-1)!.conversation;

    if (reader === "customer") expect(told).toEqual([]);
    else {
      expect(told).toEqual(kept.map(({ author, text }) => ({ author, text })));
      expect(whole.metadata).toEqual(metadata);
    }
  });

  it("is the same however its events are split into frames", () => {
    const count = eventsOf(frames).length;
    const splits = [new Set<number>(), new Set(Array.from({ length: count }, (_, index) => index))];
    for (let one = 0; one < count; one += 1) {
      for (let other = one; other < count; other += 1) splits.push(new Set([one, other]));
    }
    for (const cuts of splits) expect(fold(conversation, split(frames, cuts))).toEqual(whole);
  });

  it("is the same after a reconnection at any frame, with what is then told twice", () => {
    for (let count = 1; count <= frames.length; count += 1) {
      const seen = fold(conversation, frames.slice(0, count));
      expect(advance(seen, frames[count - 1]!)).toBe(seen);
      const rest = frames.slice(count);
      const replay = rest.length === 0 ? [] : [{
        ...rest[0]!, cursor: rest.at(-1)!.cursor, events: eventsOf(rest),
      }];
      expect(replay.reduce(advance, seen)).toEqual(whole);
    }
  });

  it("takes no frame before its turn", () => {
    for (let skipped = 0; skipped < frames.length - 1; skipped += 1) {
      const seen = fold(conversation, frames.slice(0, skipped));
      expect(() => advance(seen, frames[skipped + 1]!)).toThrow(GapError);
    }
  });
});

it("keeps everybody who took part apart, with or without a seat at the desk", () => {
  const { conversation, frames } = RECORDINGS.find(({ name }) => name === "api")!;
  const { participants, entries } = fold(conversation, frames.supervisor!);

  expect(participants).toMatchObject([
    { externalId: "a-1", name: "Kim Park", present: false },
    { externalId: "a-2", name: "Lou Reyes", present: false },
  ]);
  // Kim was given a surname in between, and came only once.
  expect(entries.filter((entry) => entry.kind === "joined" || entry.kind === "left")).toMatchObject([
    { kind: "joined", text: "Kim" },
    { kind: "left", text: "Kim Park" },
    { kind: "joined", text: "Lou Reyes" },
    { kind: "left", text: "Lou Reyes" },
  ]);
});

it("folds no type of event that was not recorded", () => {
  const told = new Set(READERS.flatMap(({ frames }) => eventsOf(frames).map(({ type }) => type)));

  expect([...told].sort()).toEqual(Object.keys(timelineReducers).sort());
});
