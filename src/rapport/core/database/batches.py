"""Rows written beside the requests: many in one transaction, a moment after they are known.

    writer = BatchWriter(
        database, table, gather_seconds=0.5, most_waiting=10_000, kept=timedelta(days=7), before=older
    )
    writer.start()
    writer.add({"id": new_id(), "text": "..."})

For what a node that dies may lose, and what would cost every request a commit.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Table, delete
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from rapport.core import clock
from rapport.core.database.bulk import Upsert, write
from rapport.core.database.database import Database

# A transaction with more rows would keep everybody else from writing for too long (SQLite).
BATCH = 500
# While the database is away it is tried this often.
RETRY_SECONDS = 0.5
# What has been kept long enough is looked for this often.
SWEEPING_SECONDS = 600.0
# The class of PostgreSQL's codes for values that a column does not take.
_DATA_EXCEPTION = "22"

logger = structlog.get_logger(__name__)

Row = Mapping[str, Any]


class BatchWriter:
    """Writes rows of one table in batches, and deletes those that have been kept long enough.

    Every row gives the same columns. A row whose primary key is there already is replaced, so that a
    batch may be written again whose commit was not acknowledged. While the database is away rows wait,
    at most `most_waiting` of them; the oldest are given up first. `before` says which rows of the
    table are older than a moment.
    """

    def __init__(
        self,
        database: Database,
        table: Table,
        *,
        gather_seconds: float,
        most_waiting: int,
        kept: timedelta,
        before: Callable[[datetime], ColumnElement[bool]],
    ) -> None:
        self._database = database
        self._table = table
        self._gather_seconds = gather_seconds
        self._most_waiting = most_waiting
        self._kept = kept
        self._before = before
        self._waiting: list[Row] = []
        self._wake = asyncio.Event()
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._swept_at = time.monotonic()

    def add(self, row: Row) -> None:
        """Have a row written."""
        self._waiting.append(row)
        del self._waiting[: -self._most_waiting]
        self._wake.set()

    def start(self) -> None:
        """Write from now on."""
        self._task = asyncio.create_task(self._run(), name=f"writing-{self._table.name}")

    async def close(self) -> None:
        """Write what waits, and stop. A batch on its way is not interrupted: nobody else has it."""
        self._closing.set()
        self._wake.set()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        await self._write_all()

    async def sweep(self) -> None:
        """Delete what has been kept long enough."""
        old = self._before(clock.now() - self._kept)
        try:
            async with self._database.writing() as session:
                await session.execute(delete(self._table).where(old))
        except Exception as error:
            self._warn("rows_not_swept", error)

    async def _run(self) -> None:
        while not self._closing.is_set():
            await _happens(self._wake, SWEEPING_SECONDS)
            self._wake.clear()
            await _happens(self._closing, self._gather_seconds)
            if not await self._write_all():
                self._wake.set()
                await _happens(self._closing, RETRY_SECONDS)
            if time.monotonic() - self._swept_at > SWEEPING_SECONDS:
                self._swept_at = time.monotonic()
                await self.sweep()

    async def _write_all(self) -> bool:
        """Write what waits; False when the database is away."""
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            try:
                await self._write_batch(batch)
            except Exception as error:
                self._waiting = (batch + self._waiting)[-self._most_waiting :]
                self._warn("rows_wait", error)
                return False
        return True

    async def _write_batch(self, batch: Sequence[Row]) -> None:
        try:
            await self._write(batch)
        except DBAPIError as error:
            if not _is_a_rows_fault(error):
                raise
            if len(batch) == 1:
                self._warn("row_refused", error)
                return
            # One that can never be written must not keep the others waiting.
            for row in batch:
                await self._write_batch([row])

    async def _write(self, batch: Sequence[Row]) -> None:
        columns = tuple(batch[0])
        rows = [tuple(row[column] for column in columns) for row in batch]
        async with self._database.writing() as session:
            connection = await session.connection()
            await connection.run_sync(write, [Upsert(self._table, columns, rows)])

    def _warn(self, what: str, error: Exception) -> None:
        kind = type(error).__name__
        logger.warning(what, table=self._table.name, waiting=len(self._waiting), error=kind)


def _is_a_rows_fault(error: DBAPIError) -> bool:
    state = str(getattr(error.orig, "sqlstate", ""))
    return isinstance(error, DataError | IntegrityError) or state.startswith(_DATA_EXCEPTION)


async def _happens(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, so long at most."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
