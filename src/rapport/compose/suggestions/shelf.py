"""The libraries of this node: read from the database when first asked for, then kept up to date."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine, Sequence
from typing import Any, TypeAlias

import structlog
from sqlalchemy import Row, Select, select
from sqlalchemy.exc import SQLAlchemyError

from rapport.compose.globals.events import RepliesKept, ResponsesDeployed, ResponsesEmbedded
from rapport.compose.globals.models import GlobalResponse
from rapport.compose.globals.reading import suggestible
from rapport.compose.models import PastReply, TextVector
from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.library import Library, TitledDocument, unpacked
from rapport.core.database import Database
from rapport.core.identity import Scope
from rapport.core.log import Recorded
from rapport.engines.retrieval import Document

# Id, text, and two more columns: of responses title and vector, of replies both vectors.
_Rows: TypeAlias = Sequence[Row[Any, Any, Any, Any]]
_Query: TypeAlias = Select[Any, Any, Any, Any]

# Rows read at once: some 2 MB.
PAGE = 1_000
_PAGED = {"yield_per": PAGE}
# Documents prepared for fast searching in one step of a worker thread: about 100 ms.
SETTLE_STEP = 256
# Fewer fresh documents than this are found by comparison as fast.
SETTLE_FROM = 1_000

logger = structlog.get_logger(__name__)


class Shelf:
    """Gives the library of a company, and keeps those given in line with the log of all nodes."""

    def __init__(self, database: Database, settings: ComposeSettings) -> None:
        self._database = database
        self._settings = settings
        self._libraries: OrderedDict[Scope, asyncio.Task[Library]] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        # Rows are read and put in one go: a response deleted in between would come back.
        self._renewing = asyncio.Lock()

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

    def observe(self, recorded: Recorded) -> None:
        """Take over what any node made suggestible, or changed; what is not on the shelf is no matter."""
        reading = self._libraries.get(recorded.scope)
        if reading is None:
            return
        if recorded.is_a(ResponsesEmbedded):
            texts = recorded.decode(ResponsesEmbedded).texts
            self._own(self._add_responses(recorded.scope, reading, texts))
        elif recorded.is_a(ResponsesDeployed):
            self._own(self._renew_responses(recorded.scope, reading))
        elif recorded.is_a(RepliesKept):
            ids = recorded.decode(RepliesKept).replies
            self._own(self._add_replies(recorded.scope, reading, ids))

    async def close(self) -> None:
        """Stop reading and preparing."""
        tasks = [*self._tasks, *self._libraries.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._libraries.clear()

    async def _read(self, scope: Scope) -> Library:
        library = Library()
        async with self._database.reading() as session:
            responses = await session.stream(_responses(scope), execution_options=_PAGED)
            async for page in responses.partitions(PAGE):
                await asyncio.to_thread(library.put_responses, [_response(*row) for row in page])
            newest = _replies(scope).order_by(PastReply.id.desc())
            newest = newest.limit(self._settings.past_replies)
            replies = await session.stream(newest, execution_options=_PAGED)
            async for page in replies.partitions(PAGE):
                await asyncio.to_thread(library.put_replies, [_reply(*row) for row in page])
        self._own(self._settle(library))
        return library

    async def _add_responses(
        self, scope: Scope, reading: asyncio.Task[Library], texts: list[str]
    ) -> None:
        library = await asyncio.shield(reading)
        fingerprints = [bytes.fromhex(text) for text in texts]
        async with self._renewing:
            these = _responses(scope).where(TextVector.fingerprint.in_(fingerprints))
            await self._put(library, await self._rows(scope, these))
        await self._settle(library)

    async def _renew_responses(self, scope: Scope, reading: asyncio.Task[Library]) -> None:
        """Bring in what another version says, and forget what it does not."""
        library = await asyncio.shield(reading)
        async with self._renewing:
            deployed = await self._rows(scope, _responses(scope))
            wanted = {row[0] for row in deployed}
            known = library.response_keys()
            await asyncio.to_thread(library.remove_responses, known - wanted)
            await self._put(library, [row for row in deployed if row[0] not in known])
        await self._settle(library)

    async def _put(self, library: Library, rows: _Rows) -> None:
        await asyncio.to_thread(library.put_responses, [_response(*row) for row in rows])

    async def _add_replies(
        self, scope: Scope, reading: asyncio.Task[Library], ids: list[str]
    ) -> None:
        library = await asyncio.shield(reading)
        rows = await self._rows(scope, _replies(scope).where(PastReply.id.in_(ids)))
        await asyncio.to_thread(library.put_replies, [_reply(*row) for row in rows])
        await asyncio.to_thread(library.keep_newest_replies, self._settings.past_replies)
        await self._settle(library)

    async def _rows(self, scope: Scope, query: _Query) -> _Rows:
        try:
            async with self._database.reading() as session:
                return (await session.execute(query)).all()
        except (SQLAlchemyError, OSError):
            # A library that missed something is read anew when it is next asked for.
            self._libraries.pop(scope, None)
            raise

    async def _settle(self, library: Library) -> None:
        if library.unsettled_count < SETTLE_FROM:
            return
        more = True
        while more:
            more = await asyncio.to_thread(library.settle, SETTLE_STEP)

    def _own(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work, name="compose-shelf")
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.warning("library_behind", error=type(error).__name__)


def _responses(scope: Scope) -> _Query:
    return suggestible(scope).with_only_columns(
        GlobalResponse.id, GlobalResponse.text, GlobalResponse.title, TextVector.vector
    )


def _replies(scope: Scope) -> _Query:
    return select(PastReply.id, PastReply.text, PastReply.situation, PastReply.meaning).where(
        PastReply.company_id == scope.company_id,
        PastReply.environment == scope.environment,
        PastReply.meaning.is_not(None),
    )


def _response(response_id: str, text: str, title: str, vector: bytes) -> TitledDocument:
    return TitledDocument(title, Document(response_id, text, unpacked(vector)))


def _reply(reply_id: str, text: str, situation: bytes, meaning: bytes) -> Document:
    return Document(reply_id, text, unpacked(situation), unpacked(meaning))
