"""The one source of time: UTC-aware, and drivable by tests and simulations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Anything that knows what time it is."""

    def now(self) -> datetime:
        """Return the current time, UTC-aware."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time, UTC-aware."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the time it was last moved to."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move the time forward."""
        self._now += by


_clock: Clock = SystemClock()


def now() -> datetime:
    """Return the current time, UTC-aware, in whole microseconds."""
    return _clock.now()


def microseconds(moment: datetime) -> int:
    """Return a time as whole microseconds since 1970, the form in which it is stored."""
    delta = moment - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def from_microseconds(value: int) -> datetime:
    """Return the UTC-aware time of a stored number of microseconds."""
    return EPOCH + timedelta(microseconds=value)


def wire(moment: datetime) -> str:
    """Return a time as it travels: RFC 3339, UTC, microseconds, trailing Z."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


@contextmanager
def running_on(clock: Clock) -> Iterator[None]:
    """Let the whole program run on another clock for a while (tests, simulations)."""
    global _clock
    before, _clock = _clock, clock
    try:
        yield
    finally:
        _clock = before
