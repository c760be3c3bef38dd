"""What the draft says instead of the last saved version, row by row.

A row of the draft is one that begins with it; what it stands instead of ends with it. Saying again
what was saved leaves no trace, so that a draft is unsaved only while it says something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, Protocol, TypeVar


class Row(Protocol):
    """A row of the list, for the versions from `since` to `until`."""

    since: Any
    until: Any


R = TypeVar("R", bound=Row)
S = TypeVar("S")


class Store(Protocol):
    """Where rows come to lie: a session, or what gathers them for one."""

    def add(self, row: Any) -> None:
        """Have a row written that was not there."""
        ...

    def delete(self, row: Any) -> None:
        """Have a row deleted."""
        ...


class Ledger(Generic[R, S]):
    """Rows of the draft by key, with the saved rows they stand instead of."""

    def __init__(
        self,
        store: Store,
        number: int,
        rows: Iterable[R],
        *,
        key: Callable[[R], str],
        says: Callable[[R], S],
        make: Callable[[str, S], R],
        rewrite: Callable[[R, S], None],
    ) -> None:
        self._store = store
        self._number = number
        self._standing: dict[str, R] = {}
        self._replaced: dict[str, R] = {}
        self._make, self._rewrite = make, rewrite
        self.key, self.says = key, says
        for row in rows:
            into = self._standing if row.until is None else self._replaced
            into[key(row)] = row

    @property
    def standing(self) -> Mapping[str, R]:
        """What the draft says at the moment."""
        return self._standing

    def put(self, key: str, said: S | None) -> bool:
        """Let the draft say something of a key, None: nothing. Returns whether that is a change."""
        row, saved = self._standing.get(key), self._replaced.get(key)
        if (None if row is None else self.says(row)) == said:
            return False
        if saved is not None and said is not None and self.says(saved) == said:
            if row is not None:
                self._store.delete(row)
            saved.until = None
            self._standing[key] = self._replaced.pop(key)
        elif row is not None and row.since == self._number:
            self._change(key, row, said)
        else:
            self._replace(key, row, said)
        return True

    def _change(self, key: str, row: R, said: S | None) -> None:
        """Rewrite a row that only the draft has."""
        if said is not None:
            self._rewrite(row, said)
            return
        self._store.delete(row)
        del self._standing[key]

    def _replace(self, key: str, saved: R | None, said: S | None) -> None:
        """End a saved row with the draft, and begin another."""
        if saved is not None:
            saved.until = self._number
            self._replaced[key] = self._standing.pop(key)
        if said is not None:
            self._standing[key] = self._make(key, said)
            self._store.add(self._standing[key])
