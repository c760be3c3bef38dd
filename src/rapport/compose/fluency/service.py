"""Correcting the word an agent has just typed (3.5)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from rapport.compose.fluency.corrections import Corrections
from rapport.compose.fluency.settings import FluencySettings
from rapport.compose.fluency.vocabulary import Vocabulary
from rapport.conversations.redaction import Redaction
from rapport.core import memory
from rapport.core.database import Database
from rapport.core.identity import Caller
from rapport.engines import spelling


class Typing(NamedTuple):
    """A text in a composer, and the cursor before and after what was typed last."""

    text: str
    start: int
    end: int


class Found(NamedTuple):
    """A correction, and the id by which analytic events name it."""

    id: str
    misspelled: str
    corrected: str
    position: int


class Fluency:
    """Corrects on this node; a request that comes before the dictionaries are loaded waits for them."""

    def __init__(self, database: Database, redaction: Redaction, settings: FluencySettings) -> None:
        self.vocabulary = Vocabulary(database, settings)
        self._corrections = Corrections(database, settings)
        self._redaction = redaction
        self._checking = ThreadPoolExecutor(1, "fluency")
        self._loading: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Write corrections down from now on."""
        self._corrections.start()

    async def close(self) -> None:
        """Stop; what waits to be written is written."""
        await self.vocabulary.close()
        await self._corrections.close()
        self._checking.shutdown(wait=False, cancel_futures=True)

    async def correct(
        self, caller: Caller, typing: Typing, own_words: Sequence[str], language: str | None
    ) -> Found | None:
        """Return what was meant by the word just completed, None when it is right (CMP-067..072).

        `own_words` are never corrected; `language` is the caller's `Accept-Language`.
        """
        await asyncio.shield(self.prepare())
        company = await self.vocabulary.of(caller.scope)
        own = {word.casefold() for word in own_words}
        found = await asyncio.get_running_loop().run_in_executor(
            self._checking,
            spelling.check,
            typing.text,
            typing.start,
            typing.end,
            lambda word: word in company or word in own,
            spelling.preferred(language),
        )
        if found is None:
            return None
        misspelled = await self._redaction.redact_alone(caller.scope, found.misspelled)
        corrected = await self._redaction.redact_alone(caller.scope, found.corrected)
        correction_id = self._corrections.note(
            caller.scope, caller.external_id, misspelled, corrected
        )
        return Found(correction_id, *found)

    def prepare(self) -> asyncio.Task[None]:
        """Begin to load the dictionaries, unless it has begun; it takes a second.

        What has failed is tried again by whoever asks next.
        """
        if self._loading is None or _has_failed(self._loading):
            self._loading = asyncio.create_task(asyncio.to_thread(_load))
        return self._loading


def _load() -> None:
    spelling.load()
    memory.settle()


def _has_failed(task: asyncio.Task[None]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
