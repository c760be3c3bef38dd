"""The live request `open`: a customer's first words."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from rapport.channels.chat import access
from rapport.channels.chat.sessions import Chat
from rapport.conversations.live import Key, Text
from rapport.conversations.messages.service import Said, Talk, send
from rapport.conversations.record.service import Opening, open_conversation
from rapport.core import clock
from rapport.core.errors import Forbidden
from rapport.core.identity import Actor, Caller, CallerKind
from rapport.live.registry import Protocol, decode_request
from rapport.live.wire import Ok

InfoName = Annotated[str, Meta(min_length=1, max_length=100)]
InfoValue = Annotated[str, Meta(max_length=1000)] | int | float | bool | None
Info = Annotated[dict[InfoName, InfoValue], Meta(max_length=50)]


class Open(Struct):
    """Begin to talk, or go on where a conversation is open already."""

    key: Key
    text: Text
    customer_info: Info | None = None


def protocol(chat: Chat, talk: Talk) -> Protocol:
    """Return the requests of the web chat."""

    async def answer_open(caller: Caller, request: str, body: bytes) -> Ok:
        if caller.kind is not CallerKind.CUSTOMER:
            raise Forbidden(problem="only customers open conversations")
        asked = decode_request(body, Open)
        conversation_id = await place_for(chat, caller, asked)
        known = await talk.directory.find(caller.scope, conversation_id)
        party = (known.customer_external_id, known.customer_name)
        said = Said(asked.text, "customer", *party, clock.now(), asked.key)
        sent = await send(talk, known, said)
        return Ok(request, conversation=known.id, message=sent.message_id, seq=sent.seq)

    return Protocol(topics={}, requests={"open": answer_open})


async def place_for(chat: Chat, caller: Caller, asked: Open) -> str:
    """Return the conversation that a customer's words belong to, a new one where none is open.

    Asked again with the same key it is the same one, whatever has happened in between: a crash
    between this and the message, another device that opened one, even its end.
    """
    metadata = await _redacted(chat, caller, asked.customer_info or {})
    async with chat.database.writing() as session:
        customer = await access.customer_for_update(session, caller)
        conversation = await access.conversation_with_key(session, customer.id, asked.key)
        conversation = conversation or await access.open_conversation_of(session, customer.id)
        if conversation is None:
            opening = Opening(access.CHANNEL, clock.now(), customer.name, None, metadata)
            actor = Actor("customer", customer.external_id, customer.name)
            conversation = await open_conversation(session, chat.log, customer, opening, actor)
            chat.redaction.begins(conversation.id)
        return conversation.id


async def _redacted(chat: Chat, caller: Caller, info: dict[str, InfoValue]) -> dict[str, str]:
    return {
        await chat.redaction.redact_alone(caller.scope, name): await chat.redaction.redact_alone(
            caller.scope, _text(value)
        )
        for name, value in info.items()
        if value is not None
    }


def _text(value: str | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
