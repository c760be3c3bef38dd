"""The documents of an index in rows, with everything needed to find them. One thread at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.engines.retrieval.documents import Admits, Document, Hit, Mask, Rows, Vector
from rapport.engines.retrieval.lexical import LexicalSearch
from rapport.engines.retrieval.vectors import VectorSearch

# What matching every typed word is worth beside the cosine to the situation.
LEXICAL_SHARE = 0.5

# Texts that begin with what is typed, looked at before the best are taken.
MAX_BEGINNINGS = 256


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for, see `Index.search`."""

    vector: Vector | None
    text: str
    count: int
    only_text: bool


class Contents:
    """Rows are only ever appended: a document replaced or removed leaves a dead row behind."""

    def __init__(self, dimensions: int) -> None:
        self.vectors = VectorSearch(dimensions)
        self.lexical = LexicalSearch()
        self.row_of: dict[str, int] = {}
        self.dimensions = dimensions
        self._entries: list[tuple[str, str] | None] = []  # key and text; None where dead
        self._meanings: VectorSearch | None = None
        self._alive: Mask = np.zeros(0, dtype=np.bool_)
        self._weights: Vector = np.zeros(0, dtype=np.float32)
        self._label_sets: dict[frozenset[str], int] = {}
        self._label_set_of: NDArray[np.int32] = np.zeros(0, dtype=np.int32)

    @property
    def dead_count(self) -> int:
        """Rows of documents replaced or removed."""
        return len(self._entries) - len(self.row_of)

    def documents(self) -> list[Document]:
        """The living documents in the order they came."""
        rows = np.flatnonzero(self._alive[: len(self._entries)])
        label_sets = list(self._label_sets)
        vectors = self.vectors.stored_rows(rows)
        meanings = vectors if self._meanings is None else self._meanings.stored_rows(rows)
        return [
            Document(
                key=self._entry(row)[0],
                text=self._entry(row)[1],
                vector=vectors[place],
                meaning=None if self._meanings is None else meanings[place],
                weight=float(self._weights[row]),
                labels=label_sets[self._label_set_of[row]],
            )
            for place, row in enumerate(rows.tolist())
        ]

    def put(self, documents: Sequence[Document]) -> None:
        """Add documents; a known key replaces its document (the last of equal keys stays)."""
        latest = list({document.key: document for document in documents}.values())
        if not latest:
            return
        self.remove(document.key for document in latest)
        first = len(self._entries)
        self._append_vectors(latest, first)
        self.lexical.append(document.text for document in latest)
        self._entries.extend((document.key, document.text) for document in latest)
        self._grow(len(self._entries))
        for row, document in enumerate(latest, first):
            self.row_of[document.key] = row
            self._alive[row] = True
            self._weights[row] = document.weight
            self._label_set_of[row] = self._label_sets.setdefault(
                document.labels, len(self._label_sets)
            )

    def remove(self, keys: Iterable[str]) -> None:
        """Forget documents; unknown keys are no matter."""
        for key in keys:
            row = self.row_of.pop(key, None)
            if row is not None:
                self._entries[row] = None
                self._alive[row] = False

    def search(self, query: Query, admits: Admits | None) -> list[Hit]:
        """See `Index.search`."""
        admitted = self._admitted(admits)
        lexical = self.lexical.scores(query.text)
        beginnings = self._beginnings(query, admitted)
        rows = self._candidates(query, lexical, beginnings, admitted)
        if not len(rows):
            return []
        near = self._similarity(rows, query.vector)
        begins = np.zeros(len(admitted), dtype=np.bool_)
        begins[beginnings] = True
        starts = begins[rows]
        scores = near + LEXICAL_SHARE * lexical[rows] + self._weights[rows]
        order = np.lexsort((-scores, ~starts))[: query.count]
        best = rows[order]
        meanings = (self._meanings or self.vectors).meanings(best)
        # Lists, because reading numbers out of arrays one by one takes longer than the search.
        reasons = zip(
            scores[order].tolist(),
            near[order].tolist(),
            lexical[best].tolist(),
            starts[order].tolist(),
            meanings,
            strict=True,
        )
        return [
            Hit(*self._entry(row), *why) for row, why in zip(best.tolist(), reasons, strict=True)
        ]

    def _entry(self, row: int) -> tuple[str, str]:
        entry = self._entries[row]
        assert entry is not None, "a dead row was admitted"
        return entry

    def _candidates(
        self, query: Query, lexical: NDArray[np.float32], beginnings: Rows, admitted: Mask
    ) -> Rows:
        found = [_best(np.where(admitted, lexical, 0), query.count), beginnings]
        if query.vector is not None and not query.only_text:
            found.append(self.vectors.nearest(query.vector, query.count, admitted))
        rows: Rows = np.unique(np.concatenate(found))
        return rows

    def _similarity(self, rows: Rows, vector: Vector | None) -> Vector:
        if vector is None:
            return np.zeros(len(rows), dtype=np.float32)
        return self.vectors.similarity(rows, vector)

    def _beginnings(self, query: Query, admitted: Mask) -> Rows:
        """Admitted rows that begin with what is typed: the likeliest of them, or a part of all."""
        rows = self.lexical.beginning_with(query.text, MAX_BEGINNINGS)
        rows = rows[admitted[rows]]
        if len(rows) > query.count and query.vector is not None:
            near = self.vectors.similarity(rows, query.vector)
            rows = rows[np.argpartition(-near, query.count)]
        return rows[: query.count]

    def _admitted(self, admits: Admits | None) -> Mask:
        alive = self._alive[: len(self._entries)]
        if admits is None:
            return alive
        passing = np.array([admits(labels) for labels in self._label_sets], dtype=np.bool_)
        if not len(passing):
            return alive
        admitted: Mask = alive & passing[self._label_set_of[: len(alive)]]
        return admitted

    def _append_vectors(self, documents: Sequence[Document], first: int) -> None:
        vectors = np.stack([document.vector for document in documents])
        if vectors.shape[1] != self.dimensions:
            raise ValueError(f"vectors have {vectors.shape[1]} dimensions, not {self.dimensions}")
        if self._meanings is None and any(d.meaning is not None for d in documents):
            self._meanings = VectorSearch(self.dimensions)
            self._meanings.append(self.vectors.meanings(np.arange(first)))
        self.vectors.append(vectors)
        if self._meanings is not None:
            own = [d.vector if d.meaning is None else d.meaning for d in documents]
            self._meanings.append(np.stack(own))

    def _grow(self, needed: int) -> None:
        missing = needed - len(self._alive)
        if missing > 0:
            missing = max(missing, len(self._alive), 64)
            self._alive = np.concatenate([self._alive, np.zeros(missing, dtype=np.bool_)])
            self._weights = np.concatenate([self._weights, np.zeros(missing, dtype=np.float32)])
            self._label_set_of = np.concatenate(
                [self._label_set_of, np.zeros(missing, dtype=np.int32)]
            )


def _best(scores: NDArray[np.float32], count: int) -> Rows:
    """The rows of the highest scores above zero, at most `count`."""
    rows = np.flatnonzero(scores)
    if len(rows) > count:
        rows = rows[np.argpartition(-scores[rows], count)[:count]]
    return rows
