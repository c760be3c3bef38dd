"""The libraries of this node: read from the database when first asked for, then kept up to date."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence

import structlog
from sqlalchemy import Select, select
from sqlalchemy.exc import SQLAlchemyError

from rapport.compose.customs.events import CustomsChanged
from rapport.compose.globals.events import (
    KIND,
    ResponsesDeployed,
    ResponsesEmbedded,
    stream_of,
)
from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions import events as learnt
from rapport.compose.suggestions import listed, organic
from rapport.compose.suggestions.candidates import Candidate
from rapport.compose.suggestions.events import OrganicsKept, RepliesKept
from rapport.compose.suggestions.library import Desk, Library, PastAnswers
from rapport.compose.suggestions.pools import Pool
from rapport.core import memory
from rapport.core.database import Database, ReadSession
from rapport.core.identity import Scope
from rapport.core.log import Recorded, Stream
from rapport.core.log.models import StreamHead
from rapport.core.log.tail import Tail
from rapport.core.tasks import Tasks

# Answers prepared for fast searching in one step of a worker thread: about 100 ms.
SETTLE_STEP = 256
# Of fewer answers the likest are found by comparing all: once after a message, 0.1 ms for 1,000. A
# graph would find them sooner, but not always the same ones, and takes 12 s to build for 40,000.
SETTLE_FROM = 100_000

# Agents of a company whose own lists are kept ready.
DESKS = 1_000

# While an import is embedded the list is read again for every slice, and what agents say for all that
# was learnt, in this share of the time.
READING_SHARE = 0.2

logger = structlog.get_logger(__name__)


class Shelf:
    """Gives the library of a company, and keeps those given in line with the log of all nodes."""

    def __init__(self, database: Database, tail: Tail, settings: ComposeSettings) -> None:
        self._database = database
        self._tail = tail
        self._settings = settings
        self._libraries: OrderedDict[Scope, asyncio.Task[Library]] = OrderedDict()
        # Of companies whose library is being read: how far the log is known to have come meanwhile, with
        # their texts and with what was learnt.
        self._heard: dict[Scope, tuple[int, int]] = {}
        self._tasks = Tasks("compose-shelf")

    def ready(self, scope: Scope) -> Library | None:
        """The company's library if it need not be waited for."""
        reading = self._libraries.get(scope)
        if reading is None or not reading.done() or reading.cancelled() or reading.exception():
            return None
        return reading.result()

    async def library(self, scope: Scope) -> Library:
        """The company's library; the first call reads it (about 2 s for 45,000 texts)."""
        reading = self._libraries.get(scope)
        if reading is None:
            reading = asyncio.create_task(self._read(scope), name="compose-library")
            self._libraries[scope] = reading
            if len(self._libraries) > self._settings.companies_in_memory:
                self._libraries.popitem(last=False)
        self._libraries.move_to_end(scope)
        try:
            # Shielded: a caller who gives up must not take the library from the others.
            return await asyncio.shield(reading)
        except (SQLAlchemyError, OSError):
            self._libraries.pop(scope, None)
            raise

    async def desk(self, library: Library, agent: str) -> Desk:
        """An agent's own lists; the first call reads them (some milliseconds)."""
        while (desk := library.desks.get(agent)) is None:
            async with library.renewing:
                if agent not in library.desks:
                    await self._read_desk(library, agent)
        library.desks.move_to_end(agent)
        return desk

    async def catch_up(self, library: Library, head: int) -> None:
        """Take over what the company's texts have become up to an event of theirs (CMP-043)."""
        if head > library.seq:
            await self._follow(library)

    def observe(self, recorded: Recorded) -> None:
        """Take over what any node changed; what is not on the shelf is no matter."""
        if recorded.stream_kind not in {KIND, learnt.KIND}:
            return
        texts, was_learnt = (recorded.seq, 0) if recorded.stream_kind == KIND else (0, recorded.seq)
        if (heard := self._heard.get(recorded.scope)) is not None:
            self._heard[recorded.scope] = max(texts, heard[0]), max(was_learnt, heard[1])
        library = self.ready(recorded.scope)
        if library is not None:
            self._hear(library, texts, was_learnt)

    def _hear(self, library: Library, texts: int, was_learnt: int) -> None:
        """Begin to take over what a library has not yet, up to an event of either stream."""
        if texts > library.seq and not library.is_following:
            library.is_following = True
            self._tasks.begin(self._follow(library))
        library.learnt_head = max(was_learnt, library.learnt_head)
        if library.learnt_head > library.learnt_seq and not library.is_learning:
            library.is_learning = True
            self._tasks.begin(self._learn(library))

    async def close(self) -> None:
        """Stop reading and preparing."""
        reading = list(self._libraries.values())
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)
        await self._tasks.close()
        self._libraries.clear()

    async def _read(self, scope: Scope) -> Library:
        """Read a library, and have it take over what happened since its reading began."""
        self._heard[scope] = 0, 0
        try:
            library = await self._read_now(scope)
        finally:
            heard = self._heard.pop(scope)
        # No step lies between this and being ready: what happens from here on is heard by itself.
        self._hear(library, *heard)
        return library

    async def _read_now(self, scope: Scope) -> Library:
        library = Library(scope, PastAnswers())
        async with self._database.reading() as session:
            library.seq = await session.scalar(_head_of(stream_of(scope))) or 0
            library.learnt_seq = await session.scalar(_head_of(learnt.stream_of(scope))) or 0
            await self._read_globals(session, library)
            await self._read_common(session, library)
            newest = listed.answers(scope).limit(self._settings.past_replies)
            async for page in listed.pages(session, newest):
                await asyncio.to_thread(library.answers.put, page)
        memory.settle()
        self._tasks.begin(self._settle(library))
        return library

    async def _follow(self, library: Library) -> None:
        """Read what has happened to the company's texts, and take it over."""
        try:
            async with library.renewing:
                library.is_following = False
                while events := await self._tail.stream(stream_of(library.scope), library.seq):
                    await self._take_over(library, events)
                    library.seq = events[-1].seq
        except (SQLAlchemyError, OSError):
            # A library that missed something is read anew when it is next asked for.
            self._libraries.pop(library.scope, None)
            raise

    async def _learn(self, library: Library) -> None:
        """Take over what was learnt, and rest in between: nobody waits for it."""
        stream = learnt.stream_of(library.scope)
        try:
            while library.learnt_head > library.learnt_seq:
                started = time.monotonic()
                events = await self._tail.stream(stream, library.learnt_seq)
                await self._take_over_learnt(library, events)
                library.learnt_seq = events[-1].seq if events else library.learnt_head
                await asyncio.sleep((time.monotonic() - started) * (1 / READING_SHARE - 1))
        except (SQLAlchemyError, OSError):
            self._libraries.pop(library.scope, None)
            raise
        finally:
            library.is_learning = False

    async def _take_over(self, library: Library, events: Sequence[Recorded]) -> None:
        others = [e for e in events if e.is_a(ResponsesDeployed) or e.is_a(ResponsesEmbedded)]
        if others:
            async with self._database.reading() as session:
                await self._renew_globals(session, library, others)
        agents = {e.decode(CustomsChanged).agent for e in events if e.is_a(CustomsChanged)}
        for agent in agents & library.desks.keys():
            await self._read_desk(library, agent)

    async def _take_over_learnt(self, library: Library, events: Sequence[Recorded]) -> None:
        replies = [
            id for e in events if e.is_a(RepliesKept) for id in e.decode(RepliesKept).replies
        ]
        organics = [e.decode(OrganicsKept) for e in events if e.is_a(OrganicsKept)]
        async with self._database.reading() as session:
            if replies:
                found = await session.execute(listed.answers(library.scope, replies))
                await asyncio.to_thread(library.answers.put, listed.answers_of(found))
                await asyncio.to_thread(library.answers.keep_newest, self._settings.past_replies)
            if any(kept.everyone for kept in organics):
                await self._read_common(session, library)
        for agent in {agent for kept in organics for agent in kept.agents}:
            # Only then is it known whether there is a desk: one may just be read without this.
            async with library.renewing:
                if agent in library.desks:
                    await self._read_desk(library, agent)
        await self._settle(library)

    async def _renew_globals(
        self, session: ReadSession, library: Library, events: Sequence[Recorded]
    ) -> None:
        """Read the list anew; while it is embedded slice by slice, now and then."""
        wait = library.read_seconds / READING_SHARE - (time.monotonic() - library.read_at)
        if wait <= 0 or not all(event.is_a(ResponsesEmbedded) for event in events):
            await self._read_globals(session, library)
        elif not library.is_waiting:
            library.is_waiting = True
            self._tasks.begin(self._read_globals_later(library, wait))

    async def _read_globals_later(self, library: Library, seconds: float) -> None:
        await asyncio.sleep(seconds)
        try:
            async with library.renewing, self._database.reading() as session:
                library.is_waiting = False
                await self._read_globals(session, library)
        except (SQLAlchemyError, OSError):
            self._libraries.pop(library.scope, None)
            raise

    async def _read_globals(self, session: ReadSession, library: Library) -> None:
        started = time.monotonic()
        found = await listed.globals_of(session, library.scope)
        library.globals = await asyncio.to_thread(Pool, found)
        memory.settle()
        library.read_at = time.monotonic()
        library.read_seconds = library.read_at - started

    async def _read_common(self, session: ReadSession, library: Library) -> None:
        rows = await organic.common(session, library.scope, self._settings)
        library.common = await asyncio.to_thread(lambda: Pool(organic.candidates_of(rows)))

    async def _read_desk(self, library: Library, agent: str) -> None:
        async with self._database.reading() as session:
            customs = await listed.customs_of(session, library.scope, agent)
            own = await organic.own(session, library.scope, agent)
        library.desks[agent] = await asyncio.to_thread(self._desk_of, customs, own)
        if len(library.desks) > DESKS:
            library.desks.popitem(last=False)

    def _desk_of(self, customs: Sequence[Candidate], own: Sequence[organic.OwnRow]) -> Desk:
        candidates, habits = organic.own_of(own, self._settings)
        return Desk(Pool(customs), Pool(candidates), habits)

    async def _settle(self, library: Library) -> None:
        if library.answers.unsettled_count < SETTLE_FROM:
            return
        more = True
        while more:
            more = await asyncio.to_thread(library.answers.settle, SETTLE_STEP)


def _head_of(stream: Stream) -> Select[int]:
    return select(StreamHead.head).where(StreamHead.kind == stream.kind, StreamHead.id == stream.id)
