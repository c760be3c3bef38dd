import { TopicStore, type Connection, type Folded, type Recorded, type Reducer } from "@rapport/kit/stream";
import type { AgentStatus, Inbox } from "../platform/types";

export interface Assignment {
  readonly conversation: string;
  readonly customer: { readonly id: string; readonly name: string | null };
}

/** What the topic `me` tells an agent: the own status and the conversations that are theirs. */
export interface Me extends Folded {
  readonly status: AgentStatus;
  readonly assignments: readonly Assignment[];
}

const statusChanged = (me: Me, { data }: Recorded<{ status: AgentStatus }>): Me => ({
  ...me,
  status: data.status,
});

const assignmentMade = (
  me: Me,
  { data }: Recorded<{ conversation: string; customer: Assignment["customer"] }>,
): Me => ({
  ...me,
  assignments: [...without(me, data.conversation), data],
});

const assignmentEnded = (me: Me, { data }: Recorded<{ conversation: string }>): Me => ({
  ...me,
  assignments: without(me, data.conversation),
});

const without = (me: Me, conversation: string): readonly Assignment[] =>
  me.assignments.filter((one) => one.conversation !== conversation);

export const meReducers = {
  "agent.status_changed": statusChanged as Reducer<Me>,
  "assignment.made": assignmentMade as Reducer<Me>,
  "assignment.ended": assignmentEnded as Reducer<Me>,
};

/** What the inbox told; the topic goes on from there. */
const meOf = ({ cursor, status, conversations }: Inbox): Me => ({
  cursor,
  status,
  assignments: conversations.map(({ id, customer }) => ({ conversation: id, customer })),
});

/** Follows `me` from where `inbox` stands; `reread` fetches the inbox anew when that is too long ago. */
export const openMe = (connection: Connection, inbox: Inbox, reread: () => Promise<Inbox>): TopicStore<Me> =>
  new TopicStore(connection, "me", meOf(inbox), meReducers, { snapshot: async () => meOf(await reread()) });
