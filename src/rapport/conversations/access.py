"""The only way to load a conversation for a caller: tenancy and visibility, decided once."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.conversations.directory import Directory, Known, known_of
from rapport.conversations.events import SANDBOX
from rapport.conversations.models import Conversation
from rapport.core.database import WriteSession
from rapport.core.errors import NotFound
from rapport.core.identity import Caller, CallerKind, Environment, Permission, Scope


async def conversation(session: AsyncSession, caller: Caller, conversation_id: str) -> Conversation:
    """Return a conversation that a caller may see. Raises NotFound, also for another company's."""
    found = await session.get(Conversation, conversation_id)
    if found is None or found.scope != caller.scope:
        raise NotFound(what="there is no such conversation")
    check_may_see(caller, known_of(found))
    return found


async def conversation_for_update(
    session: WriteSession, scope: Scope, conversation_id: str
) -> Conversation:
    """Return a conversation locked for a change. Raises NotFound."""
    query = select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    found = await session.scalar(query)
    if found is None or found.scope != scope:
        raise NotFound(what="there is no such conversation")
    return found


async def known_to(directory: Directory, caller: Caller, conversation_id: str) -> Known:
    """Return a conversation that a caller may see: of its scope, or one that it plays.

    What is played lies in the sandbox whichever host its player asks. Raises NotFound.
    """
    try:
        known = await directory.find(caller.scope, conversation_id)
    except NotFound:
        if not caller.may(Permission.MANAGE_RESPONSES):
            raise
        sandbox = Scope(caller.scope.company_id, Environment.SANDBOX)
        known = await directory.find(sandbox, conversation_id)
        if known.channel != SANDBOX:
            raise
    check_may_see(caller, known)
    return known


def may_see(caller: Caller, known: Known) -> bool:
    """Tell whether a caller may follow a conversation of its own scope.

    What is played is for its player alone, and no key speaks for a person.
    """
    if known.channel == SANDBOX:
        return caller.kind is CallerKind.PERSON and known.agent_person_id == caller.id
    if caller.kind is CallerKind.CUSTOMER:
        return known.customer_id == caller.id
    if caller.kind is CallerKind.PERSON:
        return caller.may(Permission.WATCH_CONVERSATIONS) or known.agent_person_id == caller.id
    return caller.kind is CallerKind.KEY


def check_may_see(caller: Caller, known: Known) -> None:
    """Raise NotFound unless a caller may follow a conversation."""
    if not may_see(caller, known):
        raise NotFound(what="there is no such conversation")
