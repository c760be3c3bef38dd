"""`/conversation/v1/…/messages`: what is said."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from rapport.conversations import access
from rapport.conversations.directory import Known
from rapport.conversations.messages import service
from rapport.conversations.messages.schemas import (
    BatchCreated,
    MessageBatch,
    MessageCreated,
    MessagesOf,
    NewMessage,
    StoredMessage,
    StoredMessageList,
    StoredSender,
)
from rapport.conversations.messages.service import Said, Talk
from rapport.conversations.models import Message
from rapport.conversations.timestamps import parse_timestamp
from rapport.core import clock
from rapport.core.database import ReadSession
from rapport.core.errors import Invalid
from rapport.core.http.busy import busy_post
from rapport.core.http.contract import refusals
from rapport.core.http.guards import caller_of, requires_key
from rapport.core.http.middleware import header
from rapport.core.identity import Caller


class MessagesController(Controller):
    """Add and read the messages of a conversation."""

    path = "/conversation/v1/conversations/{conversation_id:str}/messages"
    guards = [requires_key("conversation")]  # noqa: RUF012
    tags = ["Messages"]  # noqa: RUF012

    # The busiest route of all takes its services from the application's state: each dependency that
    # is injected costs about as much as parsing the body (measured: 11,000 requests a second without
    # injection, 6,600 with two).
    @busy_post(status_code=200, operation_id="createMessage", responses=refusals())
    async def create(
        self,
        conversation_id: FromPath[str],
        data: JSONBody[NewMessage],
        request: Request[Any, Any, Any],
    ) -> MessageCreated:
        """Add a message (PLT-066); with an Idempotency-Key a retry answers with the first one's id."""
        talk: Talk = request.app.state["talk"]
        caller = caller_of(request)
        known = await access.known_to(talk.directory, caller, conversation_id)
        said = said_by(known, data, "", key=_idempotency_key(request))
        return MessageCreated((await service.send(talk, known, said)).message_id)

    @post("/batch", status_code=200, operation_id="createBatchMessages", responses=refusals())
    async def create_batch(
        self,
        conversation_id: FromPath[str],
        data: JSONBody[MessageBatch],
        talk: NamedDependency[Talk],
        caller: NamedDependency[Caller],
        request: Request[Any, Any, Any],
    ) -> BatchCreated:
        """Add several messages, all or none, such as a history (PLT-070, PLT-071)."""
        known = await access.known_to(talk.directory, caller, conversation_id)
        all_said = [said_by(known, m, f"/messages/{n}") for n, m in enumerate(data.messages)]
        key = _idempotency_key(request)
        sent = await service.send_all(talk, known, all_said, key=key)
        return BatchCreated([MessageCreated(each.message_id) for each in sent])

    @get(operation_id="getMessages", responses=refusals())
    async def list_messages(
        self,
        conversation_id: FromPath[str],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
    ) -> StoredMessageList:
        """Return every message, chronological (PLT-072)."""
        conversation = await access.conversation(reading, caller, conversation_id)
        found = await service.messages_of(reading, conversation.id)
        return StoredMessageList([stored(message) for message in found])

    @get("/{message_id:str}", operation_id="getMessage", responses=refusals())
    async def read(
        self,
        conversation_id: FromPath[str],
        message_id: FromPath[str],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
    ) -> StoredMessage:
        """Return one message (PLT-073)."""
        conversation = await access.conversation(reading, caller, conversation_id)
        return stored(await service.message(reading, conversation.id, message_id))


class MessagesByExternalIdController(Controller):
    """Read messages by the caller's own conversation id."""

    path = "/conversation/v1/conversation/messages"
    guards = [requires_key("conversation")]  # noqa: RUF012
    tags = ["Messages"]  # noqa: RUF012

    @get(operation_id="getMessagesByExternalId", responses=refusals())
    async def list_messages(
        self,
        request: Request[Any, Any, Any],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        externalId: str | None = None,  # noqa: N803
    ) -> StoredMessageList:
        """Return at most 1,000 messages, by query or by a JSON body on GET (PLT-074..078)."""
        external_id = externalId or _external_id_in(await request.body())
        found = await service.messages_by_external_id(reading, caller.scope, external_id)
        return StoredMessageList([stored(message) for message in found])


def said_by(known: Known, message: NewMessage, path: str, key: str | None = None) -> Said:
    """Return what a documented message says. Raises Invalid with the offending property's path."""
    role, sender = message.sender.role, str(message.sender.external_id)
    sent_at = parse_timestamp(message.timestamp, f"{path}/timestamp")
    return Said(message.text, role, sender, service.name_of(known, role, sender), sent_at, key)


def stored(message: Message) -> StoredMessage:
    """Return a message as the contract shows it (PLT-078)."""
    return StoredMessage(
        message_id=message.id,
        text=message.text,
        sender=StoredSender(message.role, message.sender_external_id),  # type: ignore[arg-type]
        created_timestamp=clock.wire(message.created_at),
        client_timestamp=clock.wire(message.sent_at),
    )


def _idempotency_key(request: Request[Any, Any, Any]) -> str | None:
    key = header(request.scope, b"idempotency-key")
    if len(key) > 128 or "\x00" in key:
        raise Invalid(path="/Idempotency-Key", problem="at most 128 characters")
    return key or None


def _external_id_in(body: bytes) -> str | None:
    if not body:
        return None
    try:
        return str(msgspec.json.decode(body, type=MessagesOf).external_id)
    except msgspec.ValidationError as error:
        raise Invalid(path="/externalId", problem=str(error)) from None
    except msgspec.DecodeError:
        raise Invalid(path="/", problem="the body is not JSON") from None
