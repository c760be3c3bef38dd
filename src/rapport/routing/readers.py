"""Keeps every waiting conversation and every free slot together, from what the log says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from rapport.accounts.people.events import (
    PersonDisabled,
    PersonEnabled,
    PersonRemoved,
    PersonRoleChanged,
    PersonSlotsChanged,
)
from rapport.accounts.people.models import Person
from rapport.conversations.events import KIND, ConversationEnded, ConversationOpened
from rapport.core.database import WriteSession
from rapport.core.identity import SYSTEM, Environment, Scope
from rapport.core.log import Event, Log, Recorded
from rapport.core.readers import Reader
from rapport.routing import assignments
from rapport.routing.agents import AWAY, set_status, status_of
from rapport.routing.events import AgentStatusChanged

_PERSON = (PersonDisabled, PersonEnabled, PersonRemoved, PersonRoleChanged, PersonSlotsChanged)
# Conversations of the API belong to the company's own desk.
ROUTED = frozenset({"web"})


def readers(log: Log) -> list[Reader]:
    """Return the reader that assigns conversations."""
    reads: tuple[type[Event], ...] = (
        ConversationOpened,
        ConversationEnded,
        AgentStatusChanged,
        *_PERSON,
    )
    return [Reader("routing", reads, _apply_with(log))]


def _apply_with(log: Log) -> Callable[[Recorded, WriteSession], Awaitable[None]]:
    async def apply(recorded: Recorded, session: WriteSession) -> None:
        if recorded.stream_kind == KIND:
            await _conversation_changed(recorded, session, log)
        elif recorded.is_a(AgentStatusChanged):
            await assignments.assign(session, log, recorded.scope)
        else:
            await _person_changed(recorded, session, log)

    return apply


async def _conversation_changed(recorded: Recorded, session: WriteSession, log: Log) -> None:
    scope, conversation_id = recorded.scope, recorded.stream_id
    if recorded.is_a(ConversationOpened):
        if recorded.decode(ConversationOpened).channel not in ROUTED:
            return
        await assignments.lock(session, scope)
        await assignments.wait(session, scope, conversation_id, recorded.occurred)
    else:
        if not await assignments.is_open(session, conversation_id):
            return
        await assignments.lock(session, scope)
        reason = recorded.decode(ConversationEnded).reason
        await assignments.finish(session, log, conversation_id, reason)
    await assignments.assign(session, log, scope)


async def _person_changed(recorded: Recorded, session: WriteSession, log: Log) -> None:
    """People work in both environments, whichever their own stream is kept in."""
    person_id = recorded.stream_id
    person = await session.get(Person, person_id)
    serves = person is not None and person.enabled and person.role in assignments.SERVING
    for environment in Environment:
        scope = Scope(recorded.scope.company_id, environment)
        await assignments.lock(session, scope)
        if not serves:
            await _withdraw(session, log, scope, person_id)
        await assignments.assign(session, log, scope)


async def _withdraw(session: WriteSession, log: Log, scope: Scope, person_id: str) -> None:
    if await status_of(session, scope, person_id) != AWAY:
        await set_status(session, log, scope, person_id, AWAY, SYSTEM)
    await assignments.release_all(session, log, scope, person_id)
