"""The index of a company: documents come and go while others search."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from rapport.engines.retrieval.contents import Contents, Query
from rapport.engines.retrieval.documents import Admits, Document, Hit

# Work done under one hold of the lock: some 5 ms, the longest a search waits for a writer.
PUT_AT_ONCE = 128
SETTLE_AT_ONCE = 16

# Dead rows cost memory and make searches ask for more; beyond this share the index is rebuilt.
MAX_DEAD_SHARE = 0.2
MIN_DEAD_ROWS = 256


class Index:
    """Documents found by a vector, by words, or by both; safe for any number of threads.

    Everything put is found at once. `settle` makes searching large indexes fast and gives back
    the memory of removed documents; call it in a worker thread when `unsettled_count` has grown.
    """

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._lock = threading.Lock()
        self._settling = threading.Lock()
        self._contents = Contents(dimensions)
        # While a rebuild runs beside the lock: the keys changed meanwhile.
        self._changed: set[str] | None = None

    def __len__(self) -> int:
        return len(self._contents.row_of)

    def __contains__(self, key: str) -> bool:
        return key in self._contents.row_of

    def keys(self) -> list[str]:
        """The keys of all documents."""
        with self._lock:
            return list(self._contents.row_of)

    @property
    def unsettled_count(self) -> int:
        """Documents searched by comparison only: under a millisecond for a few thousand."""
        return self._contents.vectors.unsettled_count

    def put(self, documents: Iterable[Document]) -> None:
        """Add documents; a known key replaces its document (20 µs each).

        Raises ValueError when a vector has other dimensions than the index.
        """
        for some in _slices(list(documents), PUT_AT_ONCE):
            with self._lock:
                self._contents.put(some)
                self._note(document.key for document in some)

    def remove(self, keys: Iterable[str]) -> None:
        """Forget documents; unknown keys are no matter."""
        gone = list(keys)
        with self._lock:
            self._contents.remove(gone)
            self._note(gone)

    def search(
        self,
        vector: NDArray[np.floating[Any]] | None = None,
        text: str = "",
        *,
        count: int = 10,
        only_text: bool = False,
        admits: Admits | None = None,
    ) -> list[Hit]:
        """Up to `count` documents, best first.

        Those that begin with the typed `text` come first, then by score: the cosine to `vector`,
        half the share of typed words matched, and the document's weight. With neither vector nor
        text nothing is found; with `only_text` the vector ranks what the text finds, and finds
        nothing itself. `admits` is asked once for each distinct set of labels. Blocks for about a
        millisecond at 45,000 documents: call it in a worker thread from a server.
        """
        asked = None if vector is None else np.asarray(vector, dtype=np.float32)
        with self._lock:
            return self._contents.search(Query(asked, text, count, only_text), admits)

    def settle(self, limit: int | None = None) -> bool:
        """Prepare what was put for fast searching (0.3 ms a document); True when more is left.

        Blocks until `limit` documents, or all, are prepared; searches go on meanwhile.
        """
        with self._settling:
            if self._is_wasteful():
                self._rebuild()
            left = self.unsettled_count if limit is None else min(limit, self.unsettled_count)
            while left > 0:
                with self._lock:
                    self._contents.vectors.settle(min(left, SETTLE_AT_ONCE))
                left -= SETTLE_AT_ONCE
        return self.unsettled_count > 0

    def tidy(self) -> None:
        """Give back what removed documents have left, where it is much; searches go on meanwhile."""
        with self._settling:
            if self._is_wasteful():
                self._rebuild()

    def save(self, path: Path) -> None:
        """Write everything to one file, whole or not at all."""
        with self._settling, self._lock:
            stored = _stored(self._contents)
        beside = path.with_name(path.name + ".new")
        with beside.open("wb") as file:
            np.savez(file, allow_pickle=False, **stored)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    @classmethod
    def load(cls, path: Path) -> Index:
        """Read what `save` wrote. Raises OSError or ValueError when it cannot be read."""
        with np.load(path, allow_pickle=False) as stored:
            index = cls(stored["vectors"].shape[1])
            for some in _slices(_documents(stored), PUT_AT_ONCE):
                index._contents.put(some)
            if len(stored["graph"]):
                index._contents.vectors.adopt_graph(stored["graph"])
        return index

    def _note(self, keys: Iterable[str]) -> None:
        if self._changed is not None:
            self._changed.update(keys)

    def _is_wasteful(self) -> bool:
        dead = self._contents.dead_count
        return dead >= MIN_DEAD_ROWS and dead > MAX_DEAD_SHARE * (dead + len(self))

    def _rebuild(self) -> None:
        """Build the contents anew beside the old ones, add what changed meanwhile, and swap."""
        with self._lock:
            documents = self._contents.documents()
            self._changed = set()
        fresh = Contents(self._dimensions)
        for some in _slices(documents, PUT_AT_ONCE):
            fresh.put(some)
        with self._lock:
            changed, self._changed = self._changed, None
            fresh.remove(changed)
            fresh.put([d for d in self._contents.documents() if d.key in changed])
            self._contents = fresh


def _stored(contents: Contents) -> dict[str, NDArray[Any]]:
    documents = contents.documents()
    entries = [(d.key, d.text, sorted(d.labels), d.meaning is None) for d in documents]
    meanings = [d.vector if d.meaning is None else d.meaning for d in documents]
    nothing = np.empty((0, contents.dimensions), dtype=np.float16)
    return {
        "entries": np.frombuffer(msgspec.msgpack.encode(entries), dtype=np.uint8),
        "weights": np.array([d.weight for d in documents], dtype=np.float32),
        "vectors": np.stack([d.vector for d in documents]) if documents else nothing,
        "meanings": np.stack(meanings) if documents else nothing,
        # The graph names rows by number: with dead rows among them the numbers will differ.
        "graph": np.empty(0, np.uint8) if contents.dead_count else contents.vectors.stored_graph(),
    }


def _documents(stored: Any) -> list[Document]:
    entries = msgspec.msgpack.decode(
        stored["entries"].tobytes(), type=list[tuple[str, str, list[str], bool]]
    )
    vectors, meanings = stored["vectors"], stored["meanings"]
    weights = stored["weights"].tolist()
    return [
        Document(
            key=key,
            text=text,
            vector=vectors[row],
            meaning=None if same else meanings[row],
            weight=weights[row],
            labels=frozenset(labels),
        )
        for row, (key, text, labels, same) in enumerate(entries)
    ]


def _slices(documents: Sequence[Document], size: int) -> Iterator[Sequence[Document]]:
    for start in range(0, len(documents), size):
        yield documents[start : start + size]
