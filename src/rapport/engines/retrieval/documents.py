"""What goes into an index and what comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]

Admits: TypeAlias = Callable[[frozenset[str]], bool]
"""Says of a document's labels whether the caller may find it."""


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A text that can be found.

    `vector` is what it is found by and need not be the text's own: an agent's reply is found by
    the situation it answered. `meaning` is the text's own vector when the two differ.
    `weight` is added to the score (0.1 beats a document whose cosine is 0.1 higher).
    """

    key: str
    text: str
    vector: NDArray[np.floating[Any]]
    meaning: NDArray[np.floating[Any]] | None = None
    weight: float = 0.0
    labels: frozenset[str] = frozenset()


class Hit(NamedTuple):
    """A document found, with the reasons.

    `similarity` is the cosine to the vector asked (0.0 when none was), `lexical` the share of the
    best possible BM25 score (0 to 1), `starts` whether the text begins with the words typed.
    `score` is their sum with the document's weight and orders hits of equal `starts`.
    """

    key: str
    text: str
    score: float
    similarity: float
    lexical: float
    starts: bool
    meaning: Vector
