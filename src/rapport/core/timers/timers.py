"""Setting timers in a session's transaction, and running those whose time has come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog
from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.core import clock
from rapport.core.database import Database, WriteSession
from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.telemetry.metrics import Metrics
from rapport.core.timers.models import TimerRow

POLL_SECONDS = 1.0
# A timer that fails is tried again after 1, 2, 4 … seconds, at most an hour apart, for ever: what it
# stands for (ending a conversation, freeing an agent) has to happen some day.
LONGEST_PAUSE_SECONDS = 3600

logger = structlog.get_logger(__name__)


class Timer(msgspec.Struct, frozen=True):
    """A timer whose time has come, as its handler sees it."""

    kind: str
    key: str
    scope: Scope
    due_at: datetime
    payload: dict[str, Any]


Handler = Callable[[Timer, WriteSession], Awaitable[None]]


async def schedule(
    session: WriteSession,
    kind: str,
    key: str,
    scope: Scope,
    due_at: datetime,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Have something happen at a time; a timer of this kind and key is moved to the new time."""
    values = {
        "company_id": scope.company_id,
        "environment": scope.environment,
        "due_at": due_at,
        "payload": dict(payload or {}),
        "failed_count": 0,
    }
    await session.execute(
        _dialect(session)
        .insert(TimerRow)
        .values(kind=kind, key=key, **values)
        .on_conflict_do_update(index_elements=["kind", "key"], set_=values)
    )


async def cancel(session: WriteSession, kind: str, key: str) -> None:
    """Have it not happen; a timer that is not there is no error."""
    await session.execute(delete(TimerRow).where(TimerRow.kind == kind, TimerRow.key == key))


class Timers:
    """Runs due timers on this node, each in a transaction of its own with the row's removal."""

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        metrics: Metrics | None = None,
    ) -> None:
        self._database = database
        self._handlers = dict(handlers)
        self._metrics = metrics or Metrics()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look for due timers, each second."""
        self._task = asyncio.create_task(self._run(), name="timers")

    async def close(self) -> None:
        """Stop; a handler at work is rolled back and runs again elsewhere or later."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def run_due(self) -> int:
        """Run every timer that is due by the clock; return how many ran well."""
        now = clock.now()
        count = 0
        while await self._is_any_due(now):
            outcome = await self._run_one(now)
            if outcome is None:
                break  # what is left is being run by other nodes
            count += outcome
        return count

    async def _run(self) -> None:
        while True:
            try:
                await self.run_due()
            except Exception as error:
                # The database is away; due timers stay due.
                logger.warning("timers_interrupted", error=type(error).__name__)
            await asyncio.sleep(POLL_SECONDS)

    async def _is_any_due(self, now: datetime) -> bool:
        """Look without the right to write: on an embedded database that keeps others from writing."""
        async with self._database.reading() as session:
            return bool(
                await session.scalar(select(exists(self._due(now).with_only_columns(TimerRow.id))))
            )

    async def _run_one(self, now: datetime) -> bool | None:
        """Claim and run one timer: whether it ran well; None when all are claimed by others."""
        claimed: Timer | None = None
        try:
            async with self._database.writing() as session:
                claimed = await self._claim(session, now)
                if claimed is not None:
                    await self._handlers[claimed.kind](claimed, session)
        except Exception as error:
            if claimed is None:
                raise
            await self._postpone(claimed, error)
            return False
        if claimed is None:
            return None
        self._metrics.timers_fired_total.labels(claimed.kind).inc()
        return True

    def _due(self, now: datetime) -> Any:
        return (
            select(TimerRow)
            .where(TimerRow.due_at <= now, TimerRow.kind.in_(sorted(self._handlers)))
            .order_by(TimerRow.due_at)
            .limit(1)
        )

    async def _claim(self, session: WriteSession, now: datetime) -> Timer | None:
        row = await session.scalar(self._due(now).with_for_update(skip_locked=True))
        if row is None:
            return None
        # Removed before the handler runs, which may set the same timer again.
        await session.execute(delete(TimerRow).where(TimerRow.id == row.id))
        session.expunge(row)
        scope = Scope(CompanyId(row.company_id), Environment(row.environment))
        return Timer(row.kind, row.key, scope, row.due_at, row.payload)

    async def _postpone(self, timer: Timer, error: Exception) -> None:
        logger.exception("timer_failed", kind=timer.kind, key=timer.key, exc_info=error)
        self._metrics.timers_failed_total.labels(timer.kind).inc()
        # A timer set anew meanwhile is another one, though it has the same name.
        this = (
            TimerRow.kind == timer.kind,
            TimerRow.key == timer.key,
            TimerRow.due_at == timer.due_at,
        )
        async with self._database.writing() as session:
            failed = await session.scalar(select(TimerRow.failed_count).where(*this))
            if failed is None:
                return
            pause = timedelta(seconds=min(2**failed, LONGEST_PAUSE_SECONDS))
            await session.execute(
                update(TimerRow)
                .where(*this)
                .values(due_at=clock.now() + pause, failed_count=failed + 1)
            )


def _dialect(session: AsyncSession) -> Any:
    return sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
