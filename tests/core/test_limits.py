"""Rates and daily quotas: exact below the limit, refused above it, agreed between nodes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.core import clock
from rapport.core.bus import MemoryBus
from rapport.core.clock import ManualClock
from rapport.core.database import Database
from rapport.core.limits import Limits
from rapport.core.limits.rate import Rates

pytestmark = pytest.mark.unit


class Time:
    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.mark.spec("PLT-029")
def test_of_101_requests_within_a_second_one_is_refused_and_of_100_none() -> None:
    now = Time()
    rates = Rates(now)

    answers = []
    for _ in range(101):
        answers.append(rates.take("key", rate=100, burst=100))
        now.seconds += 0.0099

    assert answers[:100] == [None] * 100
    assert answers[100] == pytest.approx(0.01)


@given(st.lists(st.floats(min_value=0, max_value=0.2), max_size=400))
def test_no_second_lets_in_more_and_nobody_below_the_limit_is_refused(pauses: list[float]) -> None:
    now = Time()
    rates = Rates(now)
    let_in: list[float] = []
    for pause in pauses:
        now.seconds += pause
        within = [moment for moment in let_in if moment + 1 > now.seconds]
        wait = rates.take("key", rate=20, burst=20)
        assert (wait is None) == (len(within) < 20)
        if wait is None:
            let_in.append(now.seconds)


def test_whoever_waits_as_told_is_let_in() -> None:
    now = Time()
    rates = Rates(now)
    for _ in range(5):
        rates.take("key", rate=5, burst=5)
        now.seconds += 0.1
    wait = rates.take("key", rate=5, burst=5)
    assert wait is not None

    now.seconds += wait

    assert rates.take("key", rate=5, burst=5) is None


def test_keys_do_not_share_and_a_raised_limit_counts_at_once() -> None:
    rates = Rates(Time())
    assert rates.take("a", rate=1, burst=1) is None
    assert rates.take("b", rate=1, burst=1) is None
    assert rates.take("a", rate=1, burst=1) is not None
    assert rates.take("a", rate=2, burst=2) is None
    assert rates.take("a", rate=2, burst=2) is not None


def test_resting_keys_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rapport.core.limits.rate.SWEEP_FROM", 10)
    now = Time()
    rates = Rates(now)
    for number in range(1_000):
        rates.take(str(number), rate=1, burst=1)
        now.seconds += 0.5

    assert len(rates._buckets) <= 11


def test_a_decision_costs_under_five_microseconds() -> None:
    limits = Limits()
    started = time.perf_counter()
    for _ in range(20_000):
        limits.take_now("key", rate=100_000, burst=100_000)

    assert (time.perf_counter() - started) / 20_000 < 5e-6


@pytest.mark.spec("PLT-030")
async def test_a_limit_is_each_keys_own() -> None:
    limits = Limits()
    ordinary = [await limits.take("ordinary", rate=100, burst=100) for _ in range(150)]
    raised = [await limits.take("raised", rate=200, burst=200) for _ in range(150)]

    assert sum(answer is not None for answer in ordinary) == 50
    assert raised == [None] * 150


class Wire:
    """Two nodes' buses joined: what one publishes the other hears too."""

    def __init__(self) -> None:
        self.a, self.b = MemoryBus(), MemoryBus()
        forward: Callable[[MemoryBus, MemoryBus], None] = self._forward
        forward(self.a, self.b)
        forward(self.b, self.a)

    def _forward(self, source: MemoryBus, target: MemoryBus) -> None:
        publish = source.publish

        def both(channel: str, payload: bytes) -> None:
            publish(channel, payload)
            target._subscribers.deliver(channel, payload)

        source.publish = both  # type: ignore[method-assign]


async def test_nodes_hold_one_limit_together() -> None:
    wire = Wire()
    here, there = Limits(wire.a), Limits(wire.b)
    await here.open()
    await there.open()

    let_in = 0
    started = time.monotonic()
    while time.monotonic() - started < 0.7:
        for node in (here, there):
            let_in += node.take_now("key", rate=100, burst=100) is None
        await asyncio.sleep(0.005)

    assert 100 <= let_in <= 110
    await here.close()
    await there.close()


async def test_a_node_alone_on_a_bus_counts_its_own_once() -> None:
    limits = Limits(MemoryBus())
    await limits.open()
    answers = []
    for _ in range(100):
        answers.append(limits.take_now("key", rate=100, burst=100))
        await asyncio.sleep(0.001)
    assert answers == [None] * 100
    await limits.close()


@pytest.fixture
async def today() -> AsyncIterator[ManualClock]:
    manual = ManualClock(datetime(2026, 5, 1, 23, 0, tzinfo=UTC))
    with clock.running_on(manual):
        yield manual


@pytest.mark.spec("PLT-031")
async def test_a_daily_quota_refuses_until_the_day_ends(
    database: Database, today: ManualClock
) -> None:
    limits = Limits(database=database)
    assert [await limits.daily("key", 3) for _ in range(5)] == [True, True, True, False, False]
    assert await limits.daily("other", 3)

    today.advance(timedelta(hours=1))

    assert await limits.daily("key", 3)


async def test_a_daily_count_survives_a_restart_and_is_one_for_all_nodes(
    database: Database, today: ManualClock
) -> None:
    here, there = Limits(database=database), Limits(database=database)
    for limits in (here, there):
        assert await limits.daily("key", 100)
    await here.close()
    await there.close()

    again = Limits(database=database)
    assert await again.daily("key", 3)
    assert not await again.daily("key", 3)
