"""What a conversation is at the moment its agent has to say something, in three parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rapport.engines.embedding import DIMENSIONS, Vectors
from rapport.engines.ranking.words import Features, together

# Three meanings, and six facts about what there is.
MEANING_WIDTH = 3 * DIMENSIONS + 6


class Line(NamedTuple):
    """One message: who said it (customer, agent; others do not count), its features and its vector.

    `passed_over` are texts that were offered to be said instead.
    """

    role: str
    features: Features
    vector: Vectors
    passed_over: Sequence[Line] = ()


class Situation(NamedTuple):
    """What was said, by the part it plays for the answer.

    `words` are the features of what the customer said last, of what an agent said before that, and of
    all the rest; `meaning` is their mean vectors in this order, then facts (MEANING_WIDTH,).
    """

    words: tuple[Features, Features, Features]
    meaning: Vectors


def situation_of(lines: Sequence[Line]) -> Situation:
    """Sum up a conversation, oldest message first."""
    heard = [line for line in lines if line.role in {"customer", "agent"}]
    answered = [place for place, line in enumerate(heard) if line.role == "agent"]
    before = answered[-1] if answered else -1
    asked = heard[before + 1 :]
    answer = heard[before : before + 1] if answered else []
    rest = heard[: max(before, 0)]
    facts = [
        not answered,
        bool(asked),
        len(heard) == 1,
        len(heard) == 2,
        len(heard) > 2,
        len(asked) > 1,
    ]
    parts = (asked, answer, rest)
    words = tuple(together([line.features for line in part]) for part in parts)
    meaning = np.concatenate(
        [*(_mean([line.vector for line in part]) for part in parts), np.array(facts, np.float32)]
    )
    return Situation((words[0], words[1], words[2]), meaning.astype(np.float32))


def _mean(vectors: Sequence[Vectors]) -> Vectors:
    if not vectors:
        return np.zeros(DIMENSIONS, np.float32)
    mean: Vectors = np.mean(vectors, axis=0, dtype=np.float32)
    return mean
