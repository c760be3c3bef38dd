"""What to say next in a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from sqlalchemy import select

from rapport.compose.library import Context, Library, Suggested, Turn, context_of
from rapport.compose.placeholders import fill, values_of
from rapport.compose.settings import ComposeSettings
from rapport.compose.shelf import Shelf
from rapport.conversations.directory import Known
from rapport.conversations.models import Conversation, Message
from rapport.core import clock
from rapport.core.database import Database
from rapport.engines.embedding import Embedder
from rapport.engines.retrieval.lexical import words_of

COUNT = 3
# Texts whose placeholders cannot be filled are left out: so many are looked at for three.
LOOKED_AT = 12

# What a customer who has said nothing yet is taken to have said: an agent then greets.
OPENING = "Hello, I have a question."


class Suggestion(NamedTuple):
    """A text to offer: as it would be sent, and with its placeholders."""

    text: str
    template: str
    title: str


class _Talked(NamedTuple):
    """What has been said, oldest first, and what placeholders may stand for."""

    said: Sequence[tuple[str, str]]  # role, text
    values: Mapping[str, str]


class Composer:
    """Suggests on this node: reads the conversation, embeds what is new, searches, fills in."""

    def __init__(
        self, database: Database, shelf: Shelf, embedder: Embedder, settings: ComposeSettings
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._embedder = embedder
        self._settings = settings
        self._searching = ThreadPoolExecutor(settings.search_threads, "compose")

    def close(self) -> None:
        """Search no more."""
        self._searching.shutdown(wait=False, cancel_futures=True)

    async def suggest(self, known: Known, query: str) -> list[Suggestion]:
        """Up to three texts for the agent's next message, likeliest first (CMP-018..020, CMP-024).

        None once more words are typed than a message that is still open has. A text with a
        placeholder that this conversation cannot fill is left out (CMP-057). Raises Unavailable
        when more requests wait than the embedder may queue.
        """
        if len(words_of(query)) > self._settings.suggest_until_words:
            return []
        library, talked = await asyncio.gather(self._shelf.library(known.scope), self._read(known))
        context = await self._context(talked)
        found = await self._search(library, context, query)
        return _filled(found, talked.values)[:COUNT]

    async def _read(self, known: Known) -> _Talked:
        latest = (
            select(Message.role, Message.text)
            .where(Message.conversation_id == known.id)
            .order_by(Message.sent_at.desc(), Message.seq.desc(), Message.id.desc())
            .limit(self._settings.context_messages)
        )
        async with self._database.reading() as session:
            said = (await session.execute(latest)).all()
            metadata: dict[str, Any] | None = await session.scalar(
                select(Conversation.extra).where(Conversation.id == known.id)
            )
        values = values_of(known.customer_name, known.agent_name, metadata or {}, clock.now())
        return _Talked([(role, text) for role, text in reversed(said)], values)

    async def _context(self, talked: _Talked) -> Context:
        vectors = await self._embedder.embed([OPENING, *(text for _, text in talked.said)])
        turns = [
            Turn(said[0], vector) for said, vector in zip(talked.said, vectors[1:], strict=True)
        ]
        return context_of(turns, vectors[0])

    async def _search(self, library: Library, context: Context, query: str) -> list[Suggested]:
        return await asyncio.get_running_loop().run_in_executor(
            self._searching, library.suggest, context, query, LOOKED_AT
        )


def _filled(found: Sequence[Suggested], values: Mapping[str, str]) -> list[Suggestion]:
    texts = [(fill(suggested.template, values), suggested) for suggested in found]
    return [
        Suggestion(text, suggested.template, suggested.title)
        for text, suggested in texts
        if text is not None
    ]
