"""How likely it really is that a phrase is taken: learnt from phrases that were and were not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Steps of Newton's method, and the pull towards small weights.
_STEPS = 25
_PULL = 1.0


class Evidence(NamedTuple):
    """What is known of a phrase before it is offered."""

    chance: float  # of its words one after another
    ends: float  # of a blank or the end after it
    depth: int  # words before it that were seen together
    characters: int
    words: int
    typed_words: int


# Learnt on held-out agent messages of airlines; a company's own model brings its own.
USUAL = (-0.14, 0.91, 0.02, -0.14, 0.0, 0.0, 0.23, 0.06, -0.04, -0.13, 0.43)


def features(evidence: Evidence) -> list[float]:
    """The numbers that weights are for."""
    logit = _logit(evidence.chance)
    return [
        1.0,
        logit,
        _logit(evidence.chance * evidence.ends),
        math.log(evidence.characters),
        evidence.words,
        evidence.depth,
        float(evidence.depth >= 6),
        logit * evidence.words,
        logit * evidence.depth,
        math.log1p(evidence.typed_words),
        float(evidence.typed_words <= 1),
    ]


def taken(evidence: Evidence, weights: Sequence[float]) -> float:
    """The chance, 0 to 1, that exactly this is what comes next."""
    score = sum(map(_product, features(evidence), weights))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def learn(seen: Sequence[Evidence], was_right: Sequence[bool]) -> tuple[float, ...]:
    """Weights by which `taken` says how often phrases like these were right."""
    rows: NDArray[np.float64] = np.array([features(each) for each in seen])
    right = np.array(was_right, dtype=np.float64)
    weights = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (right - chances) - _PULL * weights
        bend = (rows * (chances * (1 - chances))[:, None]).T @ rows + _PULL * np.eye(len(weights))
        weights = weights + np.linalg.solve(bend, slope)
    return tuple(float(weight) for weight in weights)


def _logit(chance: float) -> float:
    held = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(held / (1 - held))


def _product(first: float, second: float) -> float:
    return first * second
