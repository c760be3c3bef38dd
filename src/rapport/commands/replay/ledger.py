"""The ledger: what was sent, acknowledged and delivered, and what that says about the server."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import statistics
import time
from collections import defaultdict
from typing import NamedTuple

import msgspec


class Report(msgspec.Struct):
    """The outcome of a replay. Times run from sending to the other party's socket."""

    conversations: int
    sent: int
    acknowledged: int
    delivered: int
    lost: int
    duplicated: int
    reordered: int
    p50_ms: float
    p99_ms: float
    seconds: float
    messages_per_second: float


class Lane(NamedTuple):
    """What one reader hears of a conversation: there, order is what the reader sees."""

    conversation: str
    heard_by: str


class Ledger:
    """Keeps, for each lane, the order of what was acknowledged and of what arrived."""

    def __init__(self) -> None:
        self.sent = 0
        self.acknowledged = 0
        self._started = time.perf_counter()
        self._sent_at: dict[str, float | None] = {}
        self._order: defaultdict[Lane, list[str]] = defaultdict(list)
        self._arrived: defaultdict[Lane, list[str]] = defaultdict(list)
        self._arrived_at: dict[str, float] = {}
        self._awaited: dict[str, asyncio.Event] = {}
        self.conversations: set[str] = set()

    def sending(self) -> float:
        """Note that a message goes out; returns when."""
        self.sent += 1
        return time.perf_counter()

    def acknowledge(self, lane: Lane, message: str, sent_at: float | None) -> None:
        """Note that the server said a message is durable; without a time when nobody was there yet."""
        self.acknowledged += 1
        self.conversations.add(lane.conversation)
        self._sent_at[message] = sent_at
        self._order[lane].append(message)

    def arrive(self, lane: Lane, message: str) -> None:
        """Note that a message reached the other party."""
        self._arrived[lane].append(message)
        self._arrived_at.setdefault(message, time.perf_counter())
        awaited = self._awaited.pop(message, None)
        if awaited is not None:
            awaited.set()

    async def arrival(self, message: str, seconds: float) -> None:
        """Wait until a message has reached the other party, or the time is up."""
        if message in self._arrived_at:
            return
        awaited = self._awaited.setdefault(message, asyncio.Event())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(awaited.wait(), seconds)

    @property
    def missing(self) -> int:
        """How many acknowledged messages have not arrived yet."""
        return sum(message not in self._arrived_at for message in self._sent_at)

    def report(self) -> Report:
        """Sum up."""
        seconds = time.perf_counter() - self._started
        times = sorted(
            (self._arrived_at[message] - at) * 1000
            for message, at in self._sent_at.items()
            if at is not None and message in self._arrived_at
        )
        return Report(
            conversations=len(self.conversations),
            sent=self.sent,
            acknowledged=self.acknowledged,
            delivered=len(self._sent_at) - self.missing,
            lost=self.missing,
            duplicated=sum(len(found) - len(set(found)) for found in self._arrived.values()),
            reordered=sum(self._reordered(lane) for lane in self._order),
            p50_ms=round(statistics.median(times), 2) if times else 0.0,
            p99_ms=round(times[min(len(times) - 1, int(len(times) * 0.99))], 2) if times else 0.0,
            seconds=round(seconds, 2),
            messages_per_second=round(self.acknowledged / seconds, 1),
        )

    def _reordered(self, lane: Lane) -> int:
        place = {message: number for number, message in enumerate(self._order[lane])}
        arrived = [place[m] for m in dict.fromkeys(self._arrived[lane]) if m in place]
        return sum(later < earlier for earlier, later in itertools.pairwise(arrived))
