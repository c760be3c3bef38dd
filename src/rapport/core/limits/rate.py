"""Rate limits: a bucket of tokens, each of which comes back some time after it was taken.

A bucket for 100 a second has 100 tokens, and a taken one returns after exactly one second. So in no
second, wherever it begins, are more than 100 let in, and whoever stays below is never refused; a bucket
that refills continuously would let 199 in during its first second, a counter reset every second 200
across its boundary.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

import msgspec

# Keys that rest are forgotten when there are more than this many, and twice as many as last time.
SWEEP_FROM = 10_000


class Taken(msgspec.Struct, array_like=True):
    """Tokens of one key taken together on another node, `age_seconds` before this was sent."""

    key: str
    count: int
    rate: float
    burst: int
    age_seconds: float


class Rates:
    """The buckets of one process."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._buckets: dict[str, deque[float]] = {}
        self._sweep_at = SWEEP_FROM
        self._longest_seconds = 0.0

    def take(self, key: str, *, rate: float, burst: int) -> float | None:
        """Take a token: None when there was one, else the seconds until one comes back."""
        bucket = self._buckets.get(key)
        if bucket is None or bucket.maxlen != burst:
            bucket = self._bucket(key, rate, burst)
        now = self._now()
        if len(bucket) == burst:
            wait = bucket[0] + burst / rate - now
            if wait > 0:
                return wait
        bucket.append(now)  # a full bucket forgets its oldest: that token has come back
        return None

    def add(self, taken: Taken) -> None:
        """Take tokens that another node has already let somebody have."""
        bucket = self._buckets.get(taken.key)
        if bucket is None or bucket.maxlen != taken.burst:
            bucket = self._bucket(taken.key, taken.rate, taken.burst)
        moment = self._now() - taken.age_seconds
        bucket.extend([moment] * min(taken.count, taken.burst))

    def _bucket(self, key: str, rate: float, burst: int) -> deque[float]:
        self._longest_seconds = max(self._longest_seconds, burst / rate)
        if len(self._buckets) >= self._sweep_at:
            self._sweep()
        bucket = deque(self._buckets.get(key, ()), maxlen=burst)
        self._buckets[key] = bucket
        return bucket

    def _sweep(self) -> None:
        # Who has rested for the longest of all limits has every token back.
        oldest = self._now() - self._longest_seconds
        self._buckets = {key: b for key, b in self._buckets.items() if b and b[-1] > oldest}
        self._sweep_at = max(SWEEP_FROM, 2 * len(self._buckets))
