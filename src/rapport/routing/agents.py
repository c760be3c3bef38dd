"""Who is at work: people set their status, and keep it until they change it or vanish."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.identity import Actor, Scope
from rapport.core.log import Log
from rapport.core.log.models import StreamHead
from rapport.routing.events import AgentStatusChanged, desk_stream
from rapport.routing.models import AgentState

ACTIVE = "active"
AWAY = "away"


async def status_of(session: AsyncSession, scope: Scope, person_id: str) -> str:
    """Return a person's status; away until it is set."""
    state = await session.get(AgentState, (person_id, scope.environment))
    return AWAY if state is None else state.status


async def cursor_of(session: AsyncSession, scope: Scope, person_id: str) -> str:
    """Return where the topic `me` of a person stands.

    Read it before what it belongs to: what happens in between is then told again, not lost.
    """
    stream = desk_stream(person_id, scope)
    head = select(StreamHead.head).where(StreamHead.kind == stream.kind, StreamHead.id == stream.id)
    return str(await session.scalar(head) or 0)


async def set_status(
    session: WriteSession, log: Log, scope: Scope, person_id: str, status: str, actor: Actor
) -> None:
    """Let an agent get new conversations, or none; those it has stay (what is so already is no news)."""
    key = (person_id, scope.environment)
    state = await session.get(AgentState, key, with_for_update=True)
    if state is None:
        state = AgentState(
            person_id=person_id, company_id=scope.company_id, environment=scope.environment
        )
        state.status = AWAY
        session.add(state)
    elif state.status == status:
        return
    state.status = status
    state.changed_at = clock.now()
    await log.append(
        session, desk_stream(person_id, scope), AgentStatusChanged(status), actor=actor
    )
