"""The limits of an installation: decided in this process, agreed with the others in the background."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError

from rapport.core.bus import Bus
from rapport.core.database import Database
from rapport.core.limits.daily import DailyCounts
from rapport.core.limits.rate import Rates, Taken

CHANNEL = "limits"
# How long a node may not know what another has just let in. A round trip for each request would be
# exact and cost every request one; this way none waits, nobody below the limit is ever refused, and
# nodes flooded at the same moment let in at most what each accepts within this time beyond the limit.
TELL_SECONDS = 0.01
# Tokens taken elsewhere count as this much older than told: a message's way must not cost a caller one.
TRANSIT_SECONDS = 0.03
WRITE_SECONDS = 1.0

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Taken]).decode

logger = structlog.get_logger(__name__)


class _Fresh(NamedTuple):
    rate: float
    burst: int
    tokens: int


class Limits:
    """Rates and quotas by key. `Limits()` alone holds for one process.

    With a bus, nodes tell each other what they let in; while the bus is down each node holds the
    limits by itself. With a database, daily counts survive a restart (but for the last second) and
    are one for all nodes; without one they live in this process.
    """

    def __init__(
        self,
        bus: Bus | None = None,
        database: Database | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bus = bus
        self._database = database
        self._rates = Rates(now)
        self._daily = DailyCounts()
        self._fresh: dict[str, _Fresh] = {}
        self._telling = False
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def take_now(self, key: str, *, rate: float, burst: int) -> float | None:
        """Let somebody in: None, else the seconds to wait (PLT-029).

        At most `burst` are let in within any `burst / rate` seconds.
        """
        wait = self._rates.take(key, rate=rate, burst=burst)
        if wait is None and self._bus is not None:
            earlier = self._fresh.get(key)
            self._fresh[key] = _Fresh(rate, burst, 1 if earlier is None else earlier.tokens + 1)
            self._wake.set()
        return wait

    async def take(self, key: str, *, rate: float, burst: int) -> float | None:
        """Do what `take_now` does."""
        return self.take_now(key, rate=rate, burst=burst)

    async def daily(self, key: str, quota: int) -> bool:
        """Count one request of today (UTC); false when the quota is used up (PLT-031)."""
        if self._database is not None and not self._daily.is_known(key):
            await self._daily.read(self._database, key)
        return self._daily.take(key, quota)

    async def open(self) -> None:
        """Begin to agree with the other nodes."""
        if self._bus is not None:
            self._bus.subscribe(CHANNEL, self._hear)
            self._tasks.append(asyncio.create_task(self._tell(self._bus), name="limits-tell"))
        if self._database is not None:
            self._tasks.append(
                asyncio.create_task(self._write(self._database), name="limits-write")
            )

    async def close(self) -> None:
        """Write the day's counts down and stop."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        if self._database is not None:
            await self._daily.write(self._database)

    async def _tell(self, bus: Bus) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(TELL_SECONDS)
            self._wake.clear()
            fresh, self._fresh = self._fresh, {}
            message = [
                Taken(key, taken.tokens, taken.rate, taken.burst, TELL_SECONDS)
                for key, taken in fresh.items()
            ]
            # A node hears itself before `publish` returns; its own tokens are taken already.
            self._telling = True
            bus.publish(CHANNEL, _encode(message))
            self._telling = False

    def _hear(self, message: bytes) -> None:
        if self._telling:
            return
        for taken in _decode(message):
            taken.age_seconds += TRANSIT_SECONDS
            self._rates.add(taken)

    async def _write(self, database: Database) -> None:
        while True:
            await asyncio.sleep(WRITE_SECONDS)
            try:
                await self._daily.write(database)
            except (SQLAlchemyError, OSError) as error:
                # The database is away; what was counted meanwhile is written when it is back.
                logger.warning("daily_counts_not_written", error=type(error).__name__)
