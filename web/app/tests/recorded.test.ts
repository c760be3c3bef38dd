/** The board against conversations recorded from a real server (`python -m tests.events.record`). */
import type { Frame } from "@rapport/kit/stream";
import { folding } from "@rapport/kit/stream";
import { describe, expect, it } from "vitest";
import recordings from "../../kit/tests/fixtures/conversation.json";
import { boardOf, boardReducers, boardRowOf, type BoardRow } from "../src/live/board";
import type { Summary } from "../src/platform/types";

interface Recording {
  name: string;
  conversation: string;
  frames: { supervisor: Frame[] };
  states: { seq: number; conversation: Summary }[];
}

const advance = folding(boardReducers);

/** What the board shows of a conversation; times of opening and unread messages are not its own. */
function shown(row: BoardRow | undefined) {
  if (!row) return null;
  const { name, lastText, lastRole, lastAt, waitingSince, agent } = row;
  return { name, lastText, lastRole, lastAt, waitingSince, agent: agent && { id: agent.id, name: agent.name } };
}

describe.each(recordings as unknown as Recording[])("the $name conversation", ({ conversation, frames, states }) => {
  const events = frames.supervisor.flatMap((frame) => frame.events);

  it.each(states.map((state, index) => ({ state, before: states.slice(0, index) })))(
    "is on the board what a list would show at $state.seq",
    ({ state, before }) => {
      const listed = state.conversation.ended_at ? null : shown(boardRowOf(state.conversation));
      const empty = { board: { ...boardOf([]), cursor: "0" }, seq: 0 };
      const starts = before.map(({ conversation: summary, seq }) => ({
        board: boardOf([{ items: [summary], nextCursor: null, cursor: "0" }]), seq,
      }));
      for (const { board, seq } of [empty, ...starts]) {
        const since = events.filter((event) => event.seq > seq && event.seq <= state.seq);
        const frame: Frame = { topic: "conversations", after: "0", cursor: "then", events: since };

        expect(shown(advance(board, frame).rows.get(conversation))).toEqual(listed);
      }
    },
  );
});
