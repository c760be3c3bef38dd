"""A learnt ranking of replies: which of many texts an agent is likely to say next.

learnt = train(conversations)                      # some minutes, once a week
candidates = learnt.ranker.candidates(features, vectors)   # once for each list
scores = learnt.ranker.scores(situation_of(lines), candidates)   # a millisecond for 5,000

Pairs of towers (see `towers`) find what belongs together; a small network weighs their judgement against
shared rare words, lengths and how usual a text is. Measured in docs/decisions/0012-ranking.md.
"""

from rapport.engines.ranking.judging import Figures, judge
from rapport.engines.ranking.ranker import Candidates, Ranker
from rapport.engines.ranking.situations import Line, Situation, situation_of
from rapport.engines.ranking.storing import RankerRefused, read, written
from rapport.engines.ranking.training import (
    Example,
    Learnt,
    TooLittle,
    examples_of,
    train,
    wrong_ones,
)
from rapport.engines.ranking.words import Features, features_of

__all__ = [
    "Candidates",
    "Example",
    "Features",
    "Figures",
    "Learnt",
    "Line",
    "Ranker",
    "RankerRefused",
    "Situation",
    "TooLittle",
    "examples_of",
    "features_of",
    "judge",
    "read",
    "situation_of",
    "train",
    "written",
    "wrong_ones",
]
