"""Replacing the whole draft, by a list from elsewhere or by an old version of it.

What stays the same keeps its id.

What is to be written is worked out beforehand, from the draft as it was read. Writing it then takes a few
statements: on an embedded database nobody else writes meanwhile, and row by row a full list took seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import Connection, Table, delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.globals.draft import Draft
from rapport.compose.globals.ledger import Ledger
from rapport.compose.globals.models import GlobalFolder, GlobalResponse
from rapport.compose.globals.rows import (
    Content,
    FolderContent,
    Paths,
    Responses,
    content_of,
    folder_rows,
    ledger_of_folders,
    ledger_of_responses,
    response_rows,
)
from rapport.core.database import WriteSession, bulk
from rapport.core.ids import new_id

R = TypeVar("R", GlobalResponse, GlobalFolder)
S = TypeVar("S")


class Line(NamedTuple):
    """A response of a list from elsewhere; `folder` holds the names from the top down."""

    text: str
    title: str = ""
    folder: tuple[str, ...] = ()
    conditions: list[dict[str, Any]] = []  # noqa: RUF012 (never changed)


class Replaced(NamedTuple):
    """How many responses became what."""

    added: int
    changed: int
    removed: int
    unchanged: int


class Standing(NamedTuple):
    """The draft as it was read, no part of any session."""

    company_id: str
    number: int
    responses: Sequence[GlobalResponse]
    folders: Sequence[GlobalFolder]


class Changes(NamedTuple):
    """What is to be written of one table, ids of rows among it."""

    table: Table
    columns: tuple[str, ...]
    added: Sequence[tuple[Any, ...]]
    deleted: Sequence[str]
    ended: Sequence[str]
    resumed: Sequence[str]


class Plan(NamedTuple):
    """What makes of the draft the list that was given."""

    number: int
    changes: Sequence[Changes]


class Then(NamedTuple):
    """What a version says, by the ids of its responses and folders."""

    responses: Mapping[str, Content]
    folders: Mapping[str, FolderContent]


async def standing(session: AsyncSession, company_id: str, number: int) -> Standing:
    """Read the draft: the version with a number, as it is until it is saved."""
    folders = await folder_rows(session, company_id, number)
    responses = await response_rows(session, company_id, number)
    for row in (*folders, *responses):
        session.expunge(row)
    return Standing(company_id, number, responses, folders)


def planned(draft: Standing, lines: Sequence[Line]) -> tuple[Plan, Replaced]:
    """Work out how the draft comes to hold exactly these responses (CMP-185).

    A line takes over the response that says just the same, else one with the same text, else one
    with the same title in the same folder; folders that no line names are gone. The rows that were read
    are used up by it.
    """
    at = draft.company_id, draft.number
    in_folders = _Gathered(GlobalFolder, draft.folders)
    folders = ledger_of_folders(in_folders, *at, draft.folders)
    paths = Paths(folders)
    wanted = [
        Content(line.text, line.title, paths.at(line.folder), line.conditions) for line in lines
    ]
    in_responses = _Gathered(GlobalResponse, draft.responses)
    ledger = ledger_of_responses(in_responses, *at, draft.responses)
    ids = _matched(ledger, wanted)
    before = len(ledger.standing)
    changed = 0
    for response_id, said in zip(ids, wanted, strict=True):
        is_known = response_id in ledger.standing
        changed += ledger.put(response_id, said) and is_known
    gone = ledger.standing.keys() - set(ids)
    for response_id in gone:
        ledger.put(response_id, None)
    for folder_id in folders.standing.keys() - paths.used:
        folders.put(folder_id, None)
    kept = before - len(gone)
    replaced = Replaced(len(wanted) - kept, changed, len(gone), kept - changed)
    return Plan(draft.number, [in_folders.changes(), in_responses.changes()]), replaced


def planned_as_then(draft: Standing, then: Then) -> Plan:
    """Work out how the draft comes to say what a version says (CMP-199).

    Everything keeps its id. The rows that were read are used up by it.
    """
    at = draft.company_id, draft.number
    in_folders = _Gathered(GlobalFolder, draft.folders)
    _say(ledger_of_folders(in_folders, *at, draft.folders), then.folders)
    in_responses = _Gathered(GlobalResponse, draft.responses)
    _say(ledger_of_responses(in_responses, *at, draft.responses), then.responses)
    return Plan(draft.number, [in_folders.changes(), in_responses.changes()])


def _say(ledger: Ledger[R, S], wanted: Mapping[str, S]) -> None:
    """Let the draft say just this."""
    for key in ledger.standing.keys() - wanted.keys():
        ledger.put(key, None)
    for key, said in wanted.items():
        ledger.put(key, said)


async def write(session: WriteSession, plan: Plan) -> None:
    """Write what was worked out; the draft must be as it was then."""
    connection = await session.connection()
    for changes in plan.changes:
        await connection.run_sync(_write, changes, plan.number)


def _write(connection: Connection, changes: Changes, number: int) -> None:
    table = changes.table
    if changes.deleted:
        gone = bulk.among(connection, table.c.id, changes.deleted)
        connection.execute(delete(table).where(gone))
    for until, ids in ((number, changes.ended), (None, changes.resumed)):
        if ids:
            meant = bulk.among(connection, table.c.id, ids)
            connection.execute(update(table).where(meant).values(until=until))
    bulk.write(connection, [bulk.Upsert(table, changes.columns, changes.added)])


async def replace_all(draft: Draft, lines: Sequence[Line]) -> Replaced:
    """Make the draft hold exactly these responses, within its transaction."""
    before = await standing(draft.session, draft.company_id, draft.number)
    plan, replaced = planned(before, lines)
    await write(draft.session, plan)
    return replaced


class _Gathered:
    """What a ledger does to the rows of a table, gathered to be written in a few statements."""

    def __init__(
        self,
        model: type[GlobalResponse | GlobalFolder],
        rows: Sequence[GlobalResponse | GlobalFolder],
    ) -> None:
        self._table = cast("Table", model.__table__)
        # As they lie in the database, by what stands for them here.
        self._before = {id(row): (row, row.id, row.until) for row in rows}
        self._added: dict[int, Any] = {}
        self._deleted: dict[int, Any] = {}

    def add(self, row: Any) -> None:
        """Have a row written that was not there."""
        self._added[id(row)] = row

    def delete(self, row: Any) -> None:
        """Have a row deleted, or not written after all."""
        if self._added.pop(id(row), None) is None:
            self._deleted[id(row)] = row

    def changes(self) -> Changes:
        """Return what is to be written."""
        columns = tuple(self._table.c.keys())
        added, deleted = list(self._added.values()), list[str]()
        ended, resumed = list[str](), list[str]()
        for key, (row, row_id, until) in self._before.items():
            if key in self._deleted:
                deleted.append(row_id)
            elif row.id != row_id:
                # It says something else, and is another row by that.
                deleted.append(row_id)
                added.append(row)
            elif row.until != until:
                (resumed if row.until is None else ended).append(row_id)
        rows = [tuple(getattr(row, name) for name in columns) for row in added]
        return Changes(self._table, columns, rows, deleted, ended, resumed)


def _matched(ledger: Responses, wanted: Sequence[Content]) -> list[str]:
    """Return the id that each wanted response goes on under, a new one where none fits."""
    left = dict(ledger.standing)
    ids: list[str | None] = [None] * len(wanted)
    for sameness in (_all, _text, _title):
        free: dict[Hashable, list[GlobalResponse]] = defaultdict(list)
        for row in reversed(left.values()):
            free[sameness(content_of(row))].append(row)
        for place, said in enumerate(wanted):
            alike = free.get(sameness(said)) if ids[place] is None else None
            if alike:
                ids[place] = alike.pop().response_id
                del left[str(ids[place])]
    return [response_id or new_id() for response_id in ids]


Sameness = Callable[[Content], Hashable]


def _all(said: Content) -> Hashable:
    return said.text, said.title, said.folder_id, str(said.conditions)


def _text(said: Content) -> Hashable:
    return said.text


def _title(said: Content) -> Hashable:
    return said.title or object(), said.folder_id
