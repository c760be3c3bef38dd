"""Corrections written down together, shortly after they are offered, and found again by their id."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

import structlog
from sqlalchemy import delete, insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.fluency.models import WORD_LENGTH, SpellingCorrection
from rapport.compose.fluency.settings import FluencySettings
from rapport.core import clock
from rapport.core.database import Database
from rapport.core.identity import Scope
from rapport.core.ids import new_id

# An agent needs longer than this to undo a correction.
GATHER_SECONDS = 0.05
# While the database is away so many wait; the oldest are given up first.
MOST_WAITING = 10_000
TIDY_EVERY = timedelta(hours=1)

logger = structlog.get_logger(__name__)


async def find(
    session: AsyncSession, scope: Scope, correction_id: str
) -> SpellingCorrection | None:
    """Return a correction of the company in this environment; None for any other id (CMP-078)."""
    found = await session.get(SpellingCorrection, correction_id)
    return found if found is not None and found.scope == scope else None


class Corrections:
    """Writes down what this node corrects: off the path of the request, many in one transaction."""

    def __init__(self, database: Database, settings: FluencySettings) -> None:
        self._database = database
        self._kept = timedelta(days=settings.keep_corrections_days)
        self._waiting: list[dict[str, object]] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._tidied = clock.now()

    def start(self) -> None:
        """Write from now on."""
        self._task = asyncio.create_task(self._run(), name="fluency-corrections")

    async def close(self) -> None:
        """Write what waits, and stop. A batch on its way is not interrupted."""
        self._closing = True
        self._wake.set()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        with contextlib.suppress(SQLAlchemyError, OSError):
            await self._write()

    def note(self, scope: Scope, agent_id: str | None, misspelled: str, corrected: str) -> str:
        """Have a redacted correction written down; returns its id."""
        correction_id = new_id()
        self._waiting.append(
            {
                "id": correction_id,
                "company_id": scope.company_id,
                "environment": scope.environment,
                "agent_id": agent_id,
                "misspelled": misspelled[:WORD_LENGTH],
                "corrected": corrected[:WORD_LENGTH],
                "created_at": clock.now(),
            }
        )
        del self._waiting[:-MOST_WAITING]
        self._wake.set()
        return correction_id

    async def _run(self) -> None:
        while not self._closing:
            await self._wake.wait()
            self._wake.clear()
            if not self._closing:
                await asyncio.sleep(GATHER_SECONDS)
            try:
                await self._write()
            except (SQLAlchemyError, OSError) as error:
                logger.warning("corrections_not_written", error=type(error).__name__)
                self._wake.set()

    async def _write(self) -> None:
        rows = self._waiting[:]
        if not rows:
            return
        now = clock.now()
        async with self._database.writing() as session:
            await session.execute(insert(SpellingCorrection), rows)
            if now - self._tidied >= TIDY_EVERY:
                old = SpellingCorrection.created_at < now - self._kept
                await session.execute(delete(SpellingCorrection).where(old))
                self._tidied = now
        written = {row["id"] for row in rows}
        self._waiting = [row for row in self._waiting if row["id"] not in written]
