"""Timers: fired once when due, by the clock, in one transaction with what they do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from rapport.core import clock
from rapport.core.clock import ManualClock
from rapport.core.database import Database, WriteSession
from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.telemetry.metrics import Metrics
from rapport.core.timers import Timer, TimerRow, Timers, cancel, schedule
from tests.core.helpers import BOTH

pytestmark = pytest.mark.unit

SCOPE = Scope(CompanyId("company"), Environment.PRODUCTION)
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
async def time() -> AsyncIterator[ManualClock]:
    manual = ManualClock(NOON)
    with clock.running_on(manual):
        yield manual


class Fired:
    """A handler that remembers what it was called with, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.timers: list[Timer] = []
        self.failures = failures

    async def __call__(self, timer: Timer, session: WriteSession) -> None:
        if self.failures:
            self.failures -= 1
            raise ValueError
        self.timers.append(timer)

    @property
    def keys(self) -> list[str]:
        return [timer.key for timer in self.timers]


async def set_timer(database: Database, key: str, seconds: float, **payload: int) -> None:
    async with database.writing() as session:
        due_at = clock.now() + timedelta(seconds=seconds)
        await schedule(session, "wrap_up", key, SCOPE, due_at, payload)


@BOTH
async def test_timers_fire_when_due_in_order_and_once(
    database: Database, time: ManualClock
) -> None:
    fired = Fired()
    timers = Timers(database, {"wrap_up": fired})
    await set_timer(database, "later", 20, number=2)
    await set_timer(database, "sooner", 10, number=1)

    assert await timers.run_due() == 0
    time.advance(timedelta(seconds=30))
    assert await timers.run_due() == 2
    assert await timers.run_due() == 0

    soon = Timer("wrap_up", "sooner", SCOPE, NOON + timedelta(seconds=10), {"number": 1})
    assert fired.timers[0] == soon
    assert fired.keys == ["sooner", "later"]


@BOTH
async def test_a_timer_set_again_moves_and_a_cancelled_one_never_fires(
    database: Database, time: ManualClock
) -> None:
    fired = Fired()
    timers = Timers(database, {"wrap_up": fired})
    await set_timer(database, "moved", 10)
    await set_timer(database, "moved", 60)
    await set_timer(database, "cancelled", 10)
    async with database.writing() as session:
        await cancel(session, "wrap_up", "cancelled")
        await cancel(session, "wrap_up", "never set")

    time.advance(timedelta(seconds=30))
    assert await timers.run_due() == 0
    time.advance(timedelta(seconds=30))
    assert await timers.run_due() == 1
    assert fired.keys == ["moved"]


async def test_a_timer_of_a_transaction_that_fails_was_never_set(
    database: Database, time: ManualClock
) -> None:
    async def fail() -> None:
        async with database.writing() as session:
            await schedule(session, "wrap_up", "a", SCOPE, clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await Timers(database, {"wrap_up": Fired()}).run_due() == 0


@BOTH
async def test_a_failing_timer_changes_nothing_and_comes_again_later(
    database: Database, time: ManualClock
) -> None:
    fired = Fired(failures=2)
    metrics = Metrics()
    timers = Timers(database, {"wrap_up": fired}, metrics)
    await set_timer(database, "a", 0)
    await set_timer(database, "b", 0)
    fired.failures = 1

    assert await timers.run_due() == 1  # the other one does not wait for it
    assert await timers.run_due() == 0
    time.advance(timedelta(seconds=1))
    assert await timers.run_due() == 1
    assert sorted(fired.keys) == ["a", "b"]
    assert b'timers_failed_total{kind="wrap_up"} 1.0' in metrics.render()


async def test_a_handler_may_set_its_timer_again(database: Database, time: ManualClock) -> None:
    fired = Fired()

    async def repeat(timer: Timer, session: WriteSession) -> None:
        await fired(timer, session)
        await schedule(
            session, timer.kind, timer.key, timer.scope, clock.now() + timedelta(minutes=1)
        )

    timers = Timers(database, {"wrap_up": repeat})
    await set_timer(database, "a", 0)
    for _ in range(3):
        assert await timers.run_due() == 1
        time.advance(timedelta(minutes=1))

    assert fired.keys == ["a", "a", "a"]


async def test_timers_of_a_kind_this_node_does_not_know_are_left_to_others(
    database: Database, time: ManualClock
) -> None:
    await set_timer(database, "a", 0)

    assert await Timers(database, {"of_an_old_version": Fired()}).run_due() == 0
    async with database.reading() as session:
        assert (await session.scalars(select(TimerRow.key))).all() == ["a"]


@BOTH
async def test_many_nodes_fire_each_timer_once(database: Database, time: ManualClock) -> None:
    fired = Fired()
    nodes = [Timers(database, {"wrap_up": fired}) for _ in range(4)]
    for number in range(40):
        await set_timer(database, str(number), 0)

    await asyncio.gather(*(node.run_due() for node in nodes))

    assert sorted(fired.keys, key=int) == [str(number) for number in range(40)]


async def test_started_timers_fire_by_themselves(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.core.timers.timers.POLL_SECONDS", 0.02)
    done = asyncio.Event()

    async def fire(_timer: Timer, _session: WriteSession) -> None:
        done.set()

    timers = Timers(database, {"wrap_up": fire})
    await timers.start()
    await set_timer(database, "a", 0.05)
    async with asyncio.timeout(5):
        await done.wait()
    await timers.close()
    await timers.close()
