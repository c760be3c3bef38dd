"""Texts as sets of hashed features: words, pairs of words, how a text begins and ends.

A model knows features by a number only: no word of a conversation can be read from it.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Sequence
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

# Feature numbers of one text, ascending and each once.
Features: TypeAlias = NDArray[np.uint32]
Bags: TypeAlias = sparse.csr_matrix

_WORD = re.compile(r"[#@]?\w+(?:['’]\w+)?|[^\w\s]")

# A text longer than this is read to here: what it is about has been said by then.
_MOST_CHARACTERS = 2_000

NO_FEATURES: Features = np.zeros(0, np.uint32)


def features_of(text: str) -> Features:
    """The features of a text; about 50 µs for a message."""
    words = [word.lower() for word in _WORD.findall(text[:_MOST_CHARACTERS])]
    if not words:
        return NO_FEATURES
    found = {f"u{word}" for word in words}
    found.update(f"b{one} {other}" for one, other in itertools.pairwise(words))
    found.add(f"f{words[0]}")
    found.add(f"l{' '.join(words[-2:])}")
    return np.unique(
        np.array([zlib.crc32(each.encode("utf-8", "replace")) for each in found], np.uint32)
    )


def together(several: Sequence[Features]) -> Features:
    """The features of several texts read as one; what is in two of them counts twice."""
    return np.concatenate(several) if several else NO_FEATURES


class Vocabulary:
    """The features a model knows, by place."""

    def __init__(self, hashes: NDArray[np.uint32]) -> None:
        self.hashes = hashes

    def __len__(self) -> int:
        return len(self.hashes)

    @classmethod
    def of(cls, texts: Sequence[Features], least: int) -> Self:
        """Know the features that so many texts have at least."""
        hashes, counts = np.unique(together(texts), return_counts=True)
        return cls(hashes[counts >= least])

    def places(self, features: Features) -> NDArray[np.int64]:
        """The places of a text's known features."""
        if not len(self.hashes):
            return np.zeros(0, np.int64)
        places = np.searchsorted(self.hashes, features)
        places[places == len(self.hashes)] = 0
        known: NDArray[np.int64] = places[self.hashes[places] == features]
        return known

    def bags(self, texts: Sequence[Features]) -> Bags:
        """One row a text; a text of many known features gives each less weight."""
        places = [self.places(features) for features in texts]
        counts = np.array([len(each) for each in places], np.int64)
        weights = np.repeat(weight_of(counts), counts)
        starts = np.concatenate([[0], np.cumsum(counts)])
        columns = np.concatenate(places) if places else np.zeros(0, np.int64)
        return sparse.csr_matrix(
            (weights, columns.astype(np.int32), starts), shape=(len(texts), len(self))
        )


def weight_of(counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """The weight of each feature in a text of so many."""
    weights: NDArray[np.float32] = (1 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)
    return weights
