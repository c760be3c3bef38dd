"""When models are trained: every week for each company with enough to learn from, and when asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.compose.training.jobs import train_models
from rapport.compose.training.models import ComposeModel
from rapport.compose.training.registry import TRAINERS
from rapport.compose.training.settings import TrainingSettings
from rapport.conversations.models import Conversation
from rapport.core import clock
from rapport.core.database import Database, WriteSession
from rapport.core.errors import NotFound
from rapport.core.identity import Caller, Environment, Scope
from rapport.core.ids import CompanyId, new_id
from rapport.core.jobs import Jobs, JobState, JobStatus
from rapport.core.timers import Timer, schedule

LOOK = "compose.training"
LOOK_EVERY = timedelta(hours=1)
# Timers are rows of a company; this one looks after all of them.
_EVERYBODY = Scope(CompanyId(""), Environment.PRODUCTION)


class Trainings:
    """Starts trainings, of one company at a time, and tells how they are."""

    def __init__(self, jobs: Jobs, settings: TrainingSettings) -> None:
        self._jobs = jobs
        self._settings = settings

    async def begin(self, database: Database) -> None:
        """Set the timer when the node starts."""
        async with database.writing() as session:
            await schedule(session, LOOK, "", _EVERYBODY, clock.now())

    async def look(self, timer: Timer, session: WriteSession) -> None:
        """Start the trainings that are due and set the timer again."""
        if self._settings.every_days:
            for scope in await self._due(session):
                await self._start(scope, f"{clock.now():%Y%m%d}")
        await schedule(session, timer.kind, timer.key, timer.scope, clock.now() + LOOK_EVERY)

    async def ask(self, session: WriteSession, caller: Caller) -> str:
        """Train a company's models now; returns the training's id."""
        training_id = new_id()
        record(
            session,
            caller,
            AuditEvent.CREATE,
            Resource("Compose model", "training", training_id),
        )
        await self._start(caller.scope, training_id)
        return training_id

    async def status(self, scope: Scope, training_id: str) -> JobStatus:
        """Tell how a company's training is. Raises NotFound."""
        status = await self._jobs.status(train_models.name, _key(scope, training_id))
        if status.state is JobState.UNKNOWN:
            raise NotFound(what="there is no such training")
        return status

    async def _start(self, scope: Scope, name: str) -> None:
        await self._jobs.start(
            train_models.name,
            key=_key(scope, name),
            company=scope.company_id,
            environment=scope.environment.value,
            kinds=[kind.value for kind in TRAINERS],
        )

    async def _due(self, session: AsyncSession) -> Sequence[Scope]:
        """Return the companies with enough conversations whose newest model is old enough."""
        place = (Conversation.company_id, Conversation.environment)
        enough = (
            select(*place)
            .group_by(*place)
            .having(func.count() >= self._settings.least_conversations)
        )
        before = clock.now() - timedelta(days=self._settings.every_days)
        recent = select(ComposeModel.company_id, ComposeModel.environment).where(
            ComposeModel.created_at > before
        )
        fresh = {tuple(row) for row in await session.execute(recent)}
        return [_scope(row) for row in await session.execute(enough) if tuple(row) not in fresh]


def _scope(row: Any) -> Scope:
    return Scope(CompanyId(row[0]), Environment(row[1]))


def _key(scope: Scope, name: str) -> str:
    return f"{scope.company_id}-{scope.environment}-{name}"
