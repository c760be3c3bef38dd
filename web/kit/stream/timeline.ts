import { folding, type Folded, type Reducer } from "./fold";
import type { Actor, EventData, Recorded, Role } from "./protocol";

/** How far a message got. `sent` means durable on the server. */
export type Delivery = "sent" | "delivered" | "read";

export interface Message {
  readonly kind: "message";
  readonly id: string;
  readonly seq: number;
  readonly key: string | null;
  readonly role: Role;
  readonly author: Actor;
  readonly text: string;
  /** RFC 3339. */
  readonly at: string;
  readonly delivery: Delivery;
}

export interface Mark {
  readonly kind: "joined" | "left" | "noted" | "ended";
  readonly id: string;
  readonly seq: number;
  readonly author: Actor;
  /** The note's words, the reason of an end, or the name of who came or went. */
  readonly text: string;
  readonly at: string;
}

export type Entry = Message | Mark;

export interface Participant {
  readonly role: string;
  /** Null for an agent of an integrator's own system, who has no seat at the desk. */
  readonly id: string | null;
  readonly externalId: string;
  readonly name: string | null;
  readonly present: boolean;
}

export interface Customer {
  readonly id: string;
  readonly externalId: string | null;
  readonly name: string | null;
}

/** Up to which `seq` the other side's messages reached somebody. */
export interface Reach {
  readonly delivered: number;
  readonly read: number;
}

