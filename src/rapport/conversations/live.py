"""Conversations on the live protocol: who may follow them, and what may be asked there."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from rapport.conversations import access
from rapport.conversations.directory import Known
from rapport.conversations.errors import NotYours
from rapport.conversations.events import KIND, audience_of, stream_of
from rapport.conversations.marks import mark
from rapport.conversations.messages.service import Said, Talk, refuse_when_over, send
from rapport.core import clock
from rapport.core.database import Database
from rapport.core.errors import Forbidden, NotFound
from rapport.core.identity import Caller, CallerKind, Permission
from rapport.core.log import Audience
from rapport.live.registry import Admission, Protocol, decode_request
from rapport.live.sources import ScopeSource, StreamSource
from rapport.live.wire import Ok, Party

Key = Annotated[str, Meta(min_length=1, max_length=128)]
Text = Annotated[str, Meta(min_length=1, max_length=10_000)]


class Send(Struct):
    """Say something in a conversation."""

    conversation: str
    key: Key
    text: Text


class MarkRequest(Struct):
    """Tell up to where this side has received and read."""

    conversation: str
    delivered: Annotated[int, Meta(ge=0)] | None = None
    read: Annotated[int, Meta(ge=0)] | None = None


def protocol(talk: Talk, database: Database) -> Protocol:
    """Return the topics and requests of conversations."""

    async def admit_one(caller: Caller, name: str) -> Admission:
        known = await access.known_to(talk.directory, caller, name)
        stream = stream_of(known.id, known.scope)
        audience = audience_of(known.channel) or _audience(caller)
        source = StreamSource(f"conversation/{known.id}", stream, int(audience))
        return Admission(source, party_of(caller, known))

    async def admit_all(caller: Caller, name: str) -> Admission:
        if name:
            raise NotFound(what="there is no such topic")
        if not caller.may(Permission.WATCH_CONVERSATIONS):
            raise Forbidden(problem="your role does not allow this")
        return Admission(ScopeSource("conversations", caller.scope, KIND, int(Audience.SUPERVISOR)))

    async def answer_send(caller: Caller, request: str, body: bytes) -> Ok:
        asked = decode_request(body, Send)
        known = await access.known_to(talk.directory, caller, asked.conversation)
        sent = await send(talk, known, said_by(caller, known, asked.text, asked.key))
        return Ok(request, message=sent.message_id, seq=sent.seq)

    async def answer_mark(caller: Caller, request: str, body: bytes) -> Ok:
        asked = decode_request(body, MarkRequest)
        known = await access.known_to(talk.directory, caller, asked.conversation)
        party = party_of(caller, known)
        if party is None:
            raise NotYours
        await mark(
            database, talk.log, known, party, delivered=asked.delivered or 0, read=asked.read or 0
        )
        return Ok(request)

    return Protocol(
        topics={"conversation": admit_one, "conversations": admit_all},
        requests={"send": answer_send, "mark": answer_mark},
    )


def party_of(caller: Caller, known: Known) -> Party | None:
    """Return as whom a caller takes part in a conversation; None when it only watches."""
    if caller.kind is CallerKind.CUSTOMER and caller.id == known.customer_id:
        return Party("customer", known.customer_external_id, known.customer_name or "")
    if caller.kind is CallerKind.PERSON and caller.id == known.agent_person_id:
        return Party("agent", known.agent_external_id or caller.id, caller.name)
    return None


def said_by(caller: Caller, known: Known, text: str, key: str) -> Said:
    """Return what a participant says now. Raises NotYours or ConversationOver."""
    party = party_of(caller, known)
    if party is None:
        raise NotYours
    refuse_when_over(known)
    return Said(text, party.role, party.id, party.name or None, clock.now(), key)


def _audience(caller: Caller) -> Audience:
    if caller.kind is CallerKind.CUSTOMER:
        return Audience.CUSTOMER
    watches = caller.may(Permission.WATCH_CONVERSATIONS)
    return Audience.SUPERVISOR if watches else Audience.AGENT
