"""The conversations in which somebody is helped: read once, then followed along the log."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from rapport.compose.globals.events import stream_of as texts_of
from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.inserts import Dictionary, Facts, Template, generalise
from rapport.compose.suggestions.library import Heard, Lists
from rapport.compose.suggestions.listed import dictionary_of
from rapport.compose.suggestions.prospects import Prospect
from rapport.compose.suggestions.scoring import Turn
from rapport.conversations.directory import Known
from rapport.conversations.events import (
    KIND,
    CustomerIdentified,
    MessageSent,
    MetadataChanged,
    ParticipantJoined,
    ParticipantLeft,
)
from rapport.conversations.models import Conversation, Message
from rapport.core import clock
from rapport.core.database import Database
from rapport.core.errors import Unavailable
from rapport.core.log import Recorded
from rapport.core.log.models import StreamHead
from rapport.core.tasks import Tasks
from rapport.engines.embedding import Embedder

# What a customer who has said nothing yet is taken to have said: an agent then greets.
OPENING = "Hello, I have a question."

# Of a conversation longer than is read, so many of its first messages: what it began with.
FIRST = 20

# So many of the latest messages are looked through for what an agent has said already.
LATEST = 200

# Conversations that are remembered (some 50 kB each).
REMEMBERED = 2_000

_CHANGES = (MessageSent, MetadataChanged, CustomerIdentified, ParticipantJoined, ParticipantLeft)


class Heads(NamedTuple):
    """How far a conversation, and its company's texts, have come."""

    conversation: int
    texts: int


class Ranking(NamedTuple):
    """What is likely said next, from which lists; good until then, as inserts tell the time of day."""

    prospect: Prospect
    lists: Lists
    facts: Facts
    good_until: datetime

    def holds(self, lists: Lists) -> bool:
        """Whether it is what these lists give now."""
        return self.lists == lists and self.good_until >= clock.now()


@dataclass(slots=True)
class Talk:
    """A conversation up to an event of its stream, and what was worked out from it.

    `texts` is how far the company's texts had come when it was read.
    """

    seq: int
    texts: int
    heard: Heard
    metadata: Mapping[str, Any]
    dictionary: Dictionary
    last_agent_message: str | None
    ranking: Ranking | None = None
    is_renewing: bool = False


