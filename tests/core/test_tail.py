"""Reading the log: whatever commits when, every reading is whole, in order, and without repetition."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from rapport.core.database import Database
from rapport.core.identity import SYSTEM
from rapport.core.log import Append, Log, Recorded
from rapport.core.log.events import START, Position
from rapport.core.log.tail import Tail
from tests.core.helpers import BOTH, POSTGRES, open_log
from tests.core.saying import OTHER, SCOPE, Said, everything, say, stream, words

pytestmark = pytest.mark.unit


@pytest.fixture
async def log(database: Database) -> AsyncIterator[Log]:
    log = await open_log(database)
    yield log
    await log.close()


@pytest.fixture
def tail(database: Database) -> Tail:
    return Tail(database)


@BOTH
async def test_a_stream_is_read_from_where_and_as_far_as_asked(log: Log, tail: Tail) -> None:
    await log.submit(say(*"abcdef"))
    await log.submit(say("x", to="other"))

    assert words(await tail.stream(stream(), 0, 2)) == ["a", "b"]
    assert words(await tail.stream(stream(), 2, 2)) == ["c", "d"]
    assert words(await tail.stream(stream(), 4)) == ["e", "f"]
    assert words(await tail.stream(stream(), 6)) == []
    assert words(await tail.stream(stream(scope=OTHER), 0)) == []


@pytest.mark.cluster
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_the_tail_never_skips_what_commits_late(
    database: Database, log: Log, tail: Tail
) -> None:
    await log.submit(say("before"))
    async with database.writing() as slow:
        await log.append(slow, stream("slow"), Said("slow"), actor=SYSTEM)
        # Drawn after the slow one's, committed before it.
        await log.submit(say("quick"))
        position = (await everything(tail))[-1].position
        async with database.reading() as session:
            current = await tail.current(session)
        assert words(await everything(tail)) == ["before"]
        assert words(await everything(tail, after=position)) == []
        assert words(await everything(tail, after=current)) == []
        await log.submit(say("quick too"))

    late = await everything(tail, after=position)
    assert words(late) == ["slow", "quick", "quick too"]
    assert words(await everything(tail, after=current)) == words(late)
    assert words(await everything(tail, limit=1)) == ["before", *words(late)]


@pytest.mark.cluster
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_the_tail_moves_on_when_a_slow_writer_rolls_back(
    database: Database, log: Log, tail: Tail
) -> None:
    async def fail_slowly() -> None:
        async with database.writing() as slow:
            await log.append(slow, stream("slow"), Said("never"), actor=SYSTEM)
            await log.submit(say("quick"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_slowly()

    assert words(await everything(tail)) == ["quick"]


@pytest.mark.cluster
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_long_transaction_of_another_database_holds_nobody_back(
    database: Database, log: Log, tail: Tail
) -> None:
    elsewhere = await asyncpg.connect(POSTGRES)
    async with elsewhere.transaction():
        await elsewhere.execute("SELECT pg_current_xact_id()")
        await log.submit(say("at once"))
        async with database.reading() as session:
            current = await tail.current(session)
        assert words(await everything(tail)) == ["at once"]
        assert words(await everything(tail, after=current)) == []
    await elsewhere.close()


@pytest.mark.cluster
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_snapshot_does_not_cover_what_commits_after_it_was_taken(
    database: Database, log: Log, tail: Tail
) -> None:
    await log.submit(say("before"))
    async with database.reading() as session:
        async with database.writing() as slow:
            await log.append(slow, stream("slow"), Said("slow"), actor=SYSTEM)
            await session.execute(text("SELECT 1"))  # takes the snapshot
        await log.submit(say("after"))
        current = await tail.current(session)

    assert words(await everything(tail, after=current)) == ["slow", "after"]


@BOTH
async def test_readers_while_writers_write_see_everything_once_and_streams_in_order(
    database: Database, log: Log, tail: Tail
) -> None:
    async def by_session(number: int) -> None:
        async with database.writing() as session:
            await log.append(session, stream(f"s{number % 3}"), Said(f"x{number}"), actor=SYSTEM)
            await asyncio.sleep(0.001 * (number % 5))

    async def write() -> None:
        for start in range(0, 200, 20):
            await asyncio.gather(
                *(log.submit(say(f"w{n}", to=f"s{n % 3}")) for n in range(start, start + 20)),
                *(by_session(n) for n in range(start, start + 4)),
            )

    async def read(limit: int) -> list[Recorded]:
        found: list[Recorded] = []
        while len(found) < 240:
            batch = await tail.after(found[-1].position if found else START, limit)
            found += batch
            await asyncio.sleep(0 if batch else 0.002)
        return found

    async with asyncio.timeout(60):
        _, *readings = await asyncio.gather(write(), read(1), read(7), read(500))

    for found in readings:
        assert len({(one.stream_id, one.seq) for one in found}) == len(found) == 240
        for name in ("s0", "s1", "s2"):
            seqs = [one.seq for one in found if one.stream_id == name]
            assert seqs == list(range(1, len(seqs) + 1))


@BOTH
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(limits=st.lists(st.integers(min_value=1, max_value=9), min_size=1, max_size=12))
async def test_any_cut_and_reconnection_yields_the_same_list(
    database: Database, log: Log, tail: Tail, limits: list[int]
) -> None:
    if not await tail.after(START, 1):
        for start in range(0, 60, 6):
            batch = (log.submit(say(str(n), to=f"s{n % 4}")) for n in range(start, start + 6))
            await asyncio.gather(*batch)
            async with database.writing() as session:
                await log.append(session, stream(), Said(f"by session {start}"), actor=SYSTEM)
    whole = await everything(tail)

    cut: list[Recorded] = []
    cursor = START.cursor()
    turn = 0
    while found := await tail.after(Position.of(cursor), limits[turn % len(limits)]):
        cut += found
        cursor = found[-1].position.cursor()
        turn += 1

    assert [(one.stream_id, one.seq) for one in cut] == [(one.stream_id, one.seq) for one in whole]


@BOTH
async def test_what_lies_between_two_positions_is_one_scopes_events_once(
    log: Log, tail: Tail
) -> None:
    for number in range(12):
        scope = SCOPE if number % 3 else OTHER
        await log.submit(Append(stream(str(number), scope), (Said(str(number)),), SYSTEM))
    whole = await everything(tail)
    ours = [one for one in whole if one.scope == SCOPE]

    for first in range(0, 12, 2):
        for last in range(first, 12, 3):
            after, up_to = whole[first].position, whole[last].position
            between = await tail.between(after, up_to, SCOPE, 0)
            expected = [
                one.stream_id
                for one in ours
                if up_to.covers(one.transaction, one.position.id)
                and not after.covers(one.transaction, one.position.id)
            ]
            assert [one.stream_id for one in between] == expected
