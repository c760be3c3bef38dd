"""Reading the log: from a position on in tail order, or one stream from a sequence number on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from rapport.core.database import Database
from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.log.events import Position, Recorded, Stream

_COLUMNS = (
    "id, txid, company_id, environment, stream_kind, stream_id, seq, type, audience, actor, "
    "occurred_at, recorded_at, payload"
)
_AFTER_SQLITE = text(
    f"SELECT {_COLUMNS} FROM event WHERE id > :id ORDER BY id LIMIT :limit"  # noqa: S608
)
_AFTER_POSTGRES = text(f"""
SELECT {_COLUMNS} FROM event
WHERE txid >= :low AND txid < :high AND id > :id ORDER BY id LIMIT :limit
""")  # noqa: S608
# The oldest transaction that may still write an event. Transaction numbers are the whole server's; one
# of another database never writes here, however long it runs. Whoever has left the list of activities
# has ended, so the next statement sees what it wrote.
_HORIZON = text("""
SELECT coalesce(min(running::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
FROM pg_snapshot_xip(pg_current_snapshot()) AS running
WHERE EXISTS (
  SELECT FROM pg_stat_get_activity(NULL) AS a, pg_database AS d
  WHERE d.datname = current_database() AND a.datid = d.oid
    AND a.backend_xid::text::bigint = running::text::bigint & 4294967295
) OR EXISTS (
  SELECT FROM pg_prepared_xacts AS p WHERE p.database = current_database()
    AND p.transaction::text::bigint = running::text::bigint & 4294967295
)
""")
# The same for a snapshot taken earlier: what has ended since is not in it, so only what is known to be
# another database's is left out.
_HORIZON_OF_SNAPSHOT = text("""
SELECT coalesce(min(running::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
FROM pg_snapshot_xip(pg_current_snapshot()) AS running
WHERE NOT EXISTS (
  SELECT FROM pg_stat_get_activity(NULL) AS a, pg_database AS d
  WHERE d.datname = current_database() AND a.datid <> d.oid
    AND a.backend_xid::text::bigint = running::text::bigint & 4294967295
)
""")
_STREAM = text(f"""
SELECT {_COLUMNS} FROM event
WHERE stream_kind = :kind AND stream_id = :stream AND seq > :seq ORDER BY seq LIMIT :limit
""")  # noqa: S608
_BETWEEN = text(f"""
SELECT {_COLUMNS} FROM event
WHERE txid >= :low AND (txid >= :high OR id > :id)
  AND (txid < :end_low OR (txid < :end_high AND id <= :end_id))
  AND company_id = :company AND environment = :environment AND id > :from
ORDER BY id LIMIT :limit
""")  # noqa: S608
# On SQLite every event is written in "transaction 0": one window that never ends.
ONE_WRITER = (0, 1)
_LAST = text("SELECT max(id) FROM event")


def recorded_of(row: Sequence[Any], low: int, high: int) -> Recorded:
    """Return an event of the log from its columns, with its place in a window."""
    (
        event_id,
        transaction,
        company,
        environment,
        kind,
        stream,
        seq,
        event_kind,
        audience,
        actor,
        occurred_at,
        recorded_at,
        payload,
    ) = row
    return Recorded(
        position=Position(low, high, event_id),
        transaction=transaction,
        scope=Scope(CompanyId(company), Environment(environment)),
        stream_kind=kind,
        stream_id=stream,
        seq=seq,
        kind=event_kind,
        audience=audience,
        actor=msgspec.Raw(actor.encode()),
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        payload=msgspec.Raw(payload.encode()),
    )


class Tail:
    """Reads the log; never skips an event that commits late (see the package docstring)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def after(self, position: Position, limit: int = 500) -> Sequence[Recorded]:
        """Return the next events after a position, in tail order, at most `limit`."""
        async with self._database.engine.connect() as connection:
            if self._database.is_sqlite:
                values = {"id": position.id, "limit": limit}
                rows = await connection.execute(_AFTER_SQLITE, values)
                return [recorded_of(row, *ONE_WRITER) for row in rows]
            return await _after_on_postgres(connection, position, limit)

    async def current(self, session: AsyncSession) -> Position:
        """Return the position up to which a session's snapshot can be read."""
        if self._database.is_sqlite:
            return Position(*ONE_WRITER, (await session.execute(_LAST)).scalar_one() or 0)
        horizon = (await session.execute(_HORIZON_OF_SNAPSHOT)).scalar_one()
        return Position(horizon, horizon, 0)

    async def between(
        self, after: Position, up_to: Position, scope: Scope, from_id: int, limit: int = 500
    ) -> Sequence[Recorded]:
        """Return a scope's events after one position and up to another, by id, from an id on.

        The two may come from nodes whose windows were cut differently: they are compared as the
        sets of events they cover.
        """
        values = {
            "company": scope.company_id,
            "environment": scope.environment,
            "low": after.low,
            "high": after.high,
            "id": after.id,
            "end_low": up_to.low,
            "end_high": up_to.high,
            "end_id": up_to.id,
            "from": from_id,
            "limit": limit,
        }
        async with self._database.engine.connect() as connection:
            rows = await connection.execute(_BETWEEN, values)
            return [recorded_of(row, up_to.low, up_to.high) for row in rows]

    async def stream(self, stream: Stream, after: int, limit: int = 500) -> Sequence[Recorded]:
        """Return the next events of one stream after a sequence number, at most `limit`."""
        values = {"kind": stream.kind, "stream": stream.id, "seq": after, "limit": limit}
        async with self._database.engine.connect() as connection:
            rows = await connection.execute(_STREAM, values)
            found = [recorded_of(row, 0, 0) for row in rows]
        return [recorded for recorded in found if recorded.scope == stream.scope]


async def _after_on_postgres(
    connection: AsyncConnection, position: Position, limit: int
) -> Sequence[Recorded]:
    low, high, last = position
    if low < high:
        window = {"low": low, "high": high, "id": last, "limit": limit}
        rest = [
            recorded_of(r, low, high) for r in await connection.execute(_AFTER_POSTGRES, window)
        ]
        if rest:
            return rest
    horizon = (await connection.execute(_HORIZON)).scalar_one()
    if horizon <= high:
        return []
    window = {"low": high, "high": horizon, "id": 0, "limit": limit}
    return [
        recorded_of(r, high, horizon) for r in await connection.execute(_AFTER_POSTGRES, window)
    ]
