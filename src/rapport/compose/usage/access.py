"""The only way to load what may be reported about, and what was reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.access import agent_of
from rapport.compose.usage.models import MessageAction, MessageReport, MessageUsage
from rapport.conversations.access import may_see
from rapport.conversations.directory import Directory
from rapport.conversations.models import Message
from rapport.core.errors import NotFound
from rapport.core.identity import Caller, CallerKind, Scope


async def reportable(
    session: AsyncSession,
    directory: Directory,
    caller: Caller,
    message_id: str,
    conversation_id: str,
) -> Message:
    """Return an agent's message that a caller may report about (CMP-101).

    The conversation may be left out (CMP-103); a person reports only what it wrote itself, and a key
    nothing of what somebody plays. Raises NotFound.
    """
    found = await session.get(Message, message_id)
    if (
        found is None
        or found.scope != caller.scope
        or found.role != "agent"
        or conversation_id not in {"", found.conversation_id}
        or not await _may_report(directory, caller, found)
    ):
        raise NotFound(what="there is no such message of an agent")
    return found


async def _may_report(directory: Directory, caller: Caller, message: Message) -> bool:
    if caller.kind is CallerKind.KEY:
        return may_see(caller, await directory.find(message.scope, message.conversation_id))
    return message.sender_external_id == agent_of(caller, None)


class Written(NamedTuple):
    """A message of an agent, and all that was reported of how it was written."""

    usage: MessageUsage
    report: MessageReport | None
    actions: Sequence[MessageAction]


async def messages_of(
    session: AsyncSession, scope: Scope, conversation_id: str
) -> Sequence[Written]:
    """Return a conversation's agent messages in their order."""
    query = (
        select(MessageUsage, MessageReport)
        .outerjoin(MessageReport, MessageReport.message_id == MessageUsage.message_id)
        .where(
            MessageUsage.conversation_id == conversation_id,
            MessageUsage.company_id == scope.company_id,
            MessageUsage.environment == scope.environment,
        )
        .order_by(MessageUsage.seq, MessageUsage.message_id)
    )
    actions: defaultdict[str | None, list[MessageAction]] = defaultdict(list)
    taken = select(MessageAction).where(MessageAction.conversation_id == conversation_id)
    for action in await session.scalars(taken.order_by(MessageAction.seq)):
        actions[action.message_id].append(action)
    found = await session.execute(query)
    return [Written(usage, report, actions[usage.message_id]) for usage, report in found]
