"""Wire shapes of messages, exactly as documented."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from rapport.conversations.record.schemas import LooseExternalId

ParticipantRole = Literal["agent", "customer", "system"]


class Participant(Struct, rename="camel"):
    """Who said it."""

    role: ParticipantRole
    external_id: LooseExternalId


class NewMessage(Struct):
    """A message to be stored."""

    text: Annotated[str, Meta(min_length=1)]
    sender: Participant
    timestamp: str


class MessageCreated(Struct):
    """The id of a stored message."""

    id: str


class MessageBatch(Struct):
    """Several messages, stored all or none, in this order."""

    messages: Annotated[list[NewMessage], Meta(min_length=1, max_length=300)]


class BatchCreated(Struct):
    """The ids of a stored batch, in the order of the request."""

    messages: list[MessageCreated]


class StoredSender(Struct, rename="camel"):
    """Who said it, as stored."""

    role: ParticipantRole
    external_id: str | None


class StoredMessage(Struct, rename="camel"):
    """A message as it is kept: redacted."""

    message_id: str
    text: str
    sender: StoredSender
    created_timestamp: str
    client_timestamp: str


class StoredMessageList(Struct):
    """Messages in chronological order."""

    items: list[StoredMessage]


class MessagesOf(Struct, rename="camel"):
    """The body some clients send with GET instead of a query (PLT-074)."""

    external_id: LooseExternalId
