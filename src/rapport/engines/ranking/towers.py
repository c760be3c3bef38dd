"""Two towers learn to meet: one sums up a situation, the other a reply, and those that belong together
come to lie near each other. One pair of towers reads words, another one meanings; they err differently.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rapport.engines.embedding import DIMENSIONS
from rapport.engines.ranking.layers import (
    Adam,
    Array,
    Network,
    Table,
    through,
    through_unit,
    unit,
)
from rapport.engines.ranking.situations import MEANING_WIDTH
from rapport.engines.ranking.words import Bags, Vocabulary

WIDTH = 256
# The middle layer of the towers that read meanings.
MIDDLE = 512
LARGEST_BATCH = 1024

# Steps of a learning that warm up.
_WARM_STEPS = 50
# Shares of both directions in the loss: the reply among replies, the situation among situations.
_REPLY_SHARE = 0.7
_FIRST_SHARPNESS = 12.0
_SHARPNESS_RATE = 1.5e-3


class Examples(NamedTuple):
    """Situations and the replies given in them, row by row; both views of each."""

    situation_bags: Sequence[Bags]  # three, see `Situation.words`
    reply_bags: Bags
    situations: Array
    replies: Array
    # Equal numbers for equal replies: such are no wrong answers to each other's situations.
    sayings: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.sayings)


class Pair(Protocol):
    """A tower for situations and one for replies, while they learn."""

    def forward(self, examples: Examples, rows: NDArray[np.int64]) -> tuple[Array, Array]:
        """Return what both towers make of some examples, before it is made unit length."""
        ...

    def step(self, of_situations: Array, of_replies: Array, pace: float) -> None:
        """Move by the gradients of what `forward` returned last."""
        ...


class WordPair:
    """Adds up a learnt vector for each feature; half of the features are left out while learning."""

    dropped = 0.5
    rate = 0.05

    def __init__(self, vocabularies: Sequence[Vocabulary], random: np.random.Generator) -> None:
        self._random = random
        self._bags: list[Bags] = []
        self.tables = [Table(len(each), WIDTH, self.rate, random) for each in vocabularies]

    def forward(self, examples: Examples, rows: NDArray[np.int64]) -> tuple[Array, Array]:
        """See `Pair`."""
        bags = [*examples.situation_bags, examples.reply_bags]
        self._bags = [self._thinned(each[rows]) for each in bags]
        summed = [
            np.asarray(bags @ table.value)
            for bags, table in zip(self._bags, self.tables, strict=True)
        ]
        return summed[0] + summed[1] + summed[2], summed[3]

    def step(self, of_situations: Array, of_replies: Array, pace: float) -> None:
        """See `Pair`."""
        for number, (table, bags) in enumerate(zip(self.tables, self._bags, strict=True)):
            table.step(bags, of_replies if number == len(self.tables) - 1 else of_situations, pace)

    def _thinned(self, bags: Bags) -> Bags:
        kept = self._random.random(bags.nnz, np.float32) > self.dropped
        bags.data = bags.data * kept / np.float32(1 - self.dropped)
        return bags


class MeaningPair:
    """Bends sentence vectors towards each other."""

    dropped = 0.3
    rate = 1.5e-3

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self.situation = Network((MEANING_WIDTH, MIDDLE, WIDTH), self.rate, random)
        self.reply = Network((DIMENSIONS, MIDDLE, WIDTH), self.rate, random)

    def forward(self, examples: Examples, rows: NDArray[np.int64]) -> tuple[Array, Array]:
        """See `Pair`."""
        return (
            self.situation.forward(examples.situations[rows], self._random, self.dropped),
            self.reply.forward(examples.replies[rows], self._random, self.dropped),
        )

    def step(self, of_situations: Array, of_replies: Array, pace: float) -> None:
        """See `Pair`."""
        self.situation.step(of_situations, pace)
        self.reply.step(of_replies, pace)


def learn(
    pair: Pair,
    examples: Examples,
    *,
    rounds: int,
    random: np.random.Generator,
    report: Callable[[float], None],
) -> float:
    """Teach a pair of towers: each reply of a batch against the others. Returns the sharpness learnt."""
    size = int(np.clip(len(examples) // 16, 16, LARGEST_BATCH))
    total = max(1, rounds * (len(examples) // size))
    sharpness = Adam(np.array([np.log(_FIRST_SHARPNESS)], np.float32), _SHARPNESS_RATE)
    done = 0
    for _ in range(rounds):
        order = random.permutation(len(examples))
        for start in range(0, len(order) - size + 1, size):
            done += 1
            warm = min(1.0, done / _WARM_STEPS)
            pace = warm * max(0.02, 1 - done / total)
            _meet(pair, examples, np.sort(order[start : start + size]), sharpness, pace)
        report(done / total)
    return float(np.exp(sharpness.value[0]))


def words_through(tables: Sequence[Array], bags: Sequence[Bags]) -> Array:
    """What learnt word towers make of bags, unit length."""
    summed = sum(np.asarray(each @ table) for each, table in zip(bags, tables, strict=True))
    return unit(np.asarray(summed, np.float32))[0]


def meanings_through(weights: list[Array], meanings: Array) -> Array:
    """What learnt meaning towers make of vectors, unit length."""
    return unit(through(weights, meanings))[0]


def _meet(
    pair: Pair, examples: Examples, rows: NDArray[np.int64], sharpness: Adam, pace: float
) -> None:
    from_situations, from_replies = pair.forward(examples, rows)
    situations, situation_lengths = unit(from_situations)
    replies, reply_lengths = unit(from_replies)
    sharp = np.exp(sharpness.value[0])
    nearness = situations @ replies.T
    logits = sharp * nearness
    sayings = examples.sayings[rows]
    same = sayings[:, None] == sayings[None]
    np.fill_diagonal(same, False)
    logits[same] = -1e9
    gradient = _REPLY_SHARE * _likely(logits) + (1 - _REPLY_SHARE) * _likely(logits.T).T
    own = np.arange(len(rows))
    gradient[own, own] -= 1
    gradient /= np.float32(len(rows))
    sharpness.step(np.array([(gradient * nearness).sum() * sharp], np.float32), pace)
    gradient *= sharp
    pair.step(
        through_unit(gradient @ replies, situations, situation_lengths),
        through_unit(gradient.T @ situations, replies, reply_lengths),
        pace,
    )


def _likely(logits: Array) -> Array:
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    likely: Array = shares / shares.sum(axis=1, keepdims=True)
    return likely
