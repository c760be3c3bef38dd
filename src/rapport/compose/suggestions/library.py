"""What a company can suggest, in memory: three kinds of lists, and what its agents answered before."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rapport.compose.suggestions.candidates import Candidate, Source
from rapport.compose.suggestions.inserts import Facts
from rapport.compose.suggestions.pools import Pool
from rapport.compose.suggestions.prospects import Leaving, Prospect, part_of
from rapport.compose.suggestions.scoring import (
    NO_ANSWERS,
    Answers,
    Scorer,
    Situation,
    Turn,
    situation_vector,
)
from rapport.core.identity import Scope
from rapport.engines.embedding import DIMENSIONS, Vectors
from rapport.engines.retrieval import Document, Hit, Index

# Shares of a customer message and of its answer in what the answer is found by. Measured on
# held-out conversations (docs/decisions/0005-suggestions.md).
QUESTION_SHARE = 0.7

# Past replies of all agents, and of the one who asks, that have a say in what is expected next.
NEIGHBOURS = 100
OWN_NEIGHBOURS = 30

NOTHING = Pool(())


class Desk(NamedTuple):
    """What is one agent's own: its custom responses, its organic ones, and what it says how often."""

    customs: Pool
    organics: Pool
    habits: Mapping[str, float]


class Lists(NamedTuple):
    """Everything that may be offered to one agent: while these are the same, prospects hold."""

    desk: Desk
    globals: Pool
    # What many agents said to many customers, for agents who have no habits of their own yet.
    common: Pool
    scorer: Scorer

    def offer(self, candidate: Candidate) -> bool:
        """Whether a text that was ranked in an earlier state of these lists may still be offered."""
        match candidate.source:
            case Source.GLOBAL:
                return self.globals.offers(candidate)
            case Source.CUSTOM:
                return self.desk.customs.offers(candidate)
            case Source.ORGANIC:
                return self.desk.organics.offers(candidate) or self.common.offers(candidate)


class Heard(NamedTuple):
    """A conversation as it was read: who said what, and what agents said (see `Template.saying`)."""

    turns: Sequence[Turn]
    opening: Vectors
    agent: str
    said: frozenset[str]


def found_by(question: Vectors, answer: Vectors) -> Vectors:
    """The vector by which a past reply is found again."""
    return QUESTION_SHARE * question + (1 - QUESTION_SHARE) * answer


class PastAnswers:
    """What agents of a company answered in which situations; nothing of it is ever shown.

    Safe for any number of threads; its methods block.
    """

    def __init__(self) -> None:
        self._index = Index(DIMENSIONS)

    def put(self, answers: Sequence[Document]) -> None:
        """Add answers; their labels hold their agent, their text is left out."""
        self._index.put(answers)

    def keep_newest(self, count: int) -> None:
        """Forget the oldest answers beyond a number; keys sort by time."""
        excess = len(self._index) - count
        if excess > 0:
            self._index.remove(sorted(self._index.keys())[:excess])
            self._index.tidy()

    @property
    def unsettled_count(self) -> int:
        """Answers that only comparison finds, see `Index`."""
        return self._index.unsettled_count

    def settle(self, limit: int) -> bool:
        """Prepare some answers for fast searching; True when more is left."""
        return self._index.settle(limit)

    def situation(self, heard: Heard) -> Situation:
        """What a conversation is like, with what was answered in others like it."""
        about = situation_vector(heard.turns, heard.opening)
        everyone = self._index.search(about, count=NEIGHBOURS)
        own = self._index.search(
            about, count=OWN_NEIGHBOURS, admits=lambda labels: heard.agent in labels
        )
        return Situation(heard.turns, heard.opening, heard.agent, _answers(everyone), _answers(own))


class Library:
    """One company's lists in one environment, and what was answered in it."""

    def __init__(self, scope: Scope, answers: PastAnswers) -> None:
        self.scope = scope
        self.answers = answers
        self.globals = NOTHING
        self.common = NOTHING
        self.desks: OrderedDict[str, Desk] = OrderedDict()
        # Up to which event of the company's texts this is what the database holds.
        self.seq = 0
        self.renewing = asyncio.Lock()
        self.is_following = False
        # The same of what was learnt, and how far that is known to have come.
        self.learnt_seq = self.learnt_head = 0
        self.is_learning = False
        # When the global list was last read and how long that took, in monotonic seconds.
        self.read_at = 0.0
        self.read_seconds = 0.0
        self.is_waiting = False


def prospect_of(answers: PastAnswers, lists: Lists, heard: Heard, facts: Facts) -> Prospect:
    """Rank everything for a conversation; blocks for some milliseconds, in a worker thread."""
    situation = answers.situation(heard)
    desk = lists.desk
    pools = (desk.customs, lists.globals, desk.organics, lists.common)
    # What is written down counts as written: nothing that was only said repeats it (CMP-036).
    written = (desk.customs, lists.globals)
    before: dict[Pool, Sequence[Pool]] = {
        desk.organics: written,
        lists.common: (*written, desk.organics),
    }
    parts = []
    for pool in pools:
        leaving = Leaving(heard.said, before.get(pool, ()))
        parts.append(part_of(pool, lists.scorer, situation, facts, desk.habits, leaving))
    return Prospect(parts, _answered(heard.turns))


def _answered(turns: Sequence[Turn]) -> Sequence[Vectors]:
    """What was said to the customer since it last spoke."""
    asked = [place for place, turn in enumerate(turns) if turn.role == "customer"]
    since = asked[-1] + 1 if asked else 0
    return [turn.vector for turn in turns[since:] if turn.role == "agent"]


def _answers(hits: Sequence[Hit]) -> Answers:
    if not hits:
        return NO_ANSWERS
    near = np.array([hit.similarity for hit in hits], np.float32)
    return Answers(near, np.stack([hit.meaning for hit in hits]))
