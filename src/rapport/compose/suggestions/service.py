"""What to say next in a conversation."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.inserts import fill, values_of
from rapport.compose.suggestions.library import (
    Context,
    Library,
    Prospect,
    Suggested,
    Turn,
    context_of,
)
from rapport.compose.suggestions.shelf import Shelf
from rapport.conversations.directory import Known
from rapport.conversations.events import KIND
from rapport.conversations.models import Conversation, Message
from rapport.core import clock
from rapport.core.database import Database, ReadSession
from rapport.core.log.models import StreamHead
from rapport.engines.embedding import Embedder
from rapport.engines.retrieval.lexical import words_of

COUNT = 3
# Texts whose placeholders cannot be filled are left out: so many are looked at for three.
LOOKED_AT = 12

# So many of the latest messages are looked through for what an agent has said already.
LATEST = 200

# What a customer who has said nothing yet is taken to have said: an agent then greets.
OPENING = "Hello, I have a question."

# While an agent types, what was worked out this recently is refined without asking the database
# whether more was said: half the cost of a keystroke, and no one sees the difference.
FRESH_SECONDS = 0.5

# Conversations whose prospects are remembered (some 300 kB each).
REMEMBERED = 200


class Suggestion(NamedTuple):
    """A text to offer: as it would be sent, and with its placeholders."""

    text: str
    template: str
    title: str


@dataclass(slots=True)
class _Talked:
    """A conversation up to a place in its stream, and what was worked out from it."""

    seq: int
    seen_at: float  # monotonic seconds at which nothing more had been said
    context: Context
    values: Mapping[str, str]
    answers: frozenset[str]  # what agents said, see `_plain`
    prospect: Prospect | None = None


class Composer:
    """Suggests on this node: reads the conversation, embeds what is new, searches, fills in.

    What was worked out for a conversation is remembered as long as nothing happens in it, so that
    a keystroke costs a look at the stream's head and a search by words.
    """

    def __init__(
        self, database: Database, shelf: Shelf, embedder: Embedder, settings: ComposeSettings
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._embedder = embedder
        self._settings = settings
        self._searching = ThreadPoolExecutor(settings.search_threads, "compose")
        self._remembered: OrderedDict[str, _Talked] = OrderedDict()

    def close(self) -> None:
        """Search no more."""
        self._searching.shutdown(wait=False, cancel_futures=True)

    def forget(self, conversation_id: str) -> None:
        """Work a conversation out anew, because its caller has just added to it."""
        self._remembered.pop(conversation_id, None)

    async def suggest(self, known: Known, query: str) -> list[Suggestion]:
        """Up to three texts for the agent's next message, likeliest first (CMP-018..020, CMP-024).

        None once more words are typed than a message that is still open has. A text with a
        placeholder that this conversation cannot fill is left out (CMP-057), and so is what an
        agent has said here before. Raises Unavailable when more requests wait than the embedder
        may queue.
        """
        if len(words_of(query)) > self._settings.suggest_until_words:
            return []
        library = await self._shelf.library(known.scope)
        talked = (query and self._fresh(known)) or await self._talked(known)
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._searching, _find, library, talked, query)
        filled = _filled(found, talked.values)
        return [each for each in filled if _plain(each.text) not in talked.answers][:COUNT]

    def _fresh(self, known: Known) -> _Talked | None:
        remembered = self._remembered.get(known.id)
        if remembered is None or time.monotonic() - remembered.seen_at > FRESH_SECONDS:
            return None
        return remembered

    async def _talked(self, known: Known) -> _Talked:
        seen_at = time.monotonic()
        async with self._database.reading() as session:
            seq = await session.scalar(_head_of(known)) or 0
            remembered = self._remembered.get(known.id)
            if remembered is not None and remembered.seq == seq:
                remembered.seen_at = seen_at
                return remembered
            said, metadata = await self._read(session, known)
        values = values_of(known.customer_name, known.agent_name, metadata, clock.now())
        context = await self._context(said[-self._settings.context_messages :])
        answers = frozenset(_plain(text) for role, text in said if role == "agent")
        talked = _Talked(seq, seen_at, context, values, answers)
        self._remembered[known.id] = talked
        self._remembered.move_to_end(known.id)
        if len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)
        return talked

    async def _read(
        self, session: ReadSession, known: Known
    ) -> tuple[list[tuple[str, str]], Mapping[str, Any]]:
        """Roles and texts of the latest messages, oldest first, and the metadata."""
        latest = (
            select(Message.role, Message.text)
            .where(Message.conversation_id == known.id)
            .order_by(Message.sent_at.desc(), Message.seq.desc(), Message.id.desc())
            .limit(max(LATEST, self._settings.context_messages))
        )
        said = [(role, text) for role, text in await session.execute(latest)]
        metadata = await session.scalar(
            select(Conversation.extra).where(Conversation.id == known.id)
        )
        return said[::-1], metadata or {}

    async def _context(self, said: Sequence[tuple[str, str]]) -> Context:
        vectors = await self._embedder.embed([OPENING, *(text for _, text in said)])
        turns = [Turn(role, vector) for (role, _), vector in zip(said, vectors[1:], strict=True)]
        return context_of(turns, vectors[0])


def _find(library: Library, talked: _Talked, query: str) -> list[Suggested]:
    """Search; blocks, in a worker thread."""
    prospect = talked.prospect
    if prospect is None or prospect.version != library.version:
        prospect = talked.prospect = library.prospect(talked.context)
    return library.suggest(prospect, query, LOOKED_AT)


def _plain(text: str) -> str:
    """A text without case and punctuation: who says the same thing twice seldom says it exactly so."""
    return " ".join(words_of(text))


def _head_of(known: Known) -> Select[int]:
    return select(StreamHead.head).where(StreamHead.kind == KIND, StreamHead.id == known.id)


def _filled(found: Sequence[Suggested], values: Mapping[str, str]) -> list[Suggestion]:
    texts = [(fill(suggested.template, values), suggested) for suggested in found]
    return [
        Suggestion(text, suggested.template, suggested.title)
        for text, suggested in texts
        if text is not None
    ]
