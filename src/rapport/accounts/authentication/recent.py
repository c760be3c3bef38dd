"""A short memory in front of the database for what every request asks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, NamedTuple, TypeVar

V = TypeVar("V")

# Guesses at credentials must not fill the memory: beyond this many entries it starts afresh.
_MOST = 20_000


class _Entry(NamedTuple, Generic[V]):
    value: V | None
    until: float


class Recent(Generic[V]):
    """Remembers what `load` returned, for a while; None, for something unknown, for a shorter one.

    What is forgotten while it is being loaded is loaded again: a change that committed before the
    call of `forget` is never covered by an older value.
    """

    def __init__(
        self,
        load: Callable[[str], Awaitable[V | None]],
        *,
        keep_seconds: float,
        keep_unknown_seconds: float,
    ) -> None:
        self._load = load
        self._keep = keep_seconds
        self._keep_unknown = keep_unknown_seconds
        self._entries: dict[str, _Entry[V]] = {}
        self._loading: dict[str, asyncio.Future[V | None]] = {}
        self._generation = 0

    async def get(self, key: str) -> V | None:
        """Return what is known of a key; callers who ask at the same time share one look-up."""
        entry = self._entries.get(key)
        if entry is not None and time.monotonic() < entry.until:
            return entry.value
        loading = self._loading.get(key)
        if loading is None:
            loading = asyncio.ensure_future(self._remember(key))
            self._loading[key] = loading
            loading.add_done_callback(lambda _: self._loading.pop(key, None))
        # One caller that goes away does not take the answer from the others.
        return await asyncio.shield(loading)

    def forget(self, key: str) -> None:
        """Ask the database about a key the next time."""
        self._generation += 1
        self._entries.pop(key, None)

    def forget_where(self, is_stale: Callable[[V], bool]) -> None:
        """Ask the database about every key whose value is stale the next time."""
        self._generation += 1
        stale = [k for k, e in self._entries.items() if e.value is not None and is_stale(e.value)]
        for key in stale:
            del self._entries[key]

    async def _remember(self, key: str) -> V | None:
        while True:
            generation = self._generation
            value = await self._load(key)
            if generation == self._generation:
                break
        keep = self._keep if value is not None else self._keep_unknown
        if len(self._entries) >= _MOST:
            self._entries.clear()
        self._entries[key] = _Entry(value, time.monotonic() + keep)
        return value
