"""The log's writer on SQLite: one go of the database's writing thread, one statement a table a batch.

A batch travels into SQLite as one JSON array a table (`json_each`). Between Python and SQLite the
interpreter's lock changes hands at every step of a statement; with a row a step a busy event loop
made the writer wait its turn for each row (measured under a spinning thread: 55 messages a second
against 10,800 with one statement a table and a switch interval of a millisecond).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import msgspec

from rapport.core.database import Database
from rapport.core.log.batch import EVENT_COLUMNS, KnownKeys, fresh_counts, keys_of, place
from rapport.core.log.events import Recorded
from rapport.core.log.log import Appended, Prepared, RowInsert
from rapport.core.log.tail import ONE_WRITER, recorded_of

Committed: TypeAlias = Callable[[Sequence[Recorded]], None]

_encode = msgspec.json.Encoder().encode

_HEADS = """
INSERT INTO stream (kind, id, head)
SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true
ON CONFLICT (kind, id) DO UPDATE SET head = head + excluded.head
RETURNING kind, id, head
"""
_KNOWN = """
SELECT k.stream_kind, k.stream_id, k.key, k.seq, k.answer
FROM json_each(?) AS asked
JOIN append_key AS k ON k.stream_kind = asked.value ->> 0
  AND k.stream_id = asked.value ->> 1 AND k.key = asked.value ->> 2
"""


def _insert(table: str, columns: Sequence[str]) -> str:
    values = ", ".join(f"value ->> {index}" for index in range(len(columns)))
    # Names come from our own tables, never from a request.
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM json_each(?)"  # noqa: S608


@lru_cache
def _insert_rows(into: RowInsert) -> str:
    return _insert(into.table.name, into.columns)


_INSERT_EVENTS = _insert("event", ("txid", *EVENT_COLUMNS))


class SqliteStore:
    """Commits batches to an embedded database, and hands what it has committed to who reads the log.

    Whatever a batch adds lies together in the log: a reader that has come to its first event need not
    ask the database for the rest.
    """

    def __init__(self, database: Database, committed: Committed | None = None) -> None:
        self._database = database
        self._committed = committed or _nobody

    async def open(self) -> None:
        """Nothing to open: the database's own thread connects when it first writes."""

    async def write(self, batch: Sequence[Prepared]) -> list[Appended]:
        """Commit a batch."""
        answers, events = await self._database.at_once(lambda each: self._write_in(each, batch))
        if events:
            self._committed(events)
        return answers

    async def close(self) -> None:
        """Nothing to close."""

    def _write_in(self, connection: sqlite3.Connection, batch: Sequence[Prepared]) -> _Written:
        known: KnownKeys = {}
        asked = keys_of(batch)
        if asked:
            found = connection.execute(_KNOWN, (_json(asked),)).fetchall()
            known = {(kind, stream, key): (seq, answer) for kind, stream, key, seq, answer in found}
        counts = [(*stream, count) for stream, count in fresh_counts(batch, known).items()]
        heads = connection.execute(_HEADS, (_json(counts),)).fetchall()
        placed = place(batch, known, {(kind, stream): head for kind, stream, head in heads})
        if not placed.events:
            return _Written(placed.answers, [])
        rows = [(0, *event) for event in placed.events]
        last = connection.execute(_INSERT_EVENTS, (_json(rows),)).lastrowid or 0
        for into, values in placed.rows.items():
            connection.execute(_insert_rows(into), (_json(values),))
        numbered = enumerate(rows, start=last - len(rows) + 1)
        events = [recorded_of((event_id, *row), *ONE_WRITER) for event_id, row in numbered]
        return _Written(placed.answers, events)


class _Written(NamedTuple):
    answers: list[Appended]
    events: list[Recorded]


def _nobody(_events: Sequence[Recorded]) -> None:
    """Nobody reads along."""


def _json(value: object) -> str:
    return _encode(value).decode()
