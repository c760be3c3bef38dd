"""Playing a chat with oneself, seen by nobody else."""

from __future__ import annotations

from typing import NamedTuple

from rapport.compose.sandbox.access import chat_of
from rapport.conversations import participants
from rapport.conversations.directory import Directory, Known
from rapport.conversations.ending import end
from rapport.conversations.events import SANDBOX
from rapport.conversations.messages.service import Said, Sent, Talk, refuse_when_over, send
from rapport.conversations.models import Conversation
from rapport.conversations.participants import Agent
from rapport.conversations.record.service import Opening, find_customer, open_conversation
from rapport.conversations.redaction import Redaction
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.identity import Caller, actor_of
from rapport.core.ids import new_id
from rapport.core.log import Log


class Customer(NamedTuple):
    """Whom an administrator plays; the texts are redacted already."""

    name: str | None
    metadata: dict[str, str]


async def redacted(redaction: Redaction, caller: Caller, customer: Customer) -> Customer:
    """Return a customer whose name and metadata may be kept."""
    name = customer.name and await redaction.redact_alone(caller.scope, customer.name)
    metadata = {
        await redaction.redact_alone(caller.scope, key): (
            await redaction.redact_alone(caller.scope, value)
        )
        for key, value in customer.metadata.items()
    }
    return Customer(name or None, metadata)


async def begin(
    session: WriteSession, log: Log, directory: Directory, caller: Caller, customer: Customer
) -> Conversation:
    """Begin a chat with the caller as its agent; the one before is over."""
    actor = actor_of(caller)
    while (earlier := await chat_of(session, caller)) is not None:
        await end(session, log, earlier, actor, reason="agent")
        await session.flush()
        session.after_commit(lambda over=earlier.id: directory.forget(over))  # type: ignore[misc]
    # A customer of its own for each chat: what was said to several is worth offering again.
    played = await find_customer(session, caller.scope, f"sandbox-{new_id()}", None)
    opening = Opening(SANDBOX, clock.now(), customer.name, None, customer.metadata)
    conversation = await open_conversation(session, log, played, opening, actor)
    agent = Agent(caller.external_id or caller.id, caller.name, caller.id)
    await participants.join(session, log, conversation, agent, actor)
    return conversation


async def say(talk: Talk, caller: Caller, known: Known, role: str, text: str, key: str) -> Sent:
    """Say something as one of the two sides. Raises ConversationOver after a new chat was begun."""
    refuse_when_over(known)
    if role == "agent":
        sender, name = known.agent_external_id, caller.name
    else:
        sender, name = known.customer_external_id, known.customer_name or ""
    return await send(talk, known, Said(text, role, sender, name or None, clock.now(), key))
