"""Who is responsible for a conversation: agents join, are replaced, and leave; each leg is kept."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import update

from rapport.conversations.events import (
    ParticipantJoined,
    ParticipantLeft,
    audience_of,
    stream_of,
)
from rapport.conversations.models import Conversation, Leg
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.identity import Actor
from rapport.core.log import Log


class Agent(NamedTuple):
    """An agent as a conversation names one; `person_id` when it is a person of the desk."""

    external_id: str
    name: str | None
    person_id: str | None = None


async def join(
    session: WriteSession, log: Log, conversation: Conversation, agent: Agent, actor: Actor
) -> None:
    """Make an agent responsible, in the place of the one before (PLT-041, PLT-042)."""
    is_same = conversation.agent_external_id == agent.external_id
    if is_same and conversation.agent_name == agent.name:
        return
    if not is_same:
        await leave(session, log, conversation, actor, reason="replaced")
    conversation.agent_external_id = agent.external_id
    conversation.agent_name = agent.name
    conversation.agent_person_id = agent.person_id
    joined = ParticipantJoined("agent", agent.person_id, agent.external_id, agent.name)
    stream = stream_of(conversation.id, conversation.scope)
    audience = audience_of(conversation.channel)
    seq = await log.append(session, stream, joined, actor=actor, audience=audience)
    if not is_same:
        session.add(
            Leg(
                conversation_id=conversation.id,
                agent_external_id=agent.external_id,
                agent_name=agent.name,
                agent_person_id=agent.person_id,
                joined_at=clock.now(),
                joined_seq=seq,
            )
        )


async def leave(
    session: WriteSession, log: Log, conversation: Conversation, actor: Actor, *, reason: str
) -> None:
    """End the responsibility of the present agent, if there is one."""
    if conversation.agent_external_id is None:
        return
    left = ParticipantLeft(
        "agent",
        conversation.agent_person_id,
        conversation.agent_external_id,
        conversation.agent_name,
        reason,
    )
    stream = stream_of(conversation.id, conversation.scope)
    audience = audience_of(conversation.channel)
    seq = await log.append(session, stream, left, actor=actor, audience=audience)
    await session.execute(
        update(Leg)
        .where(Leg.conversation_id == conversation.id, Leg.left_at.is_(None))
        .values(left_at=clock.now(), left_seq=seq)
    )
    conversation.agent_external_id = None
    conversation.agent_name = None
    conversation.agent_person_id = None
