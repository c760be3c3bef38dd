"""The log as several readers of one node read it: who stands at the same place shares one query."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from rapport.core.log import Recorded
from rapport.core.log.events import Position
from rapport.core.log.tail import Tail

# One batch is one transaction: a longer one would keep every other writer of an embedded database
# waiting, and make this reader look dead to the nodes that would take it over.
BATCH = 200
# Readers a few batches apart still share; what lies further back is fetched again.
KEPT = 8


class Feed:
    """Fetches batches after a position, once for all readers that ask."""

    def __init__(self, tail: Tail) -> None:
        self._tail = tail
        self._kept: OrderedDict[Position, Sequence[Recorded]] = OrderedDict()
        self._running: dict[tuple[int, Position], asyncio.Task[Sequence[Recorded]]] = {}
        self._news = 0

    def news(self) -> None:
        """Share no query that began before now: it may have missed what has just been committed."""
        self._news += 1

    async def after(self, position: Position) -> Sequence[Recorded]:
        """Return the next events after a position, in tail order, at most a batch."""
        kept = self._kept.get(position)
        if kept is not None:
            return kept
        key = (self._news, position)
        running = self._running.get(key)
        if running is None:
            running = asyncio.create_task(self._fetch(key), name="reader-feed")
            self._running[key] = running
        # Shielded: one reader that is closed must not take the batch from the others.
        return await asyncio.shield(running)

    async def close(self) -> None:
        """Wait for what is being fetched."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _fetch(self, key: tuple[int, Position]) -> Sequence[Recorded]:
        position = key[1]
        try:
            found = await self._tail.after(position, BATCH)
        finally:
            del self._running[key]
        # What follows a position never changes; only nothing may become something.
        if found:
            self._kept[position] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found
