import type { Conversation, Timeline } from "@rapport/kit/stream";
import type { Summary } from "../platform/types";

/** A conversation as a row shows it. */
export interface Row {
  readonly id: string;
  readonly name: string | null;
  readonly lastText: string | null;
  readonly lastRole: string | null;
  /** RFC 3339; null before anything was said. */
  readonly lastAt: string | null;
  /** When the oldest unanswered customer message came; null when answered. */
  readonly waitingSince: string | null;
  readonly unread: number;
  readonly typing: boolean;
  readonly ended: boolean;
}

export function rowOfSummary(summary: Summary): Row {
  return {
    id: summary.id,
    name: summary.customer.name,
    lastText: summary.last_text,
    lastRole: summary.last_role,
    lastAt: summary.last_at,
    waitingSince: summary.waiting_since,
    unread: summary.unread,
    typing: false,
    ended: summary.ended_at !== null,
  };
}

export function rowOfConversation(conversation: Conversation): Row {
  const { timeline, outbox, typing, unread } = conversation.get();
  const last = lastMessage(timeline);
  const pending = outbox.at(-1);
  return {
    id: timeline.conversation,
    name: timeline.customer?.name ?? null,
    lastText: pending?.text ?? last?.text ?? null,
    lastRole: pending ? "agent" : (last?.role ?? null),
    lastAt: pending?.at ?? last?.at ?? timeline.openedAt,
    waitingSince: pending || timeline.ended ? null : waitingSince(timeline),
    unread,
    typing: typing.some((one) => one.role === "customer"),
    ended: timeline.ended !== null,
  };
}

function lastMessage(timeline: Timeline) {
  return timeline.entries.findLast((entry) => entry.kind === "message");
}

/** The time of the oldest customer message that no agent message follows. */
export function waitingSince(timeline: Timeline): string | null {
  let oldest: string | null = null;
  for (let index = timeline.entries.length - 1; index >= 0; index -= 1) {
    const entry = timeline.entries[index]!;
    if (entry.kind !== "message") continue;
    if (entry.role === "agent") break;
    if (entry.role === "customer") oldest = entry.at;
  }
  return oldest;
}

/** Who waits longest comes first, then what was answered last, then what is over. */
export function byWaiting(one: Row, other: Row): number {
  return rank(one) - rank(other) || compareTimes(one, other) || (one.id < other.id ? -1 : 1);
}

const rank = (row: Row): number => (row.ended ? 2 : row.waitingSince === null ? 1 : 0);

function compareTimes(one: Row, other: Row): number {
  if (one.waitingSince && other.waitingSince) return Date.parse(one.waitingSince) - Date.parse(other.waitingSince);
  return Date.parse(other.lastAt ?? "") - Date.parse(one.lastAt ?? "") || 0;
}

export const isSameRow = (one: Row, other: Row): boolean =>
  (Object.keys(one) as (keyof Row)[]).every((key) => one[key] === other[key]);
