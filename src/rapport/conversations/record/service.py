"""Creating, updating and finding conversations by the caller's own id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import UNSET, UnsetType
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.conversations import participants
from rapport.conversations.directory import Directory
from rapport.conversations.ending import end
from rapport.conversations.events import (
    SANDBOX,
    ConversationOpened,
    CustomerIdentified,
    CustomerSeen,
    MetadataChanged,
    audience_of,
    stream_of,
)
from rapport.conversations.models import Conversation, Customer
from rapport.conversations.participants import Agent
from rapport.conversations.redaction import Redaction
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.errors import Invalid
from rapport.core.identity import Actor, Scope
from rapport.core.ids import new_id
from rapport.core.log import Log

# A search answers at most so many conversations, newest first.
SEARCH_LIMIT = 100
# The metadata by which an integrator says that a conversation is complete.
COMPLETED = "isCompleted"


class Named(NamedTuple):
    """Somebody as the caller knows them; a name that was not given is left as it is."""

    external_id: str
    name: str | UnsetType | None = UNSET


class Changes(NamedTuple):
    """What an upsert says; UNSET leaves a field as it is, None clears it."""

    external_id: str
    opened_at: datetime
    customer: Named | UnsetType = UNSET
    agent: Named | UnsetType | None = UNSET
    metadata: dict[str, str | None] | UnsetType | None = UNSET


class Criteria(NamedTuple):
    """What a search asks for; at least one is given."""

    external_id: str | None = None
    customer_external_id: str | None = None
    agent_external_id: str | None = None


class Opening(NamedTuple):
    """How a conversation begins."""

    channel: str
    opened_at: datetime
    customer_name: str | None
    external_id: str | None
    metadata: dict[str, str]


async def redacted(redaction: Redaction, scope: Scope, changes: Changes) -> Changes:
    """Return changes whose free texts (names, metadata) may be kept (PLT-120)."""

    async def clean(value: str) -> str:
        return await redaction.redact_alone(scope, value)

    async def named(party: Named) -> Named:
        return (
            party._replace(name=await clean(party.name)) if isinstance(party.name, str) else party
        )

    customer = (
        await named(changes.customer) if isinstance(changes.customer, Named) else changes.customer
    )
    agent = await named(changes.agent) if isinstance(changes.agent, Named) else changes.agent
    metadata = changes.metadata
    if isinstance(metadata, dict):
        metadata = {
            await clean(key): value if value is None else await clean(value)
            for key, value in metadata.items()
        }
    return changes._replace(customer=customer, agent=agent, metadata=metadata)


async def upsert(
    session: WriteSession,
    log: Log,
    directory: Directory,
    scope: Scope,
    changes: Changes,
    actor: Actor,
) -> str:
    """Create the conversation with this external id, or update it; returns its id (PLT-036..043).

    Raises Invalid when a new one names no customer, or an update names another customer.
    """
    conversation = await _by_external_id(session, scope, changes.external_id)
    if conversation is None:
        try:
            async with session.begin_nested():
                conversation = await _create(session, log, scope, changes, actor)
        except IntegrityError:  # somebody else was quicker, on another connection
            conversation = await _by_external_id(session, scope, changes.external_id)
            if conversation is None:
                raise
            await _update(session, log, conversation, changes, actor)
    else:
        await _update(session, log, conversation, changes, actor)
    await _set_agent(session, log, conversation, changes.agent, actor)
    await _complete(session, log, conversation, actor)
    session.after_commit(lambda: directory.forget(conversation.id))
    return conversation.id


async def search(session: AsyncSession, scope: Scope, criteria: Criteria) -> Sequence[Conversation]:
    """Return a scope's conversations that meet every criterion given, newest first (PLT-046)."""
    query = select(Conversation).where(
        Conversation.company_id == scope.company_id,
        Conversation.environment == scope.environment,
        Conversation.channel != SANDBOX,
    )
    if criteria.external_id is not None:
        query = query.where(Conversation.external_id == criteria.external_id)
    if criteria.customer_external_id is not None:
        query = query.where(Conversation.customer_external_id == criteria.customer_external_id)
    if criteria.agent_external_id is not None:
        query = query.where(Conversation.agent_external_id == criteria.agent_external_id)
    ordered = query.order_by(Conversation.opened_at.desc(), Conversation.id).limit(SEARCH_LIMIT)
    return (await session.scalars(ordered)).all()


async def find_customer(
    session: WriteSession,
    scope: Scope,
    external_id: str,
    name: str | None,
    *,
    is_anonymous: bool = False,
) -> Customer:
    """Return the scope's customer with an external id, made on first sight (PLT-058)."""
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    made = dialect.insert(Customer).values(
        id=new_id(),
        company_id=scope.company_id,
        environment=scope.environment,
        external_id=external_id,
        name=name,
        is_anonymous=is_anonymous,
        created_at=clock.now(),
    )
    await session.execute(made.on_conflict_do_nothing())
    found = await session.scalars(
        select(Customer).where(
            Customer.company_id == scope.company_id,
            Customer.environment == scope.environment,
            Customer.external_id == external_id,
        )
    )
    return found.one()


