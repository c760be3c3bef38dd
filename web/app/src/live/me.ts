import { TopicStore, type Connection, type Folded, type Recorded, type Reducer } from "@rapport/kit/stream";
import type { AgentStatus } from "../platform/types";

export interface Assignment {
  readonly conversation: string;
  readonly customer: { readonly id: string; readonly name: string | null };
  /** RFC 3339. */
  readonly at: string;
}

/** What the topic `me` tells an agent: the own status and the conversations that are theirs. */
export interface Me extends Folded {
  readonly status: AgentStatus | null;
  readonly assignments: readonly Assignment[];
}

const NOTHING: Me = { cursor: null, status: null, assignments: [] };

const statusChanged = (me: Me, { data }: Recorded<{ status: AgentStatus }>): Me => ({
  ...me,
  status: data.status,
});

const assignmentMade = (
  me: Me,
  { at, data }: Recorded<{ conversation: string; customer: Assignment["customer"] }>,
): Me => ({
  ...me,
  assignments: [...without(me, data.conversation), { at, ...data }],
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

export const openMe = (connection: Connection): TopicStore<Me> =>
  new TopicStore(connection, "me", NOTHING, meReducers);
