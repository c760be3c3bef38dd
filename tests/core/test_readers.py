"""Readers: each event applied once, in order, through failures, restarts and changes of node."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import cast

import pytest
from sqlalchemy import String, Table, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column
from structlog.testing import capture_logs

from rapport.core.database import Base, Database, WriteSession
from rapport.core.database.bulk import Change, Upsert
from rapport.core.errors import Unavailable
from rapport.core.identity import SYSTEM, Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.log import Append, Event, Log, Recorded, Stream, event_type
from rapport.core.log.tail import Tail
from rapport.core.readers import BatchReader, Reader, ReaderFailure, Readers
from rapport.core.telemetry.metrics import Metrics
from tests.core.helpers import BOTH, open_log, until

pytestmark = pytest.mark.unit

SCOPE = Scope(CompanyId("company"), Environment.SANDBOX)


@event_type("test.counted")
class Counted(Event, frozen=True):
    number: int


@event_type("test.ignored")
class Ignored(Event, frozen=True):
    number: int


class Seen(Base):
    """What a test's reader has applied."""

    __tablename__ = "test_seen"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    reader: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]


class Sum(Base):
    """What a test's batch reader has added up."""

    __tablename__ = "test_sum"

    reader: Mapped[str] = mapped_column(String(32), primary_key=True)
    total: Mapped[int]


Apply = Callable[[Recorded, WriteSession], Awaitable[None]]


def noting(name: str) -> Apply:
    async def apply(recorded: Recorded, session: WriteSession) -> None:
        session.add(Seen(reader=name, number=recorded.decode(Counted).number))

    return apply


def summing(name: str) -> BatchReader:
    """Return a reader that adds up numbers, in a row that only it writes."""

    def changes(session: Session, events: Sequence[Recorded]) -> Sequence[Change]:
        before = session.scalar(select(Sum.total).where(Sum.reader == name)) or 0
        total = before + sum(recorded.decode(Counted).number for recorded in events)
        return [Upsert(cast("Table", Sum.__table__), ("reader", "total"), [(name, total)])]

    return BatchReader(name, [Counted], changes)


def let_all_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    async def leads(_self: object, _name: str) -> bool:
        return True

    for name in ("_Alone", "_Locks"):
        monkeypatch.setattr(f"rapport.core.readers.leadership.{name}.leads", leads)


@pytest.fixture
async def log(database: Database) -> AsyncIterator[Log]:
    log = await open_log(database)
    yield log
    await log.close()


async def count_to(log: Log, numbers: range, stream: str = "s") -> None:
    appends = (
        Append(Stream("test", stream, SCOPE), (Counted(number), Ignored(number)), SYSTEM)
        for number in numbers
    )
    await asyncio.gather(*(log.submit(append) for append in appends))


@asynccontextmanager
async def running(readers: Readers) -> AsyncIterator[Readers]:
    await readers.start()
    try:
        yield readers
    finally:
        await readers.close()


async def seen(database: Database, name: str) -> list[int]:
    async with database.reading() as session:
        found = select(Seen.number).where(Seen.reader == name).order_by(Seen.id)
        return list(await session.scalars(found))


@BOTH
async def test_a_reader_applies_what_was_and_what_comes_in_order(
    database: Database, log: Log
) -> None:
    await count_to(log, range(450))
    both = [Reader(name, [Counted], noting(name)) for name in ("one", "two")]
    async with running(Readers(database, Tail(database), log, both)) as readers:
        await readers.drain()
        await count_to(log, range(450, 500))
        await readers.drain()

    assert await seen(database, "one") == list(range(500))
    assert await seen(database, "two") == list(range(500))


@BOTH
async def test_a_restarted_reader_continues_where_it_was(database: Database, log: Log) -> None:
    reader = Reader("one", [Counted], noting("one"))
    for first in (0, 10, 20):
        await count_to(log, range(first, first + 10))
        async with running(Readers(database, Tail(database), log, [reader])) as readers:
            await readers.drain()

    assert await seen(database, "one") == list(range(30))


async def test_a_reader_from_now_leaves_the_past_alone(database: Database, log: Log) -> None:
    await count_to(log, range(5))
    reader = Reader("one", [Counted], noting("one"), from_now=True)
    async with running(Readers(database, Tail(database), log, [reader])) as readers:
        await readers.drain()
        await count_to(log, range(5, 8))
        await readers.drain()

    assert await seen(database, "one") == [5, 6, 7]