class Talks:
    """Remembers conversations as long as nothing happens in them."""

    def __init__(self, database: Database, embedder: Embedder, settings: ComposeSettings) -> None:
        self._database = database
        self._embedder = embedder
        self._settings = settings
        self._talks: OrderedDict[str, Talk] = OrderedDict()
        self._reading: dict[str, asyncio.Task[Talk]] = {}
        # Of conversations that are being read: up to where something has happened meanwhile.
        self._happened: dict[str, int] = {}
        self._tasks = Tasks("compose-message")

    def observe(self, recorded: Recorded) -> None:
        """Forget a conversation in which something happened, on whatever node."""
        if recorded.stream_kind != KIND:
            return
        conversation_id = recorded.stream_id
        if conversation_id in self._happened:
            self._happened[conversation_id] = recorded.seq
        talk = self._talks.get(conversation_id)
        if talk is None or recorded.seq <= talk.seq:
            return
        if recorded.is_a(MessageSent):
            self._tasks.begin(self._prepare(recorded.decode(MessageSent).text))
        if any(recorded.is_a(kind) for kind in _CHANGES):
            del self._talks[conversation_id]
        else:
            talk.seq = recorded.seq

    def forget(self, conversation_id: str) -> None:
        """Read a conversation again, because its caller has just added to it."""
        self._talks.pop(conversation_id, None)

    def known(self, conversation_id: str) -> Talk | None:
        """A conversation as it is remembered: all that happened up to a moment ago."""
        return self._talks.get(conversation_id)

    def is_unread(self, conversation_id: str) -> bool:
        """Whether a conversation is neither remembered nor being read: reading it tells all there is."""
        return conversation_id not in self._talks and conversation_id not in self._reading

    async def heads(self, known: Known) -> Heads:
        """How far a conversation and its company's texts have come by now."""
        return await self._database.read(lambda session: _heads(session, known))

    async def read(self, known: Known, head: int = 0) -> Talk:
        """The conversation up to an event at least; read once for all who ask at the same time."""
        while True:
            talk = self._talks.get(known.id)
            if talk and talk.seq >= head and talk.heard.agent == known.agent_external_id:
                return talk
            reading = self._reading.get(known.id)
            if reading is None:
                reading = asyncio.create_task(self._remember(known), name="compose-talk")
                self._reading[known.id] = reading
                reading.add_done_callback(partial(self._finished, known.id))
                # Shielded: a caller who gives up must not take it from the others.
                return await asyncio.shield(reading)
            # It may have begun before the event.
            await asyncio.wait([reading])

    async def close(self) -> None:
        """Stop reading."""
        tasks = list(self._reading.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._tasks.close()

    async def _prepare(self, text: str) -> None:
        """Embed a message of a conversation in which somebody is helped, before it is asked for."""
        with contextlib.suppress(Unavailable):
            await self._embedder.embed([text])

    def _finished(self, conversation_id: str, reading: asyncio.Task[Talk]) -> None:
        del self._reading[conversation_id]
        if not reading.cancelled():
            # Whoever waited may have gone; looked at here, nobody is told of it in vain.
            reading.exception()

    async def _remember(self, known: Known) -> Talk:
        self._happened[known.id] = 0
        try:
            talk = await self._read(known)
        finally:
            happened = self._happened.pop(known.id)
        if happened <= talk.seq:
            self._talks[known.id] = talk
            self._talks.move_to_end(known.id)
            if len(self._talks) > REMEMBERED:
                self._talks.popitem(last=False)
        return talk

    async def _read(self, known: Known) -> Talk:
        record = await self._database.read(lambda session: _record(session, known))
        heard = await self._heard(known, record.messages)
        spoken = [message.id for message in record.messages if message.role == "agent"]
        last = spoken[-1] if spoken else None
        seq, texts = record.heads
        return Talk(seq, texts, heard, record.metadata, record.dictionary, last)

    async def _heard(self, known: Known, messages: Sequence[Message]) -> Heard:
        most = self._settings.context_messages
        context = messages
        if len(messages) > most:
            first = min(FIRST, most // 2)
            context = [*messages[:first], *messages[len(messages) - most + first :]]
        vectors = await self._embedder.embed([OPENING, *(message.text for message in context)])
        turns = [
            Turn(message.role, vector, message.text)
            for message, vector in zip(context, vectors[1:], strict=True)
        ]
        said = frozenset(
            Template(text).saying
            for message in messages
            if message.role == "agent"
            for text in (
                message.text,
                generalise(message.text, known.customer_name, known.agent_name),
            )
        )
        return Heard(turns, vectors[0], known.agent_external_id or "", said)


class _Record(NamedTuple):
    """What the database says of a conversation."""

    heads: Heads
    messages: Sequence[Message]
    metadata: Mapping[str, Any]
    dictionary: Dictionary


def _record(session: Session, known: Known) -> _Record:
    metadata = select(Conversation.extra).where(Conversation.id == known.id)
    return _Record(
        _heads(session, known),
        _messages(session, known),
        session.scalar(metadata) or {},
        dictionary_of(session, known.scope),
    )


def _heads(session: Session, known: Known) -> Heads:
    texts = texts_of(known.scope)
    query = select(StreamHead.kind, StreamHead.head).where(
        or_(
            and_(StreamHead.kind == KIND, StreamHead.id == known.id),
            and_(StreamHead.kind == texts.kind, StreamHead.id == texts.id),
        )
    )
    heads = {row.kind: row.head for row in session.execute(query)}
    return Heads(heads.get(KIND, 0), heads.get(texts.kind, 0))


def _messages(session: Session, known: Known) -> Sequence[Message]:
    """The latest messages, oldest first, and of a long conversation those it began with."""
    of_it = select(Message).where(Message.conversation_id == known.id)
    order = (Message.sent_at, Message.seq, Message.id)
    newest_first = of_it.order_by(*(o.desc() for o in order))
    latest = session.scalars(newest_first.limit(LATEST)).all()[::-1]
    if len(latest) < LATEST:
        return latest
    first = session.scalars(of_it.order_by(*order).limit(FIRST)).all()
    known_ids = {message.id for message in first}
    return [*first, *(message for message in latest if message.id not in known_ids)]
