"""Saying something: redact, make durable with its event, tell the caller its id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, cast

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.conversations.directory import Directory, Known
from rapport.conversations.errors import ConversationOver
from rapport.conversations.events import MessageSent, audience_of, stream_of
from rapport.conversations.models import Conversation, Message
from rapport.conversations.redaction import Redaction
from rapport.core import clock
from rapport.core.errors import Malformed, NotFound
from rapport.core.identity import Actor, Scope
from rapport.core.ids import new_id
from rapport.core.log import Append, Log, Row, RowInsert
from rapport.core.telemetry.metrics import Metrics

# One answer by the caller's id holds a call of about two hours (PLT-076).
BY_EXTERNAL_ID_LIMIT = 1_000
# Afterwards a completed transcript is not given out by the caller's id any more (PLT-077).
AVAILABLE = timedelta(days=7)

_MESSAGE = RowInsert(
    cast("Table", Message.__table__),
    "id",
    "company_id",
    "environment",
    "conversation_id",
    "role",
    "sender_external_id",
    "text",
    "sent_at",
    "created_at",
)


class Talk(NamedTuple):
    """What it takes to say something in a conversation."""

    log: Log
    directory: Directory
    redaction: Redaction
    metrics: Metrics


class Said(NamedTuple):
    """Something somebody says; `key` makes saying it again harmless."""

    text: str
    role: str
    sender: str | None
    name: str | None
    sent_at: datetime
    key: str | None = None


class Sent(NamedTuple):
    """A durable message: its id and its place in the conversation."""

    message_id: str
    seq: int


async def send(talk: Talk, known: Known, said: Said) -> Sent:
    """Store one message; durable when this returns (PLT-066, PLT-069).

    Raises Unavailable when the log takes no more for the moment.
    """
    sent = await send_all(talk, known, [said], key=said.key)
    return sent[0]


async def send_all(
    talk: Talk, known: Known, all_said: Sequence[Said], *, key: str | None = None
) -> list[Sent]:
    """Store messages of one conversation together, in this order (PLT-070)."""
    events: list[MessageSent] = []
    rows: list[Row] = []
    ids: list[str] = []
    created_at = clock.microseconds(clock.now())
    for said in all_said:
        message_id = new_id()
        text = await talk.redaction.redact(known.scope, known.id, message_id, said.text)
        sent_at = clock.wire(said.sent_at)
        events.append(MessageSent(message_id, text, said.role, said.sender, sent_at, said.key))
        place = (*known.scope, known.id)
        sent_us = clock.microseconds(said.sent_at)
        values = (message_id, *place, said.role, said.sender, text, sent_us, created_at)
        rows.append(Row(_MESSAGE, values, of=len(rows)))
        ids.append(message_id)
    first = all_said[0]
    append = Append(
        stream=stream_of(known.id, known.scope),
        events=events,
        actor=Actor(first.role, first.sender, first.name),
        rows=rows,
        key=key,
        answer=" ".join(ids),
        audience=audience_of(known.channel),
    )
    appended = await talk.log.submit(append)
    talk.metrics.messages_accepted_total.inc(len(events))
    return [Sent(i, appended.seq + n) for n, i in enumerate(appended.answer.split(" "))]


def refuse_when_over(known: Known) -> None:
    """Raise ConversationOver for people and customers; an integrator's late messages are taken."""
    if known.is_over:
        raise ConversationOver


def name_of(known: Known, role: str, sender: str | None) -> str | None:
    """Return the name under which a sender is known in the conversation."""
    if role == "customer" and sender == known.customer_external_id:
        return known.customer_name
    if role == "agent" and sender == known.agent_external_id:
        return known.agent_name
    return None


async def messages_of(
    session: AsyncSession, conversation_id: str, limit: int | None = None
) -> Sequence[Message]:
    """Return a conversation's messages, chronological, ties in order of arrival (PLT-071, PLT-072)."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id)
        .order_by(Message.sent_at, Message.seq, Message.id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def message(session: AsyncSession, conversation_id: str, message_id: str) -> Message:
    """Return one message of a conversation. Raises NotFound (PLT-073)."""
    found = await session.get(Message, message_id)
    if found is None or found.conversation_id != conversation_id:
        raise NotFound(what="there is no such message")
    return found


async def messages_by_external_id(
    session: AsyncSession, scope: Scope, external_id: str | None
) -> Sequence[Message]:
    """Return the messages of the conversation with the caller's id, all legs, at most 1,000.

    Raises Malformed without an id, NotFound for an unknown one or one completed over seven days ago
    (PLT-074..077).
    """
    if external_id is None:
        raise Malformed(problem="give the externalId of the conversation")
    found = await session.scalar(
        select(Conversation).where(
            Conversation.company_id == scope.company_id,
            Conversation.environment == scope.environment,
            Conversation.external_id == external_id,
        )
    )
    if found is None:
        raise NotFound(what="there is no conversation with this externalId")
    if found.ended_at is not None and found.ended_at < clock.now() - AVAILABLE:
        raise NotFound(what="the transcript is not available any more")
    return await messages_of(session, found.id, BY_EXTERNAL_ID_LIMIT)
