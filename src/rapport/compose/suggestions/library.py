"""What a company can suggest, in memory: its responses and what its agents answered before."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rapport.engines.embedding import DIMENSIONS, Vectors
from rapport.engines.retrieval import Document, Hit, Index, collapse, expected_meaning
from rapport.engines.retrieval.contents import LEXICAL_SHARE
from rapport.engines.retrieval.ranking import SAME_MEANING

# Shares of the last customer message and of all else that was said, in what a conversation is
# about; and of a customer message and its answer, in what the answer is found by. Measured on
# held-out conversations (docs/decisions/0005-suggestions.md).
LAST_SHARE = 0.75
QUESTION_SHARE = 0.7

# Past replies that have a say in what is expected next.
NEIGHBOURS = 100

# Texts of each kind that what is typed may bring in.
TYPED = 15

# A response is written to be used: it beats a past reply whose cosine is this much higher.
RESPONSE_WEIGHT = 0.05


# Two libraries never have the same version, nor one library the same twice.
_versions = itertools.count()


class Turn(NamedTuple):
    """One message of a conversation: who said it (customer, agent, system) and its vector."""

    role: str
    vector: Vectors


class Context(NamedTuple):
    """What a conversation is about, and what was answered since the customer last spoke."""

    situation: Vectors
    answered: Sequence[Vectors]


def context_of(turns: Sequence[Turn], opening: Vectors) -> Context:
    """Sum up a conversation; `opening` stands in while the customer has said nothing."""
    asked = [place for place, turn in enumerate(turns) if turn.role == "customer"]
    if not asked:
        return Context(opening, [turn.vector for turn in turns])
    last = asked[-1]
    others = [turn.vector for place, turn in enumerate(turns) if place != last]
    around = np.mean(others, axis=0) if others else turns[last].vector
    situation = LAST_SHARE * turns[last].vector + (1 - LAST_SHARE) * around
    return Context(situation, [turn.vector for turn in turns[last + 1 :]])


def packed(vector: Vectors) -> bytes:
    """A vector as it is stored: little-endian float16, 768 bytes."""
    return vector.astype("<f2").tobytes()


def unpacked(stored: bytes) -> NDArray[np.float16]:
    """The inverse of `packed`."""
    return np.frombuffer(stored, dtype="<f2")


def found_by(question: Vectors, answer: Vectors) -> Vectors:
    """The vector by which a past reply is found again."""
    return QUESTION_SHARE * question + (1 - QUESTION_SHARE) * answer


class TitledDocument(NamedTuple):
    """A response with its title, which is shown and never searched."""

    title: str
    document: Document


class Suggested(NamedTuple):
    """A text to offer, with its placeholders, and its title ("" for past replies)."""

    template: str
    title: str


class Ranked(NamedTuple):
    """A text found, and what places it: whether it begins as typed, then how likely it is."""

    starts: bool
    score: float
    hit: Hit


class Prospect(NamedTuple):
    """What is likely said next in a conversation: good until more is said or the library changes."""

    version: int
    context: Context
    expected: Vectors
    likely: Sequence[Ranked]


class Library:
    """The two indexes of one company in one environment. Its methods block: use a worker thread."""

    def __init__(self) -> None:
        self._responses = Index(DIMENSIONS)
        self._replies = Index(DIMENSIONS)
        self._titles: dict[str, str] = {}
        self.version = next(_versions)

    @property
    def unsettled_count(self) -> int:
        """Texts that only comparison finds, see `Index`."""
        return self._responses.unsettled_count + self._replies.unsettled_count

    def put_responses(self, responses: Sequence[TitledDocument]) -> None:
        """Add responses, or replace those with the same keys."""
        self._titles.update({document.key: title for title, document in responses})
        self._responses.put(replace(document, weight=RESPONSE_WEIGHT) for _, document in responses)
        self.version = next(_versions)

    def remove_responses(self, keys: Iterable[str]) -> None:
        """Forget responses; unknown keys are no matter."""
        gone = list(keys)
        self._responses.remove(gone)
        for key in gone:
            self._titles.pop(key, None)
        self.version = next(_versions)

    def response_keys(self) -> set[str]:
        """The keys of all responses."""
        return set(self._responses.keys())

    def put_replies(self, replies: Sequence[Document]) -> None:
        """Add past replies, or replace those with the same keys."""
        self._replies.put(replies)
        self.version = next(_versions)

    def keep_newest_replies(self, count: int) -> None:
        """Forget the oldest replies beyond a number; keys sort by time."""
        excess = len(self._replies) - count
        if excess > 0:
            self._replies.remove(sorted(self._replies.keys())[:excess])
            self.version = next(_versions)

    def settle(self, limit: int) -> bool:
        """Prepare some texts for fast searching; True when more is left."""
        return self._replies.settle(limit) or self._responses.settle(limit)

    def prospect(self, context: Context) -> Prospect:
        """What is likely said next in a conversation, whatever is typed."""
        version = self.version
        neighbours = self._replies.search(context.situation, count=NEIGHBOURS)
        expected = expected_meaning(neighbours, context.situation)
        responses = self._responses.search(expected, count=NEIGHBOURS // 2)
        ranked = _ranked(responses, neighbours, expected)
        likely = [entry for entry in ranked if not _was_said(entry.hit, context.answered)]
        return Prospect(version, context, expected, likely)

    def suggest(self, prospect: Prospect, query: str, count: int) -> list[Suggested]:
        """Up to `count` different texts, likeliest first; those that begin as typed come first."""
        ranked = prospect.likely
        if query and not query.isspace():
            ranked = sorted([*ranked, *self._typed(prospect, query)], reverse=True, key=_place)
        return [
            Suggested(hit.text, self._titles.get(hit.key, ""))
            for hit in collapse([entry.hit for entry in ranked], count)
        ]

    def _typed(self, prospect: Prospect, query: str) -> list[Ranked]:
        expected, context = prospect.expected, prospect.context
        responses = self._responses.search(expected, query, count=TYPED, only_text=True)
        replies = self._replies.search(context.situation, query, count=TYPED, only_text=True)
        ranked = _ranked(responses, replies, expected)
        return [entry for entry in ranked if not _was_said(entry.hit, context.answered)]


def _ranked(responses: Sequence[Hit], replies: Sequence[Hit], expected: Vectors) -> list[Ranked]:
    """Order responses and past replies by one measure: how near they are to what is expected."""
    ranked = [Ranked(hit.starts, hit.score, hit) for hit in responses]
    if replies:
        near = (np.stack([hit.meaning for hit in replies]) @ expected).tolist()
        ranked += [
            Ranked(hit.starts, fits + LEXICAL_SHARE * hit.lexical, hit)
            for hit, fits in zip(replies, near, strict=True)
        ]
    ranked.sort(key=_place, reverse=True)
    return ranked


def _place(entry: Ranked) -> tuple[bool, float]:
    return entry.starts, entry.score


def _was_said(hit: Hit, answered: Sequence[Vectors]) -> bool:
    return any(float(hit.meaning @ vector) >= SAME_MEANING for vector in answered)
