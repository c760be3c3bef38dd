"""Ending a conversation: by its agent, a supervisor, the integrator's word, or a long silence."""

from __future__ import annotations

from rapport.conversations.events import (
    ConversationEnded,
    ConversationNoted,
    audience_of,
    stream_of,
)
from rapport.conversations.models import Conversation, Note
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.identity import Actor
from rapport.core.log import Event, Log


async def end(
    session: WriteSession,
    log: Log,
    conversation: Conversation,
    actor: Actor,
    *,
    reason: str,
    note: str = "",
) -> bool:
    """End a conversation; False when it had ended before, which is no error and no news.

    `note` is redacted already. The agent stays on the record of an ended conversation.
    """
    if conversation.ended_at is not None:
        return False
    conversation.ended_at = clock.now()
    conversation.end_reason = reason
    happened: list[Event] = []
    if note:
        session.add(
            Note(
                conversation_id=conversation.id,
                author=actor.name or actor.role,
                text=note,
                written_at=conversation.ended_at,
            )
        )
        happened.append(ConversationNoted(note))
    happened.append(ConversationEnded(reason))
    stream = stream_of(conversation.id, conversation.scope)
    audience = audience_of(conversation.channel)
    await log.append(session, stream, *happened, actor=actor, audience=audience)
    return True
