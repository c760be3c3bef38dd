"""Redaction of what is said, with the conversation's own context, before anything else sees it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Protocol

import msgspec
from sqlalchemy import select

from rapport.conversations.errors import TextTooLong
from rapport.conversations.events import MessageSent
from rapport.conversations.models import Message
from rapport.core.database import Database
from rapport.core.identity import Scope
from rapport.core.log import Audience, Recorded
from rapport.core.telemetry.metrics import Metrics
from rapport.engines.redaction import EMPTY, MEMORY, Context, Redactor
from rapport.live.sources import Mask

# Conversations whose context is kept in memory; another one's is read from its last messages.
_KEPT = 50_000
# A longer text is redacted beside the event loop: the worst ones take a second for every 20,000.
_AT_ONCE = 1_000
# Messages of this node that may not have come back through the log yet.
_OWN = 10_000


class Redactors(Protocol):
    """Gives the redactor that a company's policy asks for."""

    async def stored(self, scope: Scope) -> Redactor:
        """Return the redactor for what is stored: what it leaves is all that is ever kept."""
        ...

    async def live(self, scope: Scope, audience: Audience) -> Redactor | None:
        """Return the redactor for what an audience sees live; None when it hides nothing more."""
        ...


class LiveMasking:
    """Hides from an audience at the moment what its policy asks for beyond what is stored (PLT-110)."""

    def __init__(self, redactors: Redactors) -> None:
        self._redactors = redactors

    async def mask(self, scope: Scope, audience: int) -> Mask | None:
        """Return what redacts messages on their way to an audience; None when stored text may be seen."""
        redactor = await self._redactors.live(scope, Audience(audience))
        if redactor is None:
            return None

        def hide(recorded: Recorded) -> Recorded:
            if not recorded.is_a(MessageSent):
                return recorded
            sent = recorded.decode(MessageSent)
            masked = msgspec.structs.replace(sent, text=redactor.redact(sent.text).text)
            return msgspec.structs.replace(
                recorded, payload=msgspec.Raw(msgspec.json.encode(masked))
            )

        return hide


class Redaction:
    """Redacts texts of conversations; knows what was said just before in each (PLT-117)."""

    def __init__(
        self, database: Database, redactors: Redactors, metrics: Metrics, longest: int = 10_000
    ) -> None:
        self._longest = longest
        self._database = database
        self._redactors = redactors
        self._metrics = metrics
        self._contexts: OrderedDict[str, Context] = OrderedDict()
        self._own: dict[str, None] = {}

    async def redact(self, scope: Scope, conversation_id: str, message_id: str, text: str) -> str:
        """Return a message's text as it may be kept, and remember it as context of what follows.

        Raises TextTooLong.
        """
        redactor = await self._redactors.stored(scope)
        context = self._contexts.get(conversation_id)
        if context is None:
            context = await self._read(conversation_id)
        with self._metrics.redaction_seconds.time():
            redacted = await self._run(redactor, text, context)
        self._remember(conversation_id, context.after(redacted))
        self._own[message_id] = None
        if len(self._own) > _OWN:
            del self._own[next(iter(self._own))]
        return redacted

    async def redact_alone(self, scope: Scope, text: str) -> str:
        """Return a text that is no part of the talk (a name, a note, a metadata value) redacted."""
        return await self._run(await self._redactors.stored(scope), text, EMPTY)

    async def _run(self, redactor: Redactor, text: str, context: Context) -> str:
        if len(text) > self._longest:
            raise TextTooLong(limit=self._longest)
        if len(text) > _AT_ONCE:
            return (await asyncio.to_thread(redactor.redact, text, context)).text
        return redactor.redact(text, context).text

    def begins(self, conversation_id: str) -> None:
        """Know a new conversation, which has no context to read."""
        self._remember(conversation_id, EMPTY)

    def observe(self, recorded: Recorded) -> None:
        """Drop the context of a conversation that another node has added to: it is read again."""
        if recorded.stream_id not in self._contexts or not recorded.is_a(MessageSent):
            return
        if recorded.decode(MessageSent).message not in self._own:
            self._contexts.pop(recorded.stream_id)

    def _remember(self, conversation_id: str, context: Context) -> None:
        self._contexts[conversation_id] = context
        self._contexts.move_to_end(conversation_id)
        if len(self._contexts) > _KEPT:
            self._contexts.popitem(last=False)

    async def _read(self, conversation_id: str) -> Context:
        latest = (
            select(Message.text)
            .where(Message.conversation_id == conversation_id)
            .order_by(Message.seq.desc())
            .limit(MEMORY)
        )
        async with self._database.reading() as session:
            texts = list((await session.scalars(latest)).all())
        return Context.of(reversed(texts))
