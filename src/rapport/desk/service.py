"""What people at the desk do."""

from __future__ import annotations

from rapport.conversations import access
from rapport.conversations.directory import Directory, known_of
from rapport.conversations.ending import end
from rapport.conversations.models import Conversation
from rapport.core.database import WriteSession
from rapport.core.identity import Caller, actor_of
from rapport.core.log import Log


async def end_conversation(
    session: WriteSession,
    log: Log,
    directory: Directory,
    caller: Caller,
    conversation_id: str,
    note: str,
) -> Conversation:
    """End a conversation of the caller's own, or as a supervisor anybody's; ending twice is no error.

    `note` is redacted already. Raises NotFound for conversations that the caller may not see.
    """
    conversation = await access.conversation_for_update(session, caller.scope, conversation_id)
    access.check_may_see(caller, known_of(conversation))
    reason = "agent" if conversation.agent_person_id == caller.id else "supervisor"
    await end(session, log, conversation, actor_of(caller), reason=reason, note=note)
    session.after_commit(lambda: directory.forget(conversation_id))
    await session.flush()
    return conversation
