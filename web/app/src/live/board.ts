import type { EventData, Folded, Recorded, Reducer } from "@rapport/kit/stream";
import type { Summary, SummaryPage } from "../platform/types";
import { rowOfSummary, type Row } from "./summary";

export interface BoardRow extends Row {
  readonly agent: { readonly id: string; readonly name: string | null } | null;
  readonly openedAt: string;
}

/** Every live conversation of the company, as the topic `conversations` keeps it true. */
export interface Board extends Folded {
  readonly rows: ReadonlyMap<string, BoardRow>;
}

export const boardOf = (pages: readonly SummaryPage[]): Board => ({
  cursor: pages[0]?.cursor ?? null,
  rows: new Map(pages.flatMap((page) => page.items).map((summary) => [summary.id, boardRowOf(summary)])),
});

export const boardRowOf = (summary: Summary): BoardRow => ({
  ...rowOfSummary(summary),
  agent: summary.agent,
  openedAt: summary.opened_at,
});

type Of<T extends keyof EventData> = (row: BoardRow, event: Recorded<EventData[T]>) => BoardRow | null;

const identified: Of<"customer.identified"> = (row, { data }) => ({ ...row, name: data.customer.name ?? null });

const joined: Of<"participant.joined"> = (row, { data }) =>
  data.role === "agent" ? { ...row, agent: { id: idOf(data), name: data.name ?? null } } : row;

const left: Of<"participant.left"> = (row, { data }) => (row.agent?.id === idOf(data) ? { ...row, agent: null } : row);

/** An agent of an integrator's own system has no seat at the desk: lists name it by its external id. */
const idOf = ({ id, external_id }: EventData["participant.joined"]): string => id ?? external_id;

const said: Of<"message.sent"> = (row, event) => ({
  ...row,
  lastText: event.data.text,
  lastRole: event.data.role,
  lastAt: event.at,
  waitingSince: waitAfter(row, event),
});

/** Lists count from when the server knew: a message an integrator brings late has an earlier time. */
function waitAfter(row: BoardRow, { at, data }: Recorded<EventData["message.sent"]>): string | null {
  if (data.role === "agent") return null;
  return data.role === "customer" ? (row.waitingSince ?? at) : row.waitingSince;
}

/** How an event changes the row of its conversation; unknown conversations and null rows go. */
function onRow<T extends keyof EventData>(change: Of<T>): Reducer<Board> {
  const reduce = (board: Board, event: Recorded<EventData[T]>): Board => {
    const row = board.rows.get(event.conversation);
    const next = row && change(row, event);
    return row === undefined || next === row ? board : withRow(board, event.conversation, next ?? null);
  };
  return reduce as Reducer<Board>;
}

const opened = (board: Board, { conversation, at, data }: Recorded<EventData["conversation.opened"]>): Board =>
  board.rows.has(conversation)
    ? board
    : withRow(board, conversation, {
        id: conversation,
        name: data.customer?.name ?? null,
        lastText: null,
        lastRole: null,
        lastAt: at,
        waitingSince: null,
        unread: 0,
        typing: false,
        ended: false,
        agent: null,
        openedAt: at,
      });

function withRow(board: Board, id: string, row: BoardRow | null): Board {
  const rows = new Map(board.rows);
  if (row) rows.set(id, row);
  else rows.delete(id);
  return { ...board, rows };
}

export const boardReducers: Readonly<Record<string, Reducer<Board>>> = {
  "conversation.opened": opened as Reducer<Board>,
  "customer.identified": onRow<"customer.identified">(identified),
  "participant.joined": onRow<"participant.joined">(joined),
  "participant.left": onRow<"participant.left">(left),
  "message.sent": onRow<"message.sent">(said),
  "conversation.ended": onRow<"conversation.ended">(() => null),
};
