"""The texts of one list, ready to be ranked and searched; what changes is made anew."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rapport.compose.suggestions.candidates import Candidate, Source
from rapport.compose.suggestions.inserts import (
    Dictionary,
    Facts,
    Template,
    holds,
    is_known,
    value_of,
)
from rapport.engines.embedding import DIMENSIONS, Vectors
from rapport.engines.retrieval.lexical import LexicalSearch

# Rows multiplied at once: more of them, and the library for it would wake threads that cost more than
# they help (5,000 rows: 0.2 ms so, 1.5 ms of two cores at once).
_AT_ONCE = 90

# What was typed lately, by all agents of a company: most begin a text alike.
_REMEMBERED = 4_096


class Typed(NamedTuple):
    """Rows of a pool that what is typed finds: the share of its words they have, and whether they begin so."""

    rows: NDArray[np.int64]
    shares: NDArray[np.float32]
    starts: NDArray[np.bool_]


class Pool:
    """Candidates in rows, with everything needed to rank them; never changed once made.

    `vectors` is (n, 384) float32, rows of unit length (zero for a text not embedded yet), `written`
    (n,) false where a text was only said. Making one blocks for 30 µs a text: use a worker thread.
    """

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.candidates = tuple(candidates)
        self.templates = tuple(Template(each.text, each.metadata) for each in candidates)
        self.sayings = tuple(template.saying for template in self.templates)
        self.vectors = np.zeros((len(candidates), DIMENSIONS), np.float32)
        for row, candidate in enumerate(candidates):
            if candidate.vector is not None:
                self.vectors[row] = candidate.vector
        self._by_id = {each.id: each for each in candidates}
        self.written = np.array([c.source is not Source.ORGANIC for c in candidates], np.bool_)
        # What scorers derive from the pool, each under a key of its own.
        self.derived: dict[object, Any] = {}
        self._lexical = LexicalSearch()
        self._lexical.append(candidate.text for candidate in candidates)
        self._typed: OrderedDict[str, Typed] = OrderedDict()

    def __len__(self) -> int:
        return len(self.candidates)

    @cached_property
    def rows_of(self) -> dict[str, list[int]]:
        """Rows by what their text says, see `Template.saying`."""
        rows: dict[str, list[int]] = {}
        for row, saying in enumerate(self.sayings):
            rows.setdefault(saying, []).append(row)
        return rows

    def offers(self, candidate: Candidate) -> bool:
        """Whether a text of an earlier state of this list still stands in it as it was."""
        standing = self._by_id.get(candidate.id)
        return standing is not None and standing.says(candidate)

    def usage(self, habits: Mapping[str, float]) -> NDArray[np.float32]:
        """How often an agent says each row, given what it says how often, (n,)."""
        usage = np.zeros(len(self), np.float32)
        for saying, uses in habits.items():
            usage[self.rows_of.get(saying, [])] = uses
        return usage

    def nearness(self, vector: Vectors) -> NDArray[np.float32]:
        """Cosine of each row to a vector of unit length, (n,); 0.04 ms for 1,000 rows."""
        near = np.empty(len(self), np.float32)
        for start in range(0, len(self), _AT_ONCE):
            stop = start + _AT_ONCE
            np.dot(self.vectors[start:stop], vector, out=near[start:stop])
        return near

    def admitted(self, facts: Facts) -> NDArray[np.bool_]:
        """Rows that may be offered in a conversation: conditions hold, inserts have values, (n,)."""
        admitted = np.ones(len(self), np.bool_)
        for conditions, rows in self._by_conditions:
            if not holds(dict(conditions), facts.metadata):
                admitted[rows] = False
        for needs, rows in self._by_needs:
            if any(value_of(name, bound, facts) is None for name, bound in needs):
                admitted[rows] = False
        admitted[self._unsound] = False
        return admitted

    def unknown_to(self, dictionary: Dictionary) -> list[int]:
        """Rows with an insert that could have a value in no conversation: they are never offered."""
        return [
            row
            for needs, rows in self._by_needs
            if not all(is_known(name, bound, dictionary) for name, bound in needs)
            for row in rows
        ] + self._unsound

    def typed(self, query: str) -> Typed:
        """What is typed finds; remembered, so that colleagues who type the same share the search."""
        found = self._typed.get(query)
        if found is None:
            found = self._typed[query] = self._search(query)
            if len(self._typed) > _REMEMBERED:
                self._typed.popitem(last=False)
        return found

    def _search(self, query: str) -> Typed:
        shares = self._lexical.scores(query)
        beginning = self._lexical.beginning_with(query, len(self))
        starts = np.zeros(len(self), np.bool_)
        starts[beginning] = True
        rows = np.flatnonzero((shares > 0) | starts)
        return Typed(rows, shares[rows], starts[rows])

    @cached_property
    def _unsound(self) -> list[int]:
        return [row for row, template in enumerate(self.templates) if not template.is_sound]

    @cached_property
    def _by_conditions(self) -> list[tuple[frozenset[tuple[str, frozenset[str]]], list[int]]]:
        grouped: dict[frozenset[tuple[str, frozenset[str]]], list[int]] = {}
        for row, template in enumerate(self.templates):
            if template.conditions:
                grouped.setdefault(frozenset(template.conditions.items()), []).append(row)
        return list(grouped.items())

    @cached_property
    def _by_needs(self) -> list[tuple[frozenset[tuple[str, tuple[str, ...]]], list[int]]]:
        grouped: dict[frozenset[tuple[str, tuple[str, ...]]], list[int]] = {}
        for row, template in enumerate(self.templates):
            if template.inserts:
                grouped.setdefault(template.needs, []).append(row)
        return list(grouped.items())
