"""The log as everybody on one node reads it: what one has just read the others find in memory."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence

from rapport.core.log import Recorded
from rapport.core.log.events import Position
from rapport.core.log.tail import Tail

# Events that one look at the log returns at most.
BATCH = 500
# Events kept for those who come later; what lies further back is fetched again.
KEPT = 10_000
# So long an end that this process has found, or written, is taken for the end without asking: on
# SQLite a command may write beside the server, and is heard when it next looks.
END_SECONDS = 0.1


class Feed:
    """Fetches batches after a position, once for all who ask: the live hub and every reader.

    `is_alone` says that no other node writes to this log (SQLite): what the writer hands over need
    not be fetched, and its end is the end.
    """

    def __init__(self, tail: Tail, *, is_alone: bool = False) -> None:
        self._tail = tail
        self._is_alone = is_alone
        self._end: Position | None = None
        self._end_known_at = 0.0
        self._kept: OrderedDict[Position, Sequence[Recorded]] = OrderedDict()
        self._running: dict[tuple[int, Position], asyncio.Task[Sequence[Recorded]]] = {}
        self._news = 0
        self._count = 0

    def news(self) -> None:
        """Share no query that began before now: it may have missed what has just been committed."""
        self._news += 1
        self._end = None

    def nudged(self) -> None:
        """Somebody has committed something; without other nodes it is known already."""
        if not self._is_alone:
            self.news()

    async def after(self, position: Position) -> Sequence[Recorded]:
        """Return the next events after a position, in tail order, at most a batch."""
        kept = self._following(position)
        if kept:
            return kept
        if position == self._end and time.monotonic() - self._end_known_at < END_SECONDS:
            return ()
        key = (self._news, position)
        running = self._running.get(key)
        if running is None:
            running = asyncio.create_task(self._fetch(key), name="reader-feed")
            self._running[key] = running
        # Shielded: one reader that is closed must not take the batch from the others.
        return await asyncio.shield(running)

    def _following(self, position: Position) -> Sequence[Recorded]:
        """Return what is kept from a position on, however many looks it came by, at most a batch."""
        found: list[Recorded] = []
        while kept := self._kept.get(position):
            if found and len(found) + len(kept) > BATCH:
                break
            found += kept
            position = kept[-1].position
        return found

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
            self._keep(position, found)
        elif self._is_alone and key[0] == self._news:
            self._ends_at(position)
        return found

    def take(self, events: Sequence[Recorded]) -> None:
        """Keep events that this process has just written itself, one after the other (SQLite).

        They follow the position just before the first: ids are given without a gap there, and in the
        order of the commits.
        """
        low, high, first = events[0].position
        before = Position(low, high, first - 1)
        self._keep(before, events)
        if self._end == before:
            self._ends_at(events[-1].position)

    def _ends_at(self, position: Position) -> None:
        self._end, self._end_known_at = position, time.monotonic()

    def _keep(self, position: Position, found: Sequence[Recorded]) -> None:
        replaced = self._kept.pop(position, ())
        self._kept[position] = found
        self._count += len(found) - len(replaced)
        while self._count > KEPT:
            self._count -= len(self._kept.popitem(last=False)[1])
