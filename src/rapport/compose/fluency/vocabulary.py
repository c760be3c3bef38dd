"""A company's own words: those of its response list and its agents that no dictionary has (CMP-077)."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from rapport.compose.fluency.settings import FluencySettings
from rapport.compose.globals.events import ResponsesDeployed
from rapport.compose.globals.models import GlobalFolder, GlobalResponse
from rapport.compose.globals.reading import deployed_to, stand_in
from rapport.compose.models import PastReply
from rapport.core.database import Database
from rapport.core.identity import Scope
from rapport.core.log import Recorded
from rapport.engines.spelling import LANGUAGES, Place, correct, is_ordinary

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Agents use a word in so many replies before it is taken for the company's.
USED_BY_AGENTS = 5
# What reads like somebody's slip must be used more often still.
USED_AS_IT_IS = 50
# What agents say changes with every message, the words they use do not.
KEPT_SECONDS = 600.0


class _Reading(NamedTuple):
    words: asyncio.Task[frozenset[str]]
    until: float


class Vocabulary:
    """Gives the words of a company on this node, and keeps them in line with the log."""

    def __init__(self, database: Database, settings: FluencySettings) -> None:
        self._database = database
        self._settings = settings
        self._words: OrderedDict[Scope, _Reading] = OrderedDict()

    async def of(self, scope: Scope) -> frozenset[str]:
        """Return the lower-case words that are right in this company whatever a dictionary says."""
        reading = self._words.get(scope)
        if reading is None or time.monotonic() > reading.until:
            task = asyncio.create_task(self._read(scope), name="fluency-vocabulary")
            reading = _Reading(task, time.monotonic() + KEPT_SECONDS)
            self._words[scope] = reading
            if len(self._words) > self._settings.companies_in_memory:
                self._words.popitem(last=False)
        self._words.move_to_end(scope)
        try:
            return await asyncio.shield(reading.words)
        except (SQLAlchemyError, OSError):
            self._words.pop(scope, None)
            raise

    def observe(self, recorded: Recorded) -> None:
        """Read a company's words again after other responses were deployed."""
        if recorded.is_a(ResponsesDeployed):
            self._words.pop(recorded.scope, None)

    async def close(self) -> None:
        """Stop reading."""
        tasks = [reading.words for reading in self._words.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self, scope: Scope) -> frozenset[str]:
        version = deployed_to(scope)
        responses = select(
            GlobalResponse.title, GlobalResponse.text, GlobalResponse.conditions
        ).where(stand_in(GlobalResponse, scope.company_id, version))
        folders = select(GlobalFolder.name).where(stand_in(GlobalFolder, scope.company_id, version))
        replies = (
            select(PastReply.text)
            .where(
                PastReply.company_id == scope.company_id, PastReply.environment == scope.environment
            )
            .order_by(PastReply.id.desc())
            .limit(self._settings.replies_read)
        )
        async with self._database.reading() as session:
            written = list(await session.scalars(folders))
            for title, text, conditions in await session.execute(responses):
                written += [title, text, *_values(conditions)]
            said = (await session.scalars(replies)).all()
        return await asyncio.to_thread(_own_words, written, said)


def _values(conditions: Sequence[Mapping[str, Any]]) -> list[str]:
    """What metadata must say for a response: names of products, queues, tiers."""
    return [str(value) for condition in conditions for value in condition["allowedValues"]]


def _own_words(written: Sequence[str], said: Sequence[str]) -> frozenset[str]:
    own = {word for text in written for word in _unknown(text)}
    used = Counter(word for text in said for word in _unknown(text))
    own.update(word for word, count in used.items() if _is_used(word, count))
    return frozenset(own)


def _unknown(text: str) -> Iterable[str]:
    """The different words of a text that the dictionary does not have, or doubts."""
    words = {word.lower().replace("’", "'") for word in _WORD.findall(text)}
    return [word for word in words if not is_ordinary(word, LANGUAGES[0])]


def _is_used(word: str, count: int) -> bool:
    if count < USED_BY_AGENTS:
        return False
    return count >= USED_AS_IT_IS or correct(word, Place(), LANGUAGES[0]) is None
