"""Who serves which conversation: the longest waiting first, to the active agent with the most free slots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.people.models import Person
from rapport.conversations import access, participants
from rapport.conversations.models import Conversation
from rapport.conversations.participants import Agent
from rapport.core import clock
from rapport.core.clock import EPOCH
from rapport.core.database import WriteSession
from rapport.core.errors import NotFound
from rapport.core.identity import PERMISSIONS, SYSTEM, Permission, Scope
from rapport.core.log import Log
from rapport.routing.agents import ACTIVE
from rapport.routing.events import AssignmentEnded, AssignmentMade, CustomerGiven, desk_stream
from rapport.routing.models import AgentState, Assignment

SERVING = [role for role, held in PERMISSIONS.items() if Permission.SERVE_CONVERSATIONS in held]


class Desk(NamedTuple):
    """Somebody who can be given conversations, and how many they have."""

    person: Person
    status: str
    used: int


async def desks(session: AsyncSession, scope: Scope) -> list[Desk]:
    """Return everybody of a company who may serve conversations, with their open ones, by name."""
    used = (
        select(Assignment.person_id, func.count().label("used"))
        .where(
            Assignment.company_id == scope.company_id,
            Assignment.environment == scope.environment,
            Assignment.ended_at.is_(None),
            Assignment.person_id.is_not(None),
        )
        .group_by(Assignment.person_id)
        .subquery()
    )
    state = (AgentState.person_id == Person.id) & (AgentState.environment == scope.environment)
    query = (
        select(Person, func.coalesce(AgentState.status, "away"), func.coalesce(used.c.used, 0))
        .outerjoin(AgentState, state)
        .outerjoin(used, used.c.person_id == Person.id)
        .where(Person.company_id == scope.company_id, Person.enabled, Person.role.in_(SERVING))
        .order_by(Person.name, Person.id)
    )
    return [Desk(*row) for row in await session.execute(query)]


async def open_of(session: AsyncSession, scope: Scope, person_id: str) -> Sequence[str]:
    """Return the ids of the conversations that a person serves now."""
    query = select(Assignment.conversation_id).where(
        Assignment.company_id == scope.company_id,
        Assignment.environment == scope.environment,
        Assignment.person_id == person_id,
        Assignment.ended_at.is_(None),
    )
    return (await session.scalars(query)).all()


async def is_open(session: AsyncSession, conversation_id: str) -> bool:
    """Tell whether a conversation is routed and, as far as known here, not over."""
    assignment = await session.get(Assignment, conversation_id)
    return assignment is not None and assignment.ended_at is None


async def wait(session: WriteSession, scope: Scope, conversation_id: str, since: datetime) -> None:
    """Let a conversation wait for an agent; one that is routed already keeps its place."""
    if await session.get(Assignment, conversation_id) is None:
        session.add(
            Assignment(
                conversation_id=conversation_id,
                company_id=scope.company_id,
                environment=scope.environment,
                waiting_since=since,
            )
        )
        await session.flush()


async def lock(session: WriteSession, scope: Scope) -> None:
    """Hold the agents of a company before anything else is touched: nobody then waits in a ring."""
    states = select(AgentState.person_id).where(
        AgentState.company_id == scope.company_id, AgentState.environment == scope.environment
    )
    await session.execute(states.order_by(AgentState.person_id).with_for_update())


async def release_all(session: WriteSession, log: Log, scope: Scope, person_id: str) -> None:
    """Take every conversation from somebody who can serve none any more; each waits again in its place."""
    for conversation_id in await open_of(session, scope, person_id):
        assignment = await session.get(Assignment, conversation_id, with_for_update=True)
        conversation = await access.conversation_for_update(session, scope, conversation_id)
        if assignment is not None and conversation.ended_at is None:
            await participants.leave(session, log, conversation, SYSTEM, reason="replaced")
            await _tell_end(session, log, assignment, "replaced")
            assignment.person_id = None
    await session.flush()


async def finish(session: WriteSession, log: Log, conversation_id: str, reason: str) -> bool:
    """Note that a conversation has ended: its slot is free. False when it was not routed, or is known."""
    assignment = await session.get(Assignment, conversation_id, with_for_update=True)
    if assignment is None or assignment.ended_at is not None:
        return False
    assignment.ended_at = clock.now()
    await _tell_end(session, log, assignment, reason)
    await session.flush()
    return True


async def assign(session: WriteSession, log: Log, scope: Scope) -> int:
    """Give waiting conversations to active agents with free slots; return how many were given.

    Longest waiting first; each to the agent with the most free slots, among those to the one who
    has gone longest without a new one. Rows are locked in one order on every node, so however often
    and wherever this runs, a conversation is given once and no agent gets more than its slots.
    """
    agents = await _free_agents(session, scope)
    if not agents:
        return 0
    count = 0
    for assignment in await _waiting(session, scope, sum(agent.free for agent in agents)):
        agent = min(agents, key=_Free.turn)
        count += await _give(session, log, assignment, agent)
    return count


class _Free:
    """An active agent and its free slots, while conversations are being given out."""

    def __init__(self, state: AgentState, person: Person, used: int) -> None:
        self.state = state
        self.person = person
        self.free = person.slots - used

    def turn(self) -> tuple[int, datetime, str]:
        """Who is next comes first."""
        return (-self.free, self.state.assigned_at or EPOCH, self.person.id)


async def _free_agents(session: WriteSession, scope: Scope) -> list[_Free]:
    query = (
        select(AgentState, Person)
        .join(Person, Person.id == AgentState.person_id)
        .where(
            AgentState.company_id == scope.company_id,
            AgentState.environment == scope.environment,
            AgentState.status == ACTIVE,
            Person.enabled,
            Person.role.in_(SERVING),
        )
        .order_by(AgentState.person_id)
        .with_for_update(of=AgentState)
        .execution_options(populate_existing=True)
    )
    rows = (await session.execute(query)).all()
    # Counted once the agents are locked: whoever gave them something has committed.
    agents = [_Free(s, p, len(await open_of(session, scope, p.id))) for s, p in rows]
    return [agent for agent in agents if agent.free > 0]


async def _waiting(session: WriteSession, scope: Scope, limit: int) -> Sequence[Assignment]:
    query = (
        select(Assignment)
        .where(
            Assignment.company_id == scope.company_id,
            Assignment.environment == scope.environment,
            Assignment.ended_at.is_(None),
            Assignment.person_id.is_(None),
        )
        .order_by(Assignment.waiting_since, Assignment.conversation_id)
        .limit(limit)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).all()


async def _give(session: WriteSession, log: Log, assignment: Assignment, agent: _Free) -> bool:
    """Give a conversation to an agent; False when it needs none."""
    scope = assignment.scope
    try:
        conversation = await access.conversation_for_update(
            session, scope, assignment.conversation_id
        )
    except NotFound:
        assignment.ended_at = clock.now()
        return False
    if conversation.ended_at is not None or conversation.agent_external_id is not None:
        # Its end, or the agent somebody else gave it, is in the log and will be read here soon.
        return False
    person = agent.person
    now = clock.now()
    assignment.person_id, assignment.assigned_at, agent.state.assigned_at = person.id, now, now
    agent.free -= 1
    who = Agent(person.id, person.name, person.id)
    await participants.join(session, log, conversation, who, SYSTEM)
    await _tell_made(session, log, conversation, person.id)
    return True


async def _tell_made(
    session: WriteSession, log: Log, conversation: Conversation, person_id: str
) -> None:
    customer = CustomerGiven(conversation.customer_id, conversation.customer_name)
    made = AssignmentMade(conversation.id, customer)
    await log.append(session, desk_stream(person_id, conversation.scope), made, actor=SYSTEM)


async def _tell_end(session: WriteSession, log: Log, assignment: Assignment, reason: str) -> None:
    if assignment.person_id is not None:
        ended = AssignmentEnded(assignment.conversation_id, reason)
        stream = desk_stream(assignment.person_id, assignment.scope)
        await log.append(session, stream, ended, actor=SYSTEM)
