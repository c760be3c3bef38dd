"""Storing and reading customers' credentials. The payload is opaque and always encrypted (PLT-053, PLT-057)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from cryptography.fernet import Fernet
from sqlalchemy import delete

from rapport.conversations import access
from rapport.conversations.directory import known_of
from rapport.conversations.errors import WrongCustomer
from rapport.conversations.events import CredentialsReceived, stream_of
from rapport.conversations.models import Credential
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.identity import Caller, actor_of
from rapport.core.log import Log


async def store(
    session: WriteSession,
    log: Log,
    cipher: Fernet,
    caller: Caller,
    conversation_id: str,
    customer: str,
    auth: dict[str, Any],
    *,
    valid_for: timedelta,
) -> None:
    """Keep credentials for a conversation, in the place of earlier ones (PLT-050, PLT-051, PLT-055).

    Raises NotFound, or WrongCustomer when the conversation is another customer's.
    """
    conversation = await access.conversation_for_update(session, caller.scope, conversation_id)
    access.check_may_see(caller, known_of(conversation))
    if conversation.customer_external_id != customer:
        raise WrongCustomer
    credential = Credential(
        conversation_id=conversation_id,
        customer_external_id=customer,
        sealed=cipher.encrypt(msgspec.json.encode(auth)),
        expires_at=clock.now() + valid_for,
    )
    await session.merge(credential)
    stream = stream_of(conversation_id, caller.scope)
    await log.append(session, stream, CredentialsReceived(), actor=actor_of(caller))


async def credentials(
    session: WriteSession, cipher: Fernet, conversation_id: str
) -> dict[str, Any] | None:
    """Return a conversation's credentials; None when there are none or they have expired."""
    found = await session.get(Credential, conversation_id)
    if found is None:
        return None
    if found.expires_at <= clock.now():
        await drop(session, conversation_id)
        return None
    return msgspec.json.decode(cipher.decrypt(found.sealed), type=dict[str, Any])


async def drop(session: WriteSession, conversation_id: str) -> None:
    """Forget a conversation's credentials, as when the company's own API refused them."""
    await session.execute(delete(Credential).where(Credential.conversation_id == conversation_id))
