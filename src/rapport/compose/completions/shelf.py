"""The phrases of this node's companies: made when first asked for, then kept in line with the log."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError

from rapport.compose.completions import texts
from rapport.compose.customs.events import CustomsChanged
from rapport.compose.globals.events import KIND
from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions import listed
from rapport.compose.suggestions.candidates import Candidate
from rapport.compose.training.access import live_blob
from rapport.compose.training.events import ModelDeployed
from rapport.compose.training.trainers import Kind
from rapport.conversations.events import MessageSent
from rapport.core import memory
from rapport.core.database import Database
from rapport.core.errors import NotFound
from rapport.core.identity import Environment, Scope
from rapport.core.log import Recorded
from rapport.core.storage import Files
from rapport.core.tasks import Tasks
from rapport.engines.completion import (
    Completer,
    Line,
    Model,
    ModelRefused,
    Source,
    Wording,
    train,
)

# What the lists say of what comes next, beside what agents say.
LIST_SHARE = 0.5
# Agents of a company whose completers are kept.
DESKS = 500
# While a company has no trained model, what its agents say is counted again after so many messages,
# in this share of the time.
COUNTED_AGAIN = 5
COUNTING_SHARE = 0.01
# The first count is waited for, where the company is small enough.
FIRST_COUNT_SECONDS = 1.0

# Events of a company's texts after which its phrases are the same.
_NO_MATTER = frozenset({"responses.embedded", "responses.saved", "proposal.asked"})

logger = structlog.get_logger(__name__)


class _Lists:
    """The global list of a company as phrases are made of it."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        written = texts.written(candidates)
        self.wording = Wording(written)
        self.model = train([Line(text) for text in written])


class Phrases:
    """What phrases of a company in one environment are made of, and its agents' completers."""

    def __init__(self, scope: Scope, lists: _Lists, said: Model) -> None:
        self.scope = scope
        self.lists = lists
        self.said = said
        self.is_trained = False
        # What was said since it was counted, when that may be done again, and whether it is under way.
        self.messages = 0
        self.count_from = 0.0
        self.is_counting = False
        self.desks: OrderedDict[str, Completer] = OrderedDict()
        # How often the completers became out of date.
        self.edition = 0
        # Changes of the list that were heard of, and that were taken over.
        self.heard = self.taken_over = 0

    def clear_desks(self) -> None:
        """Make every completer anew, those under way too."""
        self.desks.clear()
        self.edition += 1

    def clear_desk(self, agent: str) -> None:
        """Make an agent's completer anew, even if it is being made."""
        self.desks.pop(agent, None)
        self.edition += 1

    @property
    def is_due(self) -> bool:
        """Whether what agents say should be counted again."""
        if self.is_trained or self.is_counting or self.messages < COUNTED_AGAIN:
            return False
        return time.monotonic() >= self.count_from


