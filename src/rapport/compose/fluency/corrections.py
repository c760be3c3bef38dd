"""Corrections written down together, shortly after they are offered, and found again by their id."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.fluency.models import WORD_LENGTH, SpellingCorrection
from rapport.compose.fluency.settings import FluencySettings
from rapport.core import clock
from rapport.core.database import Database
from rapport.core.database.batches import BatchWriter
from rapport.core.identity import Scope
from rapport.core.ids import new_id

# An agent needs longer than this to undo a correction.
GATHER_SECONDS = 0.05
# While the database is away so many wait; the oldest are given up first.
MOST_WAITING = 10_000


async def find(
    session: AsyncSession, scope: Scope, correction_id: str
) -> SpellingCorrection | None:
    """Return a correction of the company in this environment; None for any other id (CMP-078)."""
    found = await session.get(SpellingCorrection, correction_id)
    return found if found is not None and found.scope == scope else None


class Corrections:
    """Writes down what this node corrects: off the path of the request, many in one transaction."""

    def __init__(self, database: Database, settings: FluencySettings) -> None:
        self._writer = BatchWriter(
            database,
            cast("Table", SpellingCorrection.__table__),
            gather_seconds=GATHER_SECONDS,
            most_waiting=MOST_WAITING,
            kept=timedelta(days=settings.keep_corrections_days),
            before=lambda moment: SpellingCorrection.created_at < moment,
        )

    def start(self) -> None:
        """Write from now on."""
        self._writer.start()

    async def close(self) -> None:
        """Write what waits, and stop."""
        await self._writer.close()

    async def sweep(self) -> None:
        """Delete what is older than it is kept."""
        await self._writer.sweep()

    def note(self, scope: Scope, agent_id: str | None, misspelled: str, corrected: str) -> str:
        """Have a redacted correction written down; returns its id."""
        correction_id = new_id()
        self._writer.add(
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
        return correction_id
