"""What is likely said next in one conversation: worked out once, refined with every keystroke."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rapport.compose.suggestions.candidates import Candidate
from rapport.compose.suggestions.inserts import Facts, Template
from rapport.compose.suggestions.pools import Pool
from rapport.compose.suggestions.scoring import Scorer, Situation
from rapport.engines.embedding import Vectors

# What having every typed word is worth beside the cosine to what is expected.
TYPED_SHARE = 0.5

# Texts of each pool among which the three are chosen.
LOOKED_AT = 24

# Texts nearer than this say the same: "I'm sorry for the delay. *TJ" and "Sorry for the delay!".
SAME_MEANING = 0.8

# What was typed in one conversation since its last message: going back shows the same again.
_REMEMBERED = 256

Mask = NDArray[np.bool_]


class Part(NamedTuple):
    """A pool with the likelihood of each of its texts in a conversation, -inf where it is left out."""

    pool: Pool
    scores: NDArray[np.float32]
    habits: NDArray[np.float32]


class Offer(NamedTuple):
    """A text to offer, and how it is filled in."""

    candidate: Candidate
    template: Template


class _Ranked(NamedTuple):
    """A text found, in the order in which the likelier comes first."""

    later: bool  # it does not begin as typed
    cost: float
    part: int
    row: int


class Prospect:
    """The likely texts of a conversation; good until more is said or a list changes.

    The same query always gives the same texts in the same order, whatever was typed in between.
    """

    def __init__(self, parts: Sequence[Part], answered: Sequence[Vectors] = ()) -> None:
        self._parts = [part for part in parts if len(part.pool)]
        # What was said since the customer last spoke is not said again in other words.
        self._answered = np.stack(answered).T if answered else None
        self._likely = [_best(part.scores) for part in self._parts]
        self._answers: OrderedDict[tuple[str, int], Sequence[Offer]] = OrderedDict()

    def suggest(self, query: str, count: int) -> Sequence[Offer]:
        """Up to `count` texts that say different things, those that begin as typed first."""
        key = query.lstrip(), count
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = self._collapse(self._ranked(key[0]), count)
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        return found

    def _ranked(self, query: str) -> list[_Ranked]:
        ranked: list[_Ranked] = []
        for number, (part, likely) in enumerate(zip(self._parts, self._likely, strict=True)):
            scores = part.scores
            found: dict[int, _Ranked] = {}
            if query:
                typed = part.pool.typed(query)
                matching = scores[typed.rows] + TYPED_SHARE * typed.shares
                # Whoever begins as typed comes first, whatever its score: 100 is beyond any score.
                for place in _best(matching + 100 * typed.starts).tolist():
                    row = int(typed.rows[place])
                    later = not typed.starts[place]
                    found[row] = _Ranked(later, -float(matching[place]), number, row)
            for row in likely.tolist():
                found.setdefault(row, _Ranked(True, -float(scores[row]), number, row))
            ranked += found.values()
        ranked.sort()
        return ranked

    def _collapse(self, ranked: Sequence[_Ranked], count: int) -> Sequence[Offer]:
        """The first texts of which no two mean the same: of several wordings the agent's usual one."""
        if not ranked:
            return ()
        ranked = ranked[:LOOKED_AT]
        vectors = np.stack([self._parts[each.part].pool.vectors[each.row] for each in ranked])
        alike = vectors @ vectors.T >= SAME_MEANING
        left = list(range(len(ranked)))
        if self._answered is not None:
            near = (vectors @ self._answered).max(axis=1)
            left = [place for place in left if near[place] < SAME_MEANING]
        offers: list[Offer] = []
        while left and len(offers) < count:
            first = left[0]
            same = [n for n in left if n == first or self._are_same(alike, ranked, first, n)]
            left = [n for n in left if n not in same]
            usual = max(same, key=lambda n: (not ranked[n].later, *self._usage(ranked[n]), -n))
            offers.append(self._offer(ranked[usual]))
        return tuple(offers)

    def _are_same(self, alike: Mask, ranked: Sequence[_Ranked], one: int, other: int) -> bool:
        return bool(alike[one, other]) or self._saying(ranked[one]) == self._saying(ranked[other])

    def _saying(self, each: _Ranked) -> str:
        return self._parts[each.part].pool.sayings[each.row]

    def _usage(self, each: _Ranked) -> tuple[float, int]:
        """How often the agent says it so; the agent's own list wins over a list for all."""
        return float(self._parts[each.part].habits[each.row]), -each.part

    def _offer(self, each: _Ranked) -> Offer:
        pool = self._parts[each.part].pool
        return Offer(pool.candidates[each.row], pool.templates[each.row])


class Leaving(NamedTuple):
    """What is not offered of a pool: what an agent has said here, and what other pools hold."""

    said: Collection[str]
    others: Sequence[Pool]


def part_of(
    pool: Pool,
    scorer: Scorer,
    situation: Situation,
    facts: Facts,
    habits: Mapping[str, float],
    leaving: Leaving,
) -> Part:
    """Rank a pool for a conversation; blocks for some milliseconds."""
    usage = pool.usage(habits)
    scores = np.array(scorer.scores(situation, pool, usage), np.float32)
    admitted = pool.admitted(facts)
    for saying in leaving.said:
        admitted[pool.rows_of.get(saying, [])] = False
    for other in leaving.others:
        for saying in pool.rows_of.keys() & other.rows_of.keys():
            admitted[pool.rows_of[saying]] = False
    scores[~admitted] = -np.inf
    return Part(pool, scores, usage)


def _best(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """Places of the highest scores above -inf, at most LOOKED_AT, in their own order."""
    places = np.flatnonzero(scores > -np.inf)
    if len(places) > LOOKED_AT:
        places = np.sort(places[np.argpartition(-scores[places], LOOKED_AT)[:LOOKED_AT]])
    return places
