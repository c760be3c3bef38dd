"""What the readers of one node share of the log: when it is asked, and when it need not be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from rapport.core.database import Database
from rapport.core.identity import SYSTEM
from rapport.core.log import Log, Recorded
from rapport.core.log.events import START, Position
from rapport.core.log.feed import Feed
from rapport.core.log.sqlite import SqliteStore
from rapport.core.log.tail import Tail
from rapport.core.telemetry.metrics import Metrics
from tests.core.helpers import open_log, until
from tests.core.saying import Said, say, stream, words

pytestmark = pytest.mark.unit


class CountedTail(Tail):
    """A tail that tells how often it was asked, and holds its answers back when it is told to."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.asked = 0
        self.answers = asyncio.Event()
        self.answers.set()

    async def after(self, position: Position, limit: int = 500) -> Sequence[Recorded]:
        found = await super().after(position, limit)
        self.asked += 1
        await self.answers.wait()
        return found


@pytest.fixture(autouse=True)
def end_stays_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on how fast it is; the one about time says so."""
    monkeypatch.setattr("rapport.core.log.feed.END_SECONDS", 3600.0)


@pytest.fixture
def tail(database: Database) -> CountedTail:
    return CountedTail(database)


@pytest.fixture
def feed(tail: CountedTail) -> Feed:
    """The feed of a process that alone serves its log."""
    return Feed(tail, is_alone=True)


@pytest.fixture
async def log(database: Database, feed: Feed) -> AsyncIterator[Log]:
    """The log of the same process: it hands over what it has written."""
    log = Log(database, [SqliteStore(database, feed.take)], Metrics())
    await log.open()
    log.on_session_commit(feed.news)
    yield log
    await log.close()


async def read_to_end(feed: Feed) -> Position:
    position = START
    while found := await feed.after(position):
        position = found[-1].position
    return position


async def test_an_end_that_was_found_is_not_looked_for_again(
    log: Log, feed: Feed, tail: CountedTail
) -> None:
    await log.submit(say("a"))
    end = await read_to_end(feed)
    asked = tail.asked

    assert [await feed.after(end) for _ in range(3)] == [(), (), ()]
    assert tail.asked == asked


async def test_what_this_process_has_written_is_not_asked_for(
    log: Log, feed: Feed, tail: CountedTail
) -> None:
    await log.submit(say("a"))
    end = await read_to_end(feed)
    asked = tail.asked

    await log.submit(say("b", "c"))
    await log.submit(say("d"))
    found = await feed.after(end)

    assert words(found) == ["b", "c", "d"]
    # And the last of it is the end.
    assert await feed.after(found[-1].position) == ()
    assert tail.asked == asked


async def test_a_known_end_is_looked_for_again_in_time(
    database: Database, log: Log, feed: Feed, tail: CountedTail, monkeypatch: pytest.MonkeyPatch
) -> None:
    await log.submit(say("a"))
    end = await read_to_end(feed)
    beside = await open_log(database)
    await beside.submit(say("b"))
    await beside.close()
    assert await feed.after(end) == ()

    monkeypatch.setattr("rapport.core.log.feed.END_SECONDS", 0.0)

    assert words(await feed.after(end)) == ["b"]


async def test_what_another_process_wrote_before_is_not_skipped(
    database: Database, log: Log, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    await log.submit(say("a"))
    end = await read_to_end(feed)
    beside = await open_log(database)
    await beside.submit(say("b"))
    await beside.close()
    await log.submit(say("c"))
    monkeypatch.setattr("rapport.core.log.feed.END_SECONDS", 0.0)

    assert words(await feed.after(end)) == ["b", "c"]


async def test_a_sessions_commit_is_news(
    database: Database, log: Log, feed: Feed, tail: CountedTail
) -> None:
    end = await read_to_end(feed)
    async with database.writing() as session:
        await log.append(session, stream(), Said("a"), actor=SYSTEM)

    assert words(await feed.after(end)) == ["a"]


async def test_a_nudge_says_nothing_new_to_who_writes_alone(
    log: Log, feed: Feed, tail: CountedTail
) -> None:
    await log.submit(say("a"))
    end = await read_to_end(feed)
    asked = tail.asked

    feed.nudged()

    assert await feed.after(end) == ()
    assert tail.asked == asked


async def test_among_other_nodes_no_end_is_known(database: Database, tail: CountedTail) -> None:
    feed = Feed(tail)
    log = await open_log(database)
    await log.submit(say("a"))
    end = await read_to_end(feed)
    asked = tail.asked

    assert await feed.after(end) == []
    await log.submit(say("b"))
    assert words(await feed.after(end)) == ["b"]
    assert tail.asked == asked + 2
    await log.close()


async def test_who_asks_together_asks_once(log: Log, feed: Feed, tail: CountedTail) -> None:
    await log.submit(say("a"))
    feed = Feed(tail)

    found = await asyncio.gather(*(feed.after(START) for _ in range(5)))

    assert [words(each) for each in found] == [["a"]] * 5
    assert tail.asked == 1


@pytest.mark.parametrize("is_alone", [True, False])
async def test_a_question_from_before_the_news_is_not_shared(
    database: Database, tail: CountedTail, is_alone: bool
) -> None:
    feed = Feed(tail, is_alone=is_alone)
    log = await open_log(database)
    tail.answers.clear()
    before = asyncio.create_task(feed.after(START))
    await until(lambda: tail.asked == 1)
    await log.submit(say("a"))
    feed.news()
    after = asyncio.create_task(feed.after(START))
    await until(lambda: tail.asked == 2)
    tail.answers.set()

    assert not await before
    assert words(await after) == ["a"]
    await log.close()


async def test_an_answer_from_before_the_news_is_not_taken_for_the_end(
    database: Database, log: Log, feed: Feed, tail: CountedTail
) -> None:
    tail.answers.clear()
    before = asyncio.create_task(feed.after(START))
    await until(lambda: tail.asked == 1)
    async with database.writing() as session:
        await log.append(session, stream(), Said("a"), actor=SYSTEM)
    tail.answers.set()

    assert not await before
    assert words(await feed.after(START)) == ["a"]


async def test_an_older_answer_does_not_hide_what_was_written_meanwhile(
    log: Log, feed: Feed, tail: CountedTail
) -> None:
    await log.submit(say("a"))
    position = (await feed.after(START))[-1].position
    tail.answers.clear()
    asking = asyncio.create_task(feed.after(position))
    await until(lambda: tail.asked == 2)
    await log.submit(say("b"))
    tail.answers.set()

    assert not await asking
    assert words(await feed.after(position)) == ["b"]


async def test_what_lies_far_back_is_fetched_again(
    log: Log, feed: Feed, tail: CountedTail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.core.log.feed.KEPT", 2)
    await log.submit(say("a"))
    first = await read_to_end(feed)
    for word in "bcd":
        await log.submit(say(word))
    asked = tail.asked

    # Of what was handed over only the newest two are kept.
    assert words(await feed.after(first)) == ["b", "c", "d"]
    assert tail.asked == asked + 1
