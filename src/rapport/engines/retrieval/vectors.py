"""Rows nearest to a vector: exact over what is few or fresh, a graph (HNSW) over the rest."""

from __future__ import annotations

from typing import Any

import numpy as np

# Before usearch, which makes symbols global that crash the loading of onnxruntime after it
# (usearch 2.26, onnxruntime 1.31; this order is sound).
import onnxruntime  # noqa: F401
from numpy.typing import NDArray
from usearch.compiled import MetricKind
from usearch.index import Index as Graph
from usearch.index import search

from rapport.engines.retrieval.documents import Mask, Rows, Vector

# Comparing a vector with this many rows takes 0.7 ms, as long as asking the graph for many.
EXACT_ROWS = 4_000

# Of 45,000 rows and the 100 nearest asked, the graph finds 96 % in 0.4 ms (of the 10 nearest 99 %);
# comparing with every row takes 3.5 ms.
GRAPH_OPTIONS: dict[str, Any] = {
    "metric": MetricKind.IP,
    "dtype": "f16",
    "connectivity": 16,
    "expansion_add": 128,
    "expansion_search": 192,
}


class VectorSearch:
    """Unit vectors in rows numbered as they came, kept as float16 (2 bytes a dimension).

    New rows are found at once, by comparison; `settle` moves them into the graph. Not safe for
    several threads: `Index` holds the lock.
    """

    def __init__(self, dimensions: int) -> None:
        self._rows: NDArray[np.float16] = np.empty((0, dimensions), dtype=np.float16)
        self._count = 0
        self._dimensions = dimensions
        self._graph = Graph(ndim=dimensions, **GRAPH_OPTIONS)

    def __len__(self) -> int:
        return self._count

    @property
    def unsettled_count(self) -> int:
        """Rows that only comparison finds."""
        return self._count - len(self._graph)

    def append(self, vectors: NDArray[np.floating[Any]]) -> None:
        """Add rows (n, dimensions); their numbers continue those before. Lengths become one."""
        needed = self._count + len(vectors)
        if needed > len(self._rows):
            grown = np.empty((max(needed, 2 * len(self._rows), 64), self._dimensions), np.float16)
            grown[: self._count] = self._rows[: self._count]
            self._rows = grown
        self._rows[self._count : needed] = _unit(vectors)
        self._count = needed

    def settle(self, limit: int) -> None:
        """Move up to `limit` rows into the graph (0.3 ms each, one thread)."""
        start = len(self._graph)
        stop = min(start + limit, self._count)
        if start < stop:
            self._graph.add(np.arange(start, stop), self._rows[start:stop], threads=1)

    def similarity(self, rows: Rows, vector: Vector) -> Vector:
        """Cosine of each row to the vector."""
        near: Vector = self.meanings(rows) @ _unit(vector)
        return near

    def meanings(self, rows: Rows) -> Vector:
        """The rows themselves (n, dimensions), float32."""
        return self._rows[rows].astype(np.float32)

    def nearest(self, vector: Vector, count: int, admitted: Mask) -> Rows:
        """Up to `count` admitted rows, nearest first. `admitted` has one entry a row."""
        wanted = _unit(vector)
        admitted_count = int(np.count_nonzero(admitted))
        if admitted_count <= EXACT_ROWS or not len(self._graph):
            rows, near = self._compare(wanted, count, np.flatnonzero(admitted))
            return rows
        settled = len(self._graph)
        rows, near = self._ask_graph(wanted, count, admitted, admitted_count)
        fresh, fresh_near = self._compare(
            wanted, count, settled + np.flatnonzero(admitted[settled:])
        )
        order = np.argsort(-np.concatenate([near, fresh_near]), kind="stable")[:count]
        merged: Rows = np.concatenate([rows, fresh])[order]
        return merged

    def _ask_graph(
        self, wanted: Vector, count: int, admitted: Mask, admitted_count: int
    ) -> tuple[Rows, Vector]:
        # The graph knows nothing of admission: ask for as many more as are likely refused.
        ask = min(_to_ask(count, len(admitted), admitted_count), len(self._graph))
        found = self._graph.search(wanted.astype(np.float16), ask)
        rows = found.keys.astype(np.int64)
        passed = admitted[rows]
        return rows[passed][:count], 1 - found.distances[passed][:count]

    def _compare(self, wanted: Vector, count: int, rows: Rows) -> tuple[Rows, Vector]:
        if not len(rows):
            return rows, np.empty(0, dtype=np.float32)
        if 2 * len(rows) > self._count:
            # To copy so many takes longer than to compare with all, the few others included.
            passing = np.zeros(self._count, dtype=np.bool_)
            passing[rows] = True
            ask = count if len(rows) == self._count else _to_ask(count, self._count, len(rows))
            nearest, near = _nearest(self._rows[: self._count], wanted, ask)
            passed = passing[nearest]
            if np.count_nonzero(passed) >= min(count, len(rows)):
                return nearest[passed][:count], near[passed][:count]
        nearest, near = _nearest(self._rows[rows], wanted, count)
        return rows[nearest], near

    def stored_rows(self, rows: Rows) -> NDArray[np.float16]:
        """The rows as they are kept (n, dimensions)."""
        return self._rows[rows]

    def stored_graph(self) -> NDArray[np.uint8]:
        """The graph over the settled rows, for `adopt_graph`."""
        stored = self._graph.save()
        assert stored is not None, "saved to memory, not to a file"
        return np.frombuffer(stored, dtype=np.uint8)

    def adopt_graph(self, stored: NDArray[np.uint8]) -> None:
        """Take a graph built over exactly the first of these rows, instead of building it."""
        self._graph.load(stored.tobytes())


def _to_ask(count: int, among: int, admitted: int) -> int:
    """How many rows to ask for, so that enough of them are likely admitted."""
    return int(1.2 * count * among / admitted) + 1


def _nearest(data: NDArray[np.float16], wanted: Vector, count: int) -> tuple[Rows, Vector]:
    most = min(count, len(data))
    found = search(data, wanted.astype(np.float16), most, MetricKind.IP, exact=True)
    return found.keys.astype(np.int64), 1 - found.distances


def _unit(vectors: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    exact = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(exact, axis=-1, keepdims=True)
    unit: NDArray[np.float32] = exact / np.maximum(lengths, 1e-9)
    return unit
