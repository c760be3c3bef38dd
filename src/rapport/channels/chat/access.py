"""Finding what belongs to a customer of the chat."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.conversations.events import KIND
from rapport.conversations.models import Conversation, Customer
from rapport.core.database import WriteSession
from rapport.core.errors import Unauthenticated
from rapport.core.identity import Caller, Scope
from rapport.core.log.models import AppendKey

CHANNEL = "web"
# What a returning customer sees of former times.
HISTORY = 50


async def customer_for_update(session: WriteSession, caller: Caller) -> Customer:
    """Return the caller's own record, locked: what it does on several devices then has an order."""
    found = await session.scalar(select(Customer).where(Customer.id == caller.id).with_for_update())
    if found is None or found.scope != caller.scope:
        raise Unauthenticated(problem="the chat session is over: begin a new one")
    return found


async def customer(session: AsyncSession, scope: Scope, customer_id: str) -> Customer | None:
    """Return a customer of a scope, if there is one."""
    found = await session.get(Customer, customer_id)
    return found if found is not None and found.scope == scope else None


async def open_conversation_of(session: AsyncSession, customer_id: str) -> Conversation | None:
    """Return the web conversation that a customer is in, the latest if there are several."""
    query = select(Conversation).where(
        Conversation.customer_id == customer_id,
        Conversation.channel == CHANNEL,
        Conversation.ended_at.is_(None),
    )
    found: Conversation | None = await session.scalar(
        query.order_by(Conversation.opened_at.desc(), Conversation.id.desc()).limit(1)
    )
    return found


async def conversation_with_key(
    session: AsyncSession, customer_id: str, key: str
) -> Conversation | None:
    """Return the customer's conversation in which a message with this key is, ended or not."""
    query = (
        select(Conversation)
        .join(AppendKey, AppendKey.stream_id == Conversation.id)
        .where(
            Conversation.customer_id == customer_id,
            AppendKey.stream_kind == KIND,
            AppendKey.key == key,
        )
    )
    found: Conversation | None = await session.scalar(query.limit(1))
    return found


async def conversations_of(session: AsyncSession, customer_id: str) -> Sequence[Conversation]:
    """Return a customer's conversations on every channel, latest first (PLT-058, PLT-059)."""
    query = select(Conversation).where(Conversation.customer_id == customer_id)
    ordered = query.order_by(Conversation.opened_at.desc(), Conversation.id.desc()).limit(HISTORY)
    return (await session.scalars(ordered)).all()
