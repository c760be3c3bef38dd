"""Ranking by what a company's conversations have taught: the scorers of trained models (CMP-207)."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import structlog
from numpy.typing import NDArray
from sqlalchemy.exc import SQLAlchemyError

from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.pools import Pool
from rapport.compose.suggestions.scoring import (
    ALIKE,
    STRANGE,
    WRITTEN_WEIGHT,
    Baseline,
    Scorer,
    Situation,
    Turn,
    habit_of,
    own_meaning,
)
from rapport.compose.training.access import live_blob
from rapport.compose.training.events import ModelDeployed
from rapport.compose.training.trainers import Kind
from rapport.core.database import Database
from rapport.core.errors import NotFound
from rapport.core.identity import Scope
from rapport.core.log import Recorded
from rapport.core.storage import Files
from rapport.engines.ranking import (
    Candidates,
    Features,
    Line,
    Ranker,
    RankerRefused,
    features_of,
    read,
    situation_of,
)

# What being e times as likely is worth beside a cosine: texts at random lie some ten of these below
# the best, as they lie some 0.5 below it in cosines.
LOGIT_WEIGHT = 0.05
# How much nearer a text is for being what this agent answered itself in like situations.
OWN_WEIGHT = 0.3
# A text the agent uses often is e times as likely as one that others do.
HABIT_WEIGHT = LOGIT_WEIGHT

logger = structlog.get_logger(__name__)


class Learnt:
    """Ranks by one version of a company's model, and by what the agent itself says (CMP-039)."""

    def __init__(self, version: int, ranker: Ranker) -> None:
        self.version = str(version)
        self._ranker = ranker

    def scores(
        self, situation: Situation, pool: Pool, habits: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """See `Scorer.scores`."""
        logits = self._ranker.scores(situation_of(_lines(situation.turns)), self._candidates(pool))
        scores: NDArray[np.float32] = (
            LOGIT_WEIGHT * logits + WRITTEN_WEIGHT * pool.written + HABIT_WEIGHT * habit_of(habits)
        )
        own = situation.own.near
        if len(own):
            trust = float(np.clip((own.max() - STRANGE) / (ALIKE - STRANGE), 0, 1))
            scores += OWN_WEIGHT * trust * pool.nearness(own_meaning(situation))
        return scores

    def _candidates(self, pool: Pool) -> Candidates:
        # Two threads may read the same pool at once: what they make is the same.
        found = pool.derived.get(self)
        if not isinstance(found, Candidates):
            features = [features_of(candidate.text) for candidate in pool.candidates]
            found = pool.derived[self] = self._ranker.candidates(features, pool.vectors)
        return found


class LearntScorers:
    """The scorers of a node: of a company's model at work, else the one that needs no training.

    A model is read when its company is first helped, in the background, and again when the log says
    that another version works. Until then, and where there is none, the baseline answers.
    """

    def __init__(self, database: Database, files: Files, settings: ComposeSettings) -> None:
        self._database = database
        self._files = files
        self._most = settings.companies_in_memory
        self._baseline = Baseline()
        self._scorers: OrderedDict[Scope, Scorer] = OrderedDict()
        self._reading: dict[Scope, asyncio.Task[None]] = {}

    def of(self, scope: Scope) -> Scorer:
        """See `Scorers.of`."""
        found = self._scorers.get(scope)
        if found is None:
            found = self._scorers[scope] = self._baseline
            if len(self._scorers) > self._most:
                self._scorers.popitem(last=False)
            self._read_soon(scope)
        self._scorers.move_to_end(scope)
        return found

    def observe(self, recorded: Recorded) -> None:
        """Take over the version that any node has put to work."""
        if not recorded.is_a(ModelDeployed) or recorded.scope not in self._scorers:
            return
        if recorded.decode(ModelDeployed).kind == Kind.RANKING:
            self._read_soon(recorded.scope)

    async def ready(self, scope: Scope) -> None:
        """Wait until a company's model has been read; it is what `of` gives from then on."""
        self.of(scope)
        while reading := self._reading.get(scope):
            await asyncio.shield(reading)

    async def close(self) -> None:
        """Stop reading."""
        tasks = list(self._reading.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _read_soon(self, scope: Scope) -> None:
        before = self._reading.get(scope)
        task = asyncio.create_task(self._read(scope, before), name="compose-model")
        self._reading[scope] = task
        task.add_done_callback(lambda done: self._finished(scope, done))

    async def _read(self, scope: Scope, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        try:
            live = await live_blob(self._database, self._files, scope, Kind.RANKING)
            if live is None:
                return
            ranker = await asyncio.to_thread(read, live.blob)
        except (NotFound, RankerRefused, SQLAlchemyError, OSError) as error:
            # Whoever asks next month trains anew; until then the texts are ranked without it.
            logger.warning("ranking_model_unusable", error=type(error).__name__)
            return
        if scope in self._scorers:
            self._scorers[scope] = Learnt(live.version, ranker)

    def _finished(self, scope: Scope, done: asyncio.Task[None]) -> None:
        if self._reading.get(scope) is done:
            del self._reading[scope]


def _lines(turns: Sequence[Turn]) -> list[Line]:
    return [Line(turn.role, _features(turn.text), turn.vector) for turn in turns]


@lru_cache(maxsize=8_192)
def _features(text: str) -> Features:
    """The features of a message: a conversation that grows is read anew with each message."""
    return features_of(text)
