"""The log's writer on PostgreSQL: one connection a shard, one statement a batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import asyncpg
from sqlalchemy.dialects import postgresql

from rapport.core.database import Database
from rapport.core.errors import Unavailable
from rapport.core.log.batch import EVENT_COLUMNS, KnownKeys, StreamKey, fresh_counts, keys_of, place
from rapport.core.log.log import Appended, Prepared, RowInsert
from rapport.core.log.models import LoggedEvent

# Everything a batch adds is one statement, and so one way to the server and back: the heads move on, and
# each event and row takes its place from its stream's head, counted backwards. The heads are locked in
# one order on every node, so two batches never wait for each other in a ring; ids are drawn in order,
# after the stream's lock.
_HEADS = """
WITH head AS (
  INSERT INTO stream (kind, id, head)
  SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) AS given (kind, id, count)
  ORDER BY kind, id
  ON CONFLICT (kind, id) DO UPDATE SET head = stream.head + excluded.head
  RETURNING kind, id, head
)"""
_HEAD_PARAMETERS = 3
_KNOWN = """
SELECT k.stream_kind, k.stream_id, k.key, k.seq, k.answer
FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (kind, id, key)
JOIN append_key AS k ON k.stream_kind = asked.kind AND k.stream_id = asked.id AND k.key = asked.key
"""
# A write that hangs would hold back every reader's horizon.
_SESSION = {"statement_timeout": "15000", "idle_in_transaction_session_timeout": "10000"}
# The server, or the way to it, is gone; not something the batch did.
_AWAY = (
    TimeoutError,
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


@lru_cache
def _statement(tables: tuple[RowInsert, ...]) -> str:
    """The statement that adds events, and rows to these tables."""
    parts = [_HEADS, _insert(_EVENTS, "added", 1 + _HEAD_PARAMETERS, transaction=True)]
    parameter = 1 + _HEAD_PARAMETERS + len(_EVENTS.columns)
    for number, into in enumerate(tables):
        parts.append(_insert(into, f"added_{number}", parameter))
        parameter += len(into.columns) + len(_STREAM)
    # Names come from our own tables, never from a request.
    return ", ".join(parts) + " SELECT kind, id, head FROM head"  # noqa: S608


# Where a row's stream is told, when its own columns do not.
_STREAM = ("its_kind", "its_stream")


def _insert(into: RowInsert, name: str, parameter: int, *, transaction: bool = False) -> str:
    kinds = [into.table.c[column].type.compile(_DIALECT) for column in into.columns]
    kind, stream = ("stream_kind", "stream_id") if transaction else _STREAM
    given = into.columns if transaction else (*into.columns, *_STREAM)
    kinds += ["text"] * (len(given) - len(kinds))
    arrays = ", ".join(f"${parameter + n}::{kind}[]" for n, kind in enumerate(kinds))
    values = ["head.head + g.seq" if column == "seq" else f"g.{column}" for column in into.columns]
    columns = list(into.columns)
    if transaction:
        columns.append("txid")
        values.append("pg_current_xact_id()::text::bigint")
    # Names come from our own tables, never from a request.
    return (
        f"{name} AS (INSERT INTO {into.table.name} ({', '.join(columns)}) "  # noqa: S608
        f"SELECT {', '.join(values)} FROM unnest({arrays}) WITH ORDINALITY "
        f"AS g ({', '.join(given)}, n) "
        f"JOIN head ON head.kind = g.{kind} AND head.id = g.{stream} ORDER BY g.n)"
    )


_EVENTS = RowInsert(LoggedEvent.__table__)  # type: ignore[arg-type]
_EVENTS.columns = EVENT_COLUMNS


class PostgresStore:
    """Commits batches to PostgreSQL over a connection of its own, reopened when it breaks."""

    def __init__(self, database: Database, committed: Callable[[], None] | None = None) -> None:
        self._committed = committed or (lambda: None)
        self._dsn = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: asyncpg.Connection | None = None

    async def open(self) -> None:
        """Connect."""
        self._connection = await asyncpg.connect(self._dsn, server_settings=_SESSION)

    async def write(self, batch: Sequence[Prepared]) -> list[Appended]:
        """Commit a batch. Raises Unavailable while the server cannot be reached."""
        try:
            if self._connection is None or self._connection.is_closed():
                await self.open()
            assert self._connection is not None
            answers = await self._write_in(self._connection, batch)
        except _AWAY:
            raise Unavailable(what="the database") from None
        self._committed()
        return answers

    async def close(self) -> None:
        """Disconnect."""
        if self._connection is not None:
            await self._connection.close()

    async def _write_in(
        self, connection: asyncpg.Connection, batch: Sequence[Prepared]
    ) -> list[Appended]:
        known: KnownKeys = {}
        asked = keys_of(batch)
        if asked:
            found = await connection.fetch(_KNOWN, *_columns(asked))
            known = {tuple(row)[:3]: tuple(row)[3:] for row in found}
        counts = fresh_counts(batch, known)
        # Places are counted back from the heads, which only the statement itself comes to know: the
        # last event of a stream has 0.
        placed = place(batch, known, dict.fromkeys(counts, 0))
        if not counts:
            return placed.answers
        values = [*_columns([(*stream, count) for stream, count in counts.items()])]
        values += _columns(placed.events)
        for into in placed.rows:
            streams = zip(placed.rows[into], placed.streams[into], strict=True)
            values += _columns([(*row, *stream) for row, stream in streams])
        found = await connection.fetch(_statement(tuple(placed.rows)), *values)
        heads = {(kind, stream): head for kind, stream, head in found}
        return [
            answer if answer.seq > 0 else answer._replace(seq=answer.seq + heads[_stream_of(each)])
            for answer, each in zip(placed.answers, batch, strict=True)
        ]


def _stream_of(prepared: Prepared) -> StreamKey:
    return prepared.append.stream.kind, prepared.append.stream.id


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