async def test_an_event_without_a_nudge_is_read_all_the_same(
    database: Database, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.core.readers.readers.POLL_SECONDS", 0.05)
    readers = Readers(database, Tail(database), log, [Reader("one", [Counted], noting("one"))])
    log._listeners.clear()
    async with running(readers):
        await readers.drain()
        await count_to(log, range(3))
        async with asyncio.timeout(5):
            while await seen(database, "one") != [0, 1, 2]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@BOTH
async def test_an_event_that_cannot_be_applied_is_set_aside_and_the_others_are_not(
    database: Database, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.core.readers.readers.PAUSES_SECONDS", (0.01,) * 4)
    tries = 0

    async def apply(recorded: Recorded, session: WriteSession) -> None:
        nonlocal tries
        await noting("one")(recorded, session)
        if recorded.decode(Counted).number == 7:
            tries += 1
            raise ValueError("what somebody wrote")

    metrics = Metrics()
    readers = Readers(
        database, Tail(database), log, [Reader("one", [Counted], apply)], metrics=metrics
    )
    await count_to(log, range(20))
    async with running(readers):
        await readers.drain()

    assert await seen(database, "one") == [number for number in range(20) if number != 7]
    assert tries == 6  # once in its batch, then alone: at first and after each of four pauses
    async with database.reading() as session:
        failure = (await session.scalars(select(ReaderFailure))).one()
    assert (failure.reader, failure.type, failure.error) == ("one", "test.counted", "ValueError")
    assert b'reader_failures_total{reader="one"} 1.0' in metrics.render()


async def test_an_event_that_fails_for_a_while_is_applied_once(
    database: Database, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.core.readers.readers.PAUSES_SECONDS", (0.01,) * 4)
    faults = [ValueError(), ValueError(), ValueError()]

    async def apply(recorded: Recorded, session: WriteSession) -> None:
        await noting("one")(recorded, session)
        if faults and recorded.decode(Counted).number == 2:
            raise faults.pop()

    await count_to(log, range(5))
    readers = Readers(database, Tail(database), log, [Reader("one", [Counted], apply)])
    async with running(readers):
        await readers.drain()

    assert await seen(database, "one") == [0, 1, 2, 3, 4]


async def test_while_a_dependency_is_away_nothing_is_set_aside(
    database: Database, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.core.readers.readers.PAUSES_SECONDS", (0.001,) * 4)
    left = 30

    async def apply(recorded: Recorded, session: WriteSession) -> None:
        nonlocal left
        if left:
            left -= 1
            raise Unavailable(what="something")
        await noting("one")(recorded, session)

    await count_to(log, range(5))
    readers = Readers(database, Tail(database), log, [Reader("one", [Counted], apply)])
    async with running(readers):
        await readers.drain()

    assert await seen(database, "one") == [0, 1, 2, 3, 4]


async def test_a_long_batch_lets_other_writers_in(
    database: Database, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.core.readers.readers.TRANSACTION_SECONDS", 0.0)
    commits = 0
    await count_to(log, range(50))
    readers = Readers(database, Tail(database), log, [Reader("one", [Counted], noting("one"))])
    run = readers._runs[0]
    original = run._commit

    async def counting(*arguments: object) -> int:
        nonlocal commits
        commits += 1
        return await original(*arguments)  # type: ignore[arg-type]

    run._commit = counting  # type: ignore[method-assign, assignment]
    async with running(readers):
        await readers.drain()

    assert await seen(database, "one") == list(range(50))
    assert commits == 50


async def test_events_of_unknown_types_are_passed_over(database: Database, log: Log) -> None:
    await count_to(log, range(2))
    async with database.writing() as session:
        await session.execute(text("UPDATE event SET type = 'test.of_the_future' WHERE id = 1"))
    readers = Readers(database, Tail(database), log, [Reader("one", [Counted], noting("one"))])
    async with running(readers):
        await readers.drain()

    assert await seen(database, "one") == [1]


async def test_closing_twice_and_before_starting_is_allowed(database: Database, log: Log) -> None:
    readers = Readers(database, Tail(database), log, [Reader("one", [Counted], noting("one"))])
    await readers.close()
    await readers.start()
    await readers.close()
    await readers.close()


@pytest.mark.cluster
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_of_two_nodes_one_reads_and_the_other_takes_over_when_it_dies(
    database: Database, database_url: str, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.core.readers.readers.POLL_SECONDS", 0.05)
    by: dict[str, list[int]] = {"here": [], "there": []}

    def noting_by(node: str) -> Apply:
        async def apply(recorded: Recorded, session: WriteSession) -> None:
            by[node].append(recorded.decode(Counted).number)
            await noting("one")(recorded, session)

        return apply

    other = Database(database_url)
    here = Readers(database, Tail(database), log, [Reader("one", [Counted], noting_by("here"))])
    there = Readers(other, Tail(other), log, [Reader("one", [Counted], noting_by("there"))])
    await here.start()
    await here.drain()
    await there.start()
    await count_to(log, range(10))
    await here.drain()
    assert by == {"here": list(range(10)), "there": []}

    # The node dies: its tasks stop where they are and the server sees its connection end.
    for task in here._tasks:
        task.cancel()
    await asyncio.gather(*here._tasks, return_exceptions=True)
    await here._leadership.close()
    await count_to(log, range(10, 20))
    await until(lambda: by["there"] == list(range(10, 20)))
    await there.close()
    await other.close()

    assert await seen(database, "one") == list(range(20))


@BOTH
async def test_a_reader_that_lost_its_place_to_another_node_applies_nothing_twice(
    database: Database, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock only saves work; even two nodes that both believe to hold it apply once."""
    let_all_lead(monkeypatch)
    reader = Reader("one", [Counted], noting("one"))
    nodes = [Readers(database, Tail(database), log, [reader]) for _ in range(3)]
    for node in nodes:
        await node.start()
    for first in range(0, 100, 10):
        await count_to(log, range(first, first + 10))
    for node in nodes:
        await node.drain()
        await node.close()

    assert await seen(database, "one") == list(range(100))


async def total(database: Database, name: str) -> int:
    async with database.reading() as session:
        return await session.scalar(select(Sum.total).where(Sum.reader == name)) or 0


@BOTH
async def test_a_batch_reader_counts_everything_once_through_restarts(
    database: Database, log: Log
) -> None:
    for first in range(0, 300, 100):
        async with running(Readers(database, Tail(database), log, [summing("one")])) as readers:
            await count_to(log, range(first, first + 100))
            await readers.drain()

    assert await total(database, "one") == sum(range(300))


@BOTH
async def test_two_nodes_that_both_read_in_batches_count_nothing_twice(
    database: Database, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_all_lead(monkeypatch)
    nodes = [Readers(database, Tail(database), log, [summing("one")]) for _ in range(3)]
    for node in nodes:
        await node.start()
    for first in range(0, 100, 10):
        await count_to(log, range(first, first + 10))
    for node in nodes:
        await node.drain()
        await node.close()

    assert await total(database, "one") == sum(range(100))


async def test_of_a_batch_the_event_that_cannot_be_applied_is_set_aside_alone(
    database: Database, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.core.readers.readers.PAUSES_SECONDS", (0.0,))
    adding = summing("one")

    def changes(session: Session, events: Sequence[Recorded]) -> Sequence[Change]:
        if any(recorded.decode(Counted).number == 7 for recorded in events):
            raise ValueError
        return adding.changes(session, events)

    reader = BatchReader("one", [Counted], changes)
    async with running(Readers(database, Tail(database), log, [reader])) as readers:
        await count_to(log, range(20))
        await readers.drain()

    assert await total(database, "one") == sum(range(20)) - 7
    async with database.reading() as session:
        failures = list(await session.scalars(select(ReaderFailure)))
    assert [failure.error for failure in failures] == ["ValueError"]


async def test_while_an_embedded_database_is_kept_by_another_no_batch_is_set_aside(
    database: Database, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.core.readers.readers.PAUSES_SECONDS", (0.01,))
    async with running(Readers(database, Tail(database), log, [summing("one")])) as readers:
        await readers.drain()
        await count_to(log, range(20))
        await database.at_once(lambda each: each.execute("PRAGMA busy_timeout = 1") and None)
        other = sqlite3.connect(database.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with capture_logs() as told:
            draining = asyncio.create_task(readers.drain())
            await until(lambda: sum(e["event"] == "reader_interrupted" for e in told) > 2)
        other.execute("ROLLBACK")
        other.close()
        await draining

    assert await total(database, "one") == sum(range(20))
    async with database.reading() as session:
        assert list(await session.scalars(select(ReaderFailure))) == []
