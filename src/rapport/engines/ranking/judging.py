"""How good a ranker is: the true reply among replies taken at random."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rapport.engines.ranking.ranker import Ranker
from rapport.engines.ranking.training import WRONG, Example, wrong_ones


class Figures(NamedTuple):
    """In what share of situations the true reply came first, and among the first three, of 100."""

    first: float
    first_three: float
    judged: int


def judge(ranker: Ranker, every: Sequence[Example], *, seed: int = 1) -> Figures:
    """Rank each true reply among 99 others given elsewhere; a tie counts as a defeat."""
    if len(every) < 2:
        return Figures(0.0, 0.0, len(every))
    candidates = ranker.candidates(
        [each.reply.features for each in every], np.stack([each.reply.vector for each in every])
    )
    offered = wrong_ones(len(every), min(WRONG, len(every) - 1), np.random.default_rng(seed))
    better = np.empty(len(every), np.int64)
    for place, (example, rows) in enumerate(zip(every, offered, strict=True)):
        scores = ranker.scores(example.situation, candidates, rows)
        better[place] = (scores[1:] >= scores[0]).sum()
    return Figures(float((better < 1).mean()), float((better < 3).mean()), len(every))
