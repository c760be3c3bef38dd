/** The shapes of the live protocol on the wire, exactly as docs/protocol.md gives them. */

export const PROTOCOL = 1;

export type Role = "customer" | "agent" | "system";

export interface Actor {
  role: Role | string;
  id: string;
  name?: string | null;
}

export interface You {
  kind: "person" | "customer";
  id: string;
  name: string | null;
  role: string;
}

interface WireCustomer {
  id: string;
  external_id?: string | null;
  name?: string | null;
}

interface WireParticipant {
  role: string;
  id: string | null;
  external_id: string;
  name?: string | null;
}

/** `data` of every event type this client folds. Unknown types pass through untouched. */
export interface EventData {
  "conversation.opened": {
    channel?: string;
    customer?: WireCustomer;
    external_id?: string | null;
  };
  "customer.identified": { customer: WireCustomer };
  "participant.joined": WireParticipant;
  "participant.left": WireParticipant & { reason?: string | null };
  "metadata.changed": { metadata: Record<string, unknown> };
  "message.sent": {
    message: string;
    text: string;
    role: Role;
    sent_at: string;
    key?: string | null;
  };
  "message.delivered": { role: Role; up_to: number };
  "message.read": { role: Role; up_to: number };
  "conversation.noted": { text: string };
  "conversation.ended": { reason: string };
}

/** An event as it stands in the log. */
export interface Recorded<Data = unknown> {
  conversation: string;
  seq: number;
  type: string;
  /** RFC 3339 time in UTC. */
  at: string;
  actor: Actor;
  data: Data;
}

export interface Frame {
  type?: "frame";
  topic: string;
  after: string;
  cursor: string;
  events: Recorded[];
}

export interface Signal {
  type?: "signal";
  topic: string;
  kind: string;
  from?: Actor;
  data: Record<string, unknown>;
}

export interface ErrorBody {
  requestId?: string;
  code?: string;
  name?: string;
  message: string;
}

export interface Answer {
  type: "ok" | "pong";
  id: string;
  cursor?: string;
  conversation?: string;
  message?: string;
  seq?: number;
}

export type ServerMessage =
  | { type: "welcome"; connection: string; heartbeat_seconds: number; you: You }
  | ({ type: "frame" } & Frame)
  | ({ type: "signal" } & Signal)
  | Answer
  | { type: "error"; id?: string | null; error: ErrorBody };

/** A request without its `id`, which the connection gives. */
export type Request =
  | { type: "open"; key: string; text: string; customer_info?: Record<string, unknown> }
  | { type: "send"; conversation: string; key: string; text: string }
  | { type: "mark"; conversation: string; delivered?: number; read?: number }
  | { type: "subscribe"; topic: string; cursor: string | null }
  | { type: "unsubscribe"; topic: string };

export const topicOf = (conversation: string): string => `conversation/${conversation}`;
