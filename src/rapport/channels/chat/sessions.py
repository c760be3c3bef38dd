"""Chat sessions: who the visitor of a page is, before anything is said."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import select

from rapport.channels.chat import access
from rapport.channels.identity.bearer import BearerSet
from rapport.channels.identity.recognising import Recognised, Registrar, Said, recognise
from rapport.channels.identity.tokens import Identity
from rapport.channels.tokens import CustomerTokens
from rapport.conversations.directory import Directory
from rapport.conversations.models import Conversation, Customer
from rapport.conversations.record.service import find_customer, identify
from rapport.conversations.redaction import Redaction
from rapport.core.database import Database, WriteSession
from rapport.core.identity import Actor, Scope
from rapport.core.log import Log


class Chat(NamedTuple):
    """What it takes to let customers in."""

    database: Database
    log: Log
    registrar: Registrar
    tokens: CustomerTokens
    redaction: Redaction
    directory: Directory


class Visitor(NamedTuple):
    """What a page knows about its visitor."""

    token: str | None
    identity: Said | None
    name: str | None


class Session(NamedTuple):
    """A customer and the conversation that goes on."""

    customer: Customer
    conversation: Conversation | None
    # In the place of a set of tokens that was over.
    renewed: BearerSet | None


async def begin(chat: Chat, scope: Scope, visitor: Visitor) -> Session:
    """Recognise the visitor of a page, or meet a new one (PLT-058, PLT-060, PLT-063).

    With the token of an earlier session, expired or not, the same customer continues; with an
    identity the customer is who the company says, and what was said anonymously until now comes
    along. Raises Unauthenticated for a wrong identity, and then nothing has changed.
    """
    found = await _recognised(chat, scope, visitor)
    identity = found and found.identity
    name = await _clean(chat, scope, visitor.name)
    earlier_id = chat.tokens.returning(visitor.token, scope) if visitor.token else None
    async with chat.database.writing() as session:
        earlier = await access.customer(session, scope, earlier_id) if earlier_id else None
        if identity is not None:
            customer = await _identified(session, scope, identity, name)
            await _bring_along(session, chat, earlier, customer)
        else:
            customer = earlier or await _anonymous(session, scope)
            if customer.is_anonymous and name:
                customer.name = name
        open_one = await access.open_conversation_of(session, customer.id)
        return Session(customer, open_one, found and found.renewed)


async def _recognised(chat: Chat, scope: Scope, visitor: Visitor) -> Recognised | None:
    """Check the company's word before anything is locked."""
    if visitor.identity is None:
        return None
    found = await recognise(chat.registrar, scope, visitor.identity)
    name = await _clean(chat, scope, found.identity.name)
    return found._replace(identity=found.identity._replace(name=name))


async def _clean(chat: Chat, scope: Scope, name: str | None) -> str | None:
    return await chat.redaction.redact_alone(scope, name) if name else None


async def _anonymous(session: WriteSession, scope: Scope) -> Customer:
    external_id = f"anonymous-{secrets.token_urlsafe(16)}"
    return await find_customer(session, scope, external_id, None, is_anonymous=True)


async def _identified(
    session: WriteSession, scope: Scope, identity: Identity, name: str | None
) -> Customer:
    known_as = identity.name or name
    customer = await find_customer(session, scope, identity.external_id, known_as)
    customer.name = known_as or customer.name
    return customer


async def _bring_along(
    session: WriteSession, chat: Chat, earlier: Customer | None, customer: Customer
) -> None:
    """Give an identified customer what was said as nobody; somebody else's history stays theirs."""
    if earlier is None or not earlier.is_anonymous or earlier.id == customer.id:
        return
    actor = Actor("customer", customer.external_id, customer.name)
    query = select(Conversation).where(Conversation.customer_id == earlier.id)
    for conversation in await session.scalars(query.order_by(Conversation.id).with_for_update()):
        await identify(session, chat.log, conversation, customer, actor)
        session.after_commit(_forgetting(chat.directory, conversation.id))


def _forgetting(directory: Directory, conversation_id: str) -> Callable[[], None]:
    return lambda: directory.forget(conversation_id)
