"""Agents who vanish without a word become away, so that nobody waits for an empty chair."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, select

from rapport.accounts.sign_in.models import PersonSession
from rapport.core import clock
from rapport.core.database import Database, WriteSession
from rapport.core.identity import SYSTEM, Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.log import Log
from rapport.core.timers import Timer, schedule
from rapport.routing.agents import ACTIVE, AWAY, set_status
from rapport.routing.models import AgentState
from rapport.routing.settings import RoutingSettings

# The timer's kind. There is one for the whole installation: whichever node claims it looks.
ABSENCE = "routing.absence"
PAUSE = timedelta(seconds=30)
_EVERYBODY = Scope(CompanyId(""), Environment.PRODUCTION)


class Absence:
    """Looks for active agents whose sessions are silent.

    An open desk asks for a pong every few seconds, and each is checked against the session, which
    notes once a minute that it was used. So silence of a session is a closed or lost desk, on
    whichever node it was.
    """

    def __init__(self, log: Log, settings: RoutingSettings) -> None:
        self._log = log
        self._absent = timedelta(seconds=settings.absent_seconds)

    async def begin(self, database: Database) -> None:
        """Set the timer when the node starts; desks get their time to come back."""
        async with database.writing() as session:
            await schedule(session, ABSENCE, "", _EVERYBODY, clock.now() + self._absent)

    async def look(self, timer: Timer, session: WriteSession) -> None:
        """Let agents who are gone be away, and set the timer again."""
        silent_since = clock.now() - self._absent
        seen = exists().where(
            PersonSession.person_id == AgentState.person_id, PersonSession.seen_at > silent_since
        )
        absent = (
            select(AgentState)
            .where(AgentState.status == ACTIVE, AgentState.changed_at < silent_since, ~seen)
            .order_by(AgentState.person_id)
            .with_for_update(of=AgentState)
        )
        for state in (await session.scalars(absent)).all():
            await set_status(session, self._log, state.scope, state.person_id, AWAY, SYSTEM)
        await schedule(session, timer.kind, timer.key, timer.scope, clock.now() + PAUSE)
