"""Finding the chat that an administrator plays: their own, and nobody else's."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.access import agent_of
from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions import organic
from rapport.conversations.directory import Directory, Known
from rapport.conversations.events import SANDBOX
from rapport.conversations.models import Conversation
from rapport.core.database import ReadSession
from rapport.core.errors import NotFound
from rapport.core.identity import Caller


async def chat_of(session: AsyncSession, caller: Caller) -> Conversation | None:
    """Return the chat that a caller plays, the latest if there are several."""
    query = select(Conversation).where(
        Conversation.company_id == caller.scope.company_id,
        Conversation.environment == caller.scope.environment,
        Conversation.agent_person_id == caller.id,
        Conversation.channel == SANDBOX,
        Conversation.ended_at.is_(None),
    )
    found: Conversation | None = await session.scalar(
        query.order_by(Conversation.created_at.desc(), Conversation.id.desc()).limit(1)
    )
    return found


async def learnt_by(session: ReadSession, settings: ComposeSettings, caller: Caller) -> int:
    """Return how many texts are suggested to a caller because of what it said before."""
    rows = await organic.own(session, caller.scope, agent_of(caller, None))
    own = organic.own_of(rows, settings)
    return len(own.candidates)


async def own_chat(directory: Directory, caller: Caller, conversation_id: str) -> Known:
    """Return a chat that the caller plays. Raises NotFound for every other conversation."""
    known = await directory.find(caller.scope, conversation_id)
    if known.channel != SANDBOX or known.agent_person_id != caller.id:
        raise NotFound(what="there is no such conversation")
    return known
