import type { Pending } from "./outbox";
import type { Actor, ErrorBody, Role } from "./protocol";
import type { Delivery, Entry, Mark, Message } from "./timeline";

/** A message as a screen draws it, on its way or in the log. */
export interface Bubble {
  readonly kind: "message";
  /** The same before and after the server answered, so that a list keeps its element. */
  readonly id: string;
  /** The key of a pending message, to retry or discard it; null for one in the log. */
  readonly pendingKey: string | null;
  readonly role: Role;
  readonly author: Actor | null;
  readonly text: string;
  readonly at: string;
  readonly state: "sending" | "failed" | Delivery;
  readonly refusal: ErrorBody | null;
  /** First and last of a run by the same author within a few minutes. */
  readonly starts: boolean;
  readonly ends: boolean;
}

export interface Day {
  readonly kind: "day";
  readonly id: string;
  /** The time of the first entry of that day. */
  readonly at: string;
}

export type Row = Bubble | Day | Mark;

/** Messages further apart than this start a new run. */
const RUN_MS = 5 * 60_000;

/**
 * Entries and what is on its way as rows: days between them (local time), runs marked.
 * `writer` is the role whose outbox it is.
 */
export function transcript(
  entries: readonly Entry[],
  outbox: readonly Pending[] = [],
  writer: Role = "customer",
): Row[] {
  const items: (Bubble | Mark)[] = [
    ...entries.map((entry) => (entry.kind === "message" ? fromMessage(entry) : entry)),
    ...outbox.map((pending) => fromPending(pending, writer)),
  ];
  const rows: Row[] = [];
  items.forEach((item, index) => {
    const before = items[index - 1];
    const after = items[index + 1];
    if (!before || !isSameDay(before.at, item.at)) rows.push({ kind: "day", id: `day-${item.id}`, at: item.at });
    if (item.kind !== "message") rows.push(item);
    else rows.push({ ...item, starts: !isRun(before, item), ends: !isRun(item, after) });
  });
  return rows;
}

function fromMessage(message: Message): Bubble {
  return {
    kind: "message",
    id: message.key ?? message.id,
    pendingKey: null,
    role: message.role,
    author: message.author,
    text: message.text,
    at: message.at,
    state: message.delivery,
    refusal: null,
    starts: true,
    ends: true,
  };
}

function fromPending(pending: Pending, role: Role): Bubble {
  return {
    kind: "message",
    id: pending.key,
    pendingKey: pending.key,
    role,
    author: null,
    text: pending.text,
    at: pending.at,
    state: pending.state,
    refusal: pending.refusal,
    starts: true,
    ends: true,
  };
}

function isSameDay(one: string, other: string): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}

function isRun(one: Bubble | Mark | undefined, next: Bubble | Mark | undefined): boolean {
  if (one?.kind !== "message" || next?.kind !== "message" || one.role !== next.role) return false;
  const isSameAuthor = !one.author || !next.author || one.author.id === next.author.id;
  const apart = Math.abs(Date.parse(next.at) - Date.parse(one.at));
  return isSameAuthor && apart < RUN_MS && isSameDay(one.at, next.at);
}
