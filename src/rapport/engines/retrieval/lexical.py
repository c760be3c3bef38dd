"""Rows that share words with a text (BM25), and rows that begin with it."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rapport.engines.retrieval.documents import Rows

# Saturation of repeated words and share of the length correction: the usual values of BM25.
K1 = 1.2
B = 0.75

# A typed word may still grow: "ref" stands for the first words of the vocabulary it could become.
MAX_COMPLETIONS = 8
MAX_QUERY_WORDS = 32

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_AFTER_ALL = "\U0010ffff"


class _Postings(NamedTuple):
    """Where a word occurs, and how often there (255 at most)."""

    rows: array[int]
    counts: array[int]


class LexicalSearch:
    """An inverted index that grows row by row: every score is exact after every addition.

    Not safe for several threads: `Index` holds the lock.
    """

    def __init__(self) -> None:
        self._postings: dict[str, _Postings] = defaultdict(_new_postings)
        self._vocabulary: list[str] = []
        self._beginnings: list[tuple[str, int]] = []
        self._lengths: array[int] = array("I")
        self._total_length = 0

    def append(self, texts: Iterable[str]) -> None:
        """Add rows; their numbers continue those before."""
        words_before = len(self._postings)
        added: list[tuple[str, int]] = []
        fresh: list[str] = []
        for text in texts:
            row = len(self._lengths)
            words = words_of(text)
            for word, count in Counter(words).items():
                if word not in self._postings:
                    fresh.append(word)
                postings = self._postings[word]
                postings.rows.append(row)
                postings.counts.append(min(count, 255))
            self._lengths.append(len(words))
            self._total_length += len(words)
            added.append((" ".join(words), row))
        _insert(self._beginnings, added)
        if len(self._postings) > words_before:
            _insert(self._vocabulary, fresh)

    def scores(self, text: str) -> NDArray[np.float32]:
        """BM25 of every row as a share of the best score possible for this text, 0 to 1.

        The last word counts as every word it could become unless something follows it.
        """
        scores = np.zeros(len(self._lengths), dtype=np.float32)
        best_possible = 0.0
        for alternatives in self._alternatives(text):
            weights = [self._add_word(word, scores) for word in alternatives]
            best_possible += max(weights, default=0.0) * (K1 + 1)
        if best_possible == 0.0:
            return scores
        shares: NDArray[np.float32] = np.minimum(scores / np.float32(best_possible), 1)
        return shares

    def beginning_with(self, text: str, limit: int) -> Rows:
        """Rows whose words begin as the text does, whatever its case and punctuation.

        Of more than `limit` such rows a part spread over the alphabet is returned.
        """
        prefix = " ".join(words_of(text))
        if not prefix:
            return np.empty(0, dtype=np.int64)
        start = bisect_left(self._beginnings, (prefix, -1))
        stop = bisect_left(self._beginnings, (prefix + _AFTER_ALL, -1))
        whole_word = not _ends_within_word(text)
        rows: list[int] = []
        for index in range(start, stop, (stop - start) // limit + 1):
            beginning, row = self._beginnings[index]
            if not whole_word or beginning == prefix or beginning[len(prefix)] == " ":
                rows.append(row)
        return np.array(rows, dtype=np.int64)

    def _alternatives(self, text: str) -> list[list[str]]:
        words = words_of(text)[-MAX_QUERY_WORDS:]
        if not words:
            return []
        alternatives = [[word] for word in dict.fromkeys(words[:-1])]
        last = words[-1]
        grows = _ends_within_word(text)
        alternatives.append(self._completions(last) if grows else [last])
        return alternatives

    def _completions(self, start: str) -> list[str]:
        first = bisect_left(self._vocabulary, start)
        candidates = self._vocabulary[first : first + MAX_COMPLETIONS]
        return [word for word in candidates if word.startswith(start)]

    def _add_word(self, word: str, scores: NDArray[np.float32]) -> float:
        """Add the word's part to the scores; returns its weight (inverse document frequency)."""
        postings = self._postings.get(word)
        if postings is None:
            return 0.0
        rows = np.frombuffer(postings.rows, dtype=np.uint32)
        counts = np.frombuffer(postings.counts, dtype=np.uint8).astype(np.float32)
        lengths = np.frombuffer(self._lengths, dtype=np.uint32)
        weight = float(np.log1p((len(lengths) - len(rows) + 0.5) / (len(rows) + 0.5)))
        average = max(self._total_length / len(lengths), 1.0)
        relative = lengths[rows].astype(np.float32) / np.float32(average)
        scores[rows] += weight * counts * (K1 + 1) / (counts + K1 * (1 - B + B * relative))
        return weight


def words_of(text: str) -> list[str]:
    """The words of a text, without case and punctuation."""
    return _WORD.findall(text.casefold())


def _ends_within_word(text: str) -> bool:
    return bool(text) and (text[-1].isalnum() or text[-1] in "_'’")


def _new_postings() -> _Postings:
    return _Postings(array("I"), array("B"))


def _insert(ordered: list[Any], items: list[Any]) -> None:
    if len(items) > 32:
        ordered.extend(items)
        ordered.sort()
    else:
        for item in items:
            insort(ordered, item)