async def open_conversation(
    session: WriteSession, log: Log, customer: Customer, opening: Opening, actor: Actor
) -> Conversation:
    """Begin a conversation with a customer; its texts are redacted already."""
    conversation = Conversation(
        id=new_id(),
        company_id=customer.company_id,
        environment=customer.environment,
        external_id=opening.external_id,
        channel=opening.channel,
        customer_id=customer.id,
        customer_external_id=customer.external_id,
        customer_name=opening.customer_name,
        extra=opening.metadata,
        opened_at=opening.opened_at,
        created_at=clock.now(),
    )
    session.add(conversation)
    await session.flush()
    seen = customer_seen(conversation)
    opened = ConversationOpened(opening.channel, seen, opening.external_id)
    stream, audience = stream_of(conversation.id, conversation.scope), audience_of(opening.channel)
    await log.append(session, stream, opened, actor=actor, audience=audience)
    if opening.metadata:
        # What the company knows of a conversation is for its people, from the first fact on.
        known = MetadataChanged({**opening.metadata})
        await log.append(session, stream, known, actor=actor, audience=audience)
    return conversation


async def identify(
    session: WriteSession, log: Log, conversation: Conversation, customer: Customer, actor: Actor
) -> None:
    """Say whose a conversation is, when an anonymous customer turned out to be somebody (PLT-060)."""
    conversation.customer_id = customer.id
    conversation.customer_external_id = customer.external_id
    conversation.customer_name = customer.name
    identified = CustomerIdentified(customer_seen(conversation))
    await log.append(
        session, stream_of(conversation.id, conversation.scope), identified, actor=actor
    )


async def _by_external_id(
    session: WriteSession, scope: Scope, external_id: str
) -> Conversation | None:
    query = (
        select(Conversation)
        .where(
            Conversation.company_id == scope.company_id,
            Conversation.environment == scope.environment,
            Conversation.external_id == external_id,
        )
        .with_for_update()
    )
    found: Conversation | None = await session.scalar(query)
    return found


async def _create(
    session: WriteSession, log: Log, scope: Scope, changes: Changes, actor: Actor
) -> Conversation:
    if isinstance(changes.customer, UnsetType):
        raise Invalid(path="/customer", problem="a new conversation needs its customer")
    name = _given(changes.customer.name)
    customer = await find_customer(session, scope, changes.customer.external_id, name)
    metadata = {k: v for k, v in (_given(changes.metadata) or {}).items() if v is not None}
    opening = Opening(
        "api", changes.opened_at, name or customer.name, changes.external_id, metadata
    )
    return await open_conversation(session, log, customer, opening, actor)


async def _update(
    session: WriteSession, log: Log, conversation: Conversation, changes: Changes, actor: Actor
) -> None:
    stream = stream_of(conversation.id, conversation.scope)
    if not isinstance(changes.customer, UnsetType):
        if changes.customer.external_id != conversation.customer_external_id:
            problem = "the conversation belongs to another customer"
            raise Invalid(path="/customer/externalId", problem=problem)
        name = changes.customer.name
        if not isinstance(name, UnsetType) and name != conversation.customer_name:
            conversation.customer_name = name
            identified = CustomerIdentified(customer_seen(conversation))
            await log.append(session, stream, identified, actor=actor)
    changed = _changed_metadata(conversation.extra, changes.metadata)
    if changed:
        merged = {**conversation.extra, **changed}
        conversation.extra = {key: value for key, value in merged.items() if value is not None}
        await log.append(session, stream, MetadataChanged(changed), actor=actor)


def _changed_metadata(
    before: dict[str, str], given: dict[str, str | None] | UnsetType | None
) -> dict[str, str | None]:
    if isinstance(given, UnsetType):
        return {}
    asked = dict.fromkeys(before) if given is None else given
    return {key: value for key, value in asked.items() if before.get(key) != value}


async def _set_agent(
    session: WriteSession,
    log: Log,
    conversation: Conversation,
    agent: Named | UnsetType | None,
    actor: Actor,
) -> None:
    if isinstance(agent, UnsetType):
        return
    if agent is None:
        await participants.leave(session, log, conversation, actor, reason="replaced")
        return
    same = agent.external_id == conversation.agent_external_id
    name = (
        conversation.agent_name
        if isinstance(agent.name, UnsetType) and same
        else _given(agent.name)
    )
    await participants.join(session, log, conversation, Agent(agent.external_id, name), actor)


async def _complete(
    session: WriteSession, log: Log, conversation: Conversation, actor: Actor
) -> None:
    if conversation.extra.get(COMPLETED, "").lower() == "true" and conversation.ended_at is None:
        await end(session, log, conversation, actor, reason="metadata")


def customer_seen(conversation: Conversation) -> CustomerSeen:
    """Return the customer as events show it."""
    return CustomerSeen(
        conversation.customer_id, conversation.customer_external_id, conversation.customer_name
    )


def _given(value: Any) -> Any:
    return None if isinstance(value, UnsetType) else value
