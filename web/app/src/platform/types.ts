/** Answers of the desk's HTTP, as docs/protocol.md gives them. */
export type PersonRole = "agent" | "supervisor" | "administrator" | "developer";

export type Permission =
  | "serve_conversations"
  | "watch_conversations"
  | "manage_people"
  | "manage_configuration"
  | "manage_responses"
  | "read_audit"
  | "use_portal";

export interface Person {
  id: string;
  name: string;
  email: string;
  role: PersonRole;
  /** Signed in with a one-time password: a new one is due. */
  must_change_password?: boolean;
  permissions: readonly Permission[];
}

export interface Company {
  marker: string;
  name: string;
  /** IANA: where nothing is known of a customer's own, it is this time of day. */
  time_zone: string;
}

export interface Session {
  person: Person;
  company: Company;
  csrf: string;
}

export type AgentStatus = "active" | "away";

export interface Party {
  id: string;
  external_id: string | null;
  name: string | null;
}

export interface Summary {
  id: string;
  channel: string;
  customer: Party;
  agent: Party | null;
  opened_at: string;
  ended_at: string | null;
  last_at: string | null;
  last_text: string | null;
  last_role: "customer" | "agent" | "system" | null;
  waiting_since: string | null;
  unread: number;
}

export interface Inbox {
  status: AgentStatus;
  slots: number;
  conversations: Summary[];
  /** Where the topic `me` goes on from. */
  cursor: string;
}

export interface Note {
  author: string;
  text: string;
  /** RFC 3339. */
  written_at: string;
}

/** Somebody who serves conversations. */
export interface Colleague {
  id: string;
  name: string;
  role: PersonRole;
  status: AgentStatus;
  slots: number;
  used: number;
}

export interface ConversationDetail extends Summary {
  metadata: Record<string, string>;
  notes: Note[];
}

export interface SummaryPage {
  items: Summary[];
  nextCursor: string | null;
  /** Where the topic `conversations` continues this list. */
  cursor: string;
}

export interface Suggestion {
  text: string;
  templateText: string;
  title?: string | null;
}