class PhraseShelf:
    """Gives completers of agents, and follows the log of all nodes."""

    def __init__(self, database: Database, files: Files, settings: ComposeSettings) -> None:
        self._database = database
        self._files = files
        self._settings = settings
        self._companies: OrderedDict[Scope, asyncio.Task[Phrases]] = OrderedDict()
        self._renewing = asyncio.Lock()
        self._tasks = Tasks("compose-phrases")

    def prepare(self, scope: Scope) -> None:
        """Begin to read what a company's phrases are made of, so that whoever types need not wait."""
        if scope not in self._companies:
            self._tasks.begin(self._phrases(scope))

    async def completer(self, scope: Scope, agent: str) -> Completer:
        """An agent's completer; the first call for a company reads its list (about 1 s for 5,000 texts)."""
        phrases = await self._phrases(scope)
        if phrases.heard > phrases.taken_over:
            await self._renew(phrases)
        if phrases.is_due:
            self._tasks.begin(self._count(phrases))
        return phrases.desks.get(agent) or await self._desk(phrases, agent)

    def observe(self, recorded: Recorded) -> None:
        """Take over what any node changed; a company that nobody asked for is no matter."""
        if recorded.is_a(MessageSent):
            self._note_message(recorded.scope)
            return
        reading = self._companies.get(recorded.scope)
        if reading is None or recorded.stream_kind != KIND or recorded.kind in _NO_MATTER:
            return
        phrases = _ready(reading)
        if phrases is None:
            self._companies.pop(recorded.scope)
        elif recorded.is_a(CustomsChanged):
            phrases.clear_desk(recorded.decode(CustomsChanged).agent)
        elif recorded.is_a(ModelDeployed):
            if recorded.decode(ModelDeployed).kind == Kind.COMPLETION:
                self._tasks.begin(self._count(phrases))
        else:
            phrases.heard += 1

    def _note_message(self, scope: Scope) -> None:
        """Count what was said; in production it counts for the sandbox, too."""
        for each in {scope, Scope(scope.company_id, Environment.SANDBOX)}:
            phrases = _ready(self._companies.get(each))
            if phrases is not None:
                phrases.messages += 1

    async def close(self) -> None:
        """Stop counting."""
        reading = list(self._companies.values())
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)
        await self._tasks.close()
        self._companies.clear()

    async def _phrases(self, scope: Scope) -> Phrases:
        reading = self._companies.get(scope)
        if reading is None:
            reading = asyncio.create_task(self._read(scope), name="compose-phrases")
            self._companies[scope] = reading
            if len(self._companies) > self._settings.companies_in_memory:
                self._companies.popitem(last=False)
        self._companies.move_to_end(scope)
        try:
            # Shielded: a caller who gives up must not take the phrases from the others.
            return await asyncio.shield(reading)
        except (SQLAlchemyError, OSError):
            self._companies.pop(scope, None)
            raise

    async def _read(self, scope: Scope) -> Phrases:
        """The lists at once; what agents say follows where counting it takes seconds."""
        phrases = Phrases(scope, await self._lists(scope), train([]))
        await asyncio.wait([self._tasks.begin(self._count(phrases))], timeout=FIRST_COUNT_SECONDS)
        return phrases

    async def _lists(self, scope: Scope) -> _Lists:
        async with self._database.reading() as session:
            candidates = await listed.globals_of(session, scope)
        lists = await asyncio.to_thread(_Lists, candidates)
        memory.settle()
        return lists

    async def _said(self, scope: Scope) -> tuple[Model, bool]:
        """The trained model of a company, or one counted now; and whether it is trained."""
        try:
            live = await live_blob(self._database, self._files, scope, Kind.COMPLETION)
            if live is not None:
                return await asyncio.to_thread(Model.restored, live.blob), True
        except (NotFound, ModelRefused) as error:
            logger.warning("phrase_model_unusable", error=type(error).__name__)
        async with self._database.reading() as session:
            said = await texts.said(session, scope, self._settings.completion_conversations)
        # Where only the lists' wording is offered, what one conversation said tells nobody anything.
        fewest = 3 if self._settings.completion_beyond_lists else 1
        return await asyncio.to_thread(lambda: train(texts.lines_of(said), fewest)), False

    async def _renew(self, phrases: Phrases) -> None:
        async with self._renewing:
            heard = phrases.heard
            if heard == phrases.taken_over:
                return
            phrases.lists = await self._lists(phrases.scope)
            phrases.clear_desks()
            phrases.taken_over = heard

    async def _count(self, phrases: Phrases) -> None:
        phrases.is_counting, phrases.messages = True, 0
        started = time.monotonic()
        try:
            phrases.said, phrases.is_trained = await self._said(phrases.scope)
            memory.settle()
        finally:
            phrases.is_counting = False
            now = time.monotonic()
            phrases.count_from = now + (now - started) / COUNTING_SHARE
        phrases.clear_desks()

    async def _desk(self, phrases: Phrases, agent: str) -> Completer:
        edition = phrases.edition
        completer = await self._make(phrases, agent)
        if edition == phrases.edition:
            phrases.desks[agent] = completer
            if len(phrases.desks) > DESKS:
                phrases.desks.popitem(last=False)
        return completer

    async def _make(self, phrases: Phrases, agent: str) -> Completer:
        async with self._database.reading() as session:
            own = texts.written(await listed.customs_of(session, phrases.scope, agent))
        sources = [Source(phrases.said), Source(phrases.lists.model, LIST_SHARE)]
        wordings = [phrases.lists.wording]
        if own:
            sources.append(Source(await asyncio.to_thread(_model_of, own), LIST_SHARE))
            wordings.append(await asyncio.to_thread(Wording, own))
        return Completer(sources, None if self._settings.completion_beyond_lists else wordings)


def _ready(reading: asyncio.Task[Phrases] | None) -> Phrases | None:
    if reading is None or not reading.done() or reading.cancelled() or reading.exception():
        return None
    return reading.result()


def _model_of(own: list[str]) -> Model:
    return train([Line(text) for text in own])
