"""The log's writer on PostgreSQL: one connection a shard, one statement a table a batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import asyncpg
from sqlalchemy.dialects import postgresql

from rapport.core.database import Database
from rapport.core.errors import Unavailable
from rapport.core.log.batch import EVENT_COLUMNS, KnownKeys, fresh_counts, keys_of, place
from rapport.core.log.log import Appended, Prepared, RowInsert
from rapport.core.log.models import LoggedEvent

# The heads are locked in one order on every node, so two batches never wait for each other in a ring.
_HEADS = """
INSERT INTO stream (kind, id, head)
SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) AS given (kind, id, count)
ORDER BY kind, id
ON CONFLICT (kind, id) DO UPDATE SET head = stream.head + excluded.head
RETURNING kind, id, head
"""
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


def _insert(into: RowInsert, first: str = "") -> str:
    types = [into.table.c[name].type.compile(_DIALECT) for name in into.columns]
    arrays = ", ".join(f"${index}::{kind}[]" for index, kind in enumerate(types, start=1))
    names = ", ".join(into.columns)
    extra_name, extra_value = (
        ("txid, ", "pg_current_xact_id()::text::bigint, ") if first else ("", "")
    )
    # Names come from our own tables, never from a request.
    return (
        f"INSERT INTO {into.table.name} ({extra_name}{names}) "  # noqa: S608
        f"SELECT {extra_value}{names} FROM unnest({arrays}) AS given ({names})"
    )


@lru_cache
def _insert_rows(into: RowInsert) -> str:
    return _insert(into)


_EVENTS = RowInsert(LoggedEvent.__table__)  # type: ignore[arg-type]
_EVENTS.columns = EVENT_COLUMNS
_INSERT_EVENTS = _insert(_EVENTS, first="txid")


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
            async with self._connection.transaction():
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
        counts = [(*stream, count) for stream, count in fresh_counts(batch, known).items()]
        if not counts:
            return place(batch, known, {}).answers
        heads = await connection.fetch(_HEADS, *_columns(counts))
        placed = place(batch, known, {(kind, stream): head for kind, stream, head in heads})
        await connection.execute(_INSERT_EVENTS, *_columns(placed.events))
        for into, values in placed.rows.items():
            await connection.execute(_insert_rows(into), *_columns(values))
        return placed.answers


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