/** One conversation as its frames tell it; never changed in place. */
export interface Timeline extends Folded {
  readonly conversation: string;
  readonly channel: string | null;
  readonly customer: Customer | null;
  readonly openedAt: string | null;
  readonly participants: readonly Participant[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Messages and what happened between them, in order of `seq`. */
  readonly entries: readonly Entry[];
  readonly reach: Readonly<Record<string, Reach>>;
  readonly ended: { readonly at: string; readonly reason: string } | null;
}

export const NO_REACH: Reach = { delivered: 0, read: 0 };

export function emptyTimeline(conversation: string): Timeline {
  return {
    conversation,
    cursor: null,
    channel: null,
    customer: null,
    openedAt: null,
    participants: [],
    metadata: {},
    entries: [],
    reach: {},
    ended: null,
  };
}

type Of<T extends keyof EventData> = (state: Timeline, event: Recorded<EventData[T]>) => Timeline;

const opened: Of<"conversation.opened"> = (state, { at, data }) => ({
  ...state,
  openedAt: at,
  channel: data.channel ?? null,
  customer: data.customer ? customer(data.customer) : state.customer,
});

const identified: Of<"customer.identified"> = (state, { data }) => ({
  ...state,
  customer: customer(data.customer),
});

const joined: Of<"participant.joined"> = (state, event) => {
  const { data } = event;
  const isRenamed = state.participants.some((one) => one.present && isSame(one, data));
  const participants = withParticipant(state, data, true);
  if (isRenamed) return { ...state, participants };
  return { ...state, participants, entries: [...state.entries, mark("joined", event, data.name ?? "")] };
};

const left: Of<"participant.left"> = (state, event) => ({
  ...state,
  participants: withParticipant(state, event.data, false),
  entries: [...state.entries, mark("left", event, event.data.name ?? "")],
});

const metadataChanged: Of<"metadata.changed"> = (state, { data }) => {
  const merged = { ...state.metadata, ...data.metadata };
  const kept = Object.entries(merged).filter(([, value]) => value !== null);
  return { ...state, metadata: Object.fromEntries(kept) };
};

const messageSent: Of<"message.sent"> = (state, event) => {
  const { data, seq, actor } = event;
  const message: Message = {
    kind: "message",
    id: data.message,
    seq,
    key: data.key ?? null,
    role: data.role,
    author: actor,
    text: data.text,
    at: data.sent_at,
    delivery: "sent",
  };
  return { ...state, entries: [...state.entries, message] };
};

const messageDelivered: Of<"message.delivered"> = (state, { data }) => reached(state, data, "delivered");

const messageRead: Of<"message.read"> = (state, { data }) => reached(state, data, "read");

const noted: Of<"conversation.noted"> = (state, event) => ({
  ...state,
  entries: [...state.entries, mark("noted", event, event.data.text)],
});

const ended: Of<"conversation.ended"> = (state, event) => ({
  ...state,
  ended: { at: event.at, reason: event.data.reason },
  entries: [...state.entries, mark("ended", event, event.data.reason)],
});

const REDUCERS: { readonly [T in keyof EventData]: Of<T> } = {
  "conversation.opened": opened,
  "customer.identified": identified,
  "participant.joined": joined,
  "participant.left": left,
  "metadata.changed": metadataChanged,
  "message.sent": messageSent,
  "message.delivered": messageDelivered,
  "message.read": messageRead,
  "conversation.noted": noted,
  "conversation.ended": ended,
};

/** The reducers of a conversation's events, by type. */
export const timelineReducers = REDUCERS as unknown as Readonly<Record<string, Reducer<Timeline>>>;

/** One frame further. A repeated frame answers the same object; a gap throws GapError. */
export const advance = folding<Timeline>(timelineReducers);

/** The last `seq` said by anybody but `reader`, 0 when they said nothing. */
export function lastSeqFor(timeline: Timeline, reader: string): number {
  for (let index = timeline.entries.length - 1; index >= 0; index -= 1) {
    const entry = timeline.entries[index]!;
    if (entry.kind === "message" && entry.role !== reader) return entry.seq;
  }
  return 0;
}

/** How many messages for `reader` it has not read: for an agent those of the customer. */
export function unreadFor(timeline: Timeline, reader: string): number {
  const read = timeline.reach[reader]?.read ?? 0;
  let unread = 0;
  for (let index = timeline.entries.length - 1; index >= 0; index -= 1) {
    const entry = timeline.entries[index]!;
    if (entry.seq <= read) break;
    if (entry.kind === "message" && isFor(reader, entry.role)) unread += 1;
  }
  return unread;
}

const isFor = (reader: string, role: string): boolean =>
  reader === "agent" ? role === "customer" : role !== reader;

function customer(wire: { id: string; external_id?: string | null; name?: string | null }): Customer {
  return { id: wire.id, externalId: wire.external_id ?? null, name: wire.name ?? null };
}

function withParticipant(
  state: Timeline,
  wire: EventData["participant.joined"],
  present: boolean,
): readonly Participant[] {
  const others = state.participants.filter((one) => !isSame(one, wire));
  const { role, id, external_id: externalId, name } = wire;
  return [...others, { role, id, externalId, name: name ?? null, present }];
}

const isSame = (one: Participant, wire: EventData["participant.joined"]): boolean =>
  one.role === wire.role && one.externalId === wire.external_id;

function mark(kind: Mark["kind"], event: Recorded, text: string): Mark {
  const { conversation, seq, actor: author, at } = event;
  return { kind, id: `${conversation}:${seq}`, seq, author, text, at };
}

/** A mark of one side moves the other side's messages forward, never back. */
function reached(
  state: Timeline,
  { role, up_to }: EventData["message.read"],
  delivery: "delivered" | "read",
): Timeline {
  const before = state.reach[role] ?? NO_REACH;
  const after: Reach = {
    delivered: Math.max(before.delivered, up_to),
    read: delivery === "read" ? Math.max(before.read, up_to) : before.read,
  };
  const entries = state.entries.map((entry) => {
    const touched = entry.kind === "message" && entry.role !== role && entry.seq <= up_to;
    return touched && further(delivery, entry.delivery) ? { ...entry, delivery } : entry;
  });
  return { ...state, entries, reach: { ...state.reach, [role]: after } };
}

const ORDER: Readonly<Record<Delivery, number>> = { sent: 0, delivered: 1, read: 2 };

const further = (next: Delivery, now: Delivery): boolean => ORDER[next] > ORDER[now];
