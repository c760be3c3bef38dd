"""The log's contract, on both databases: dense order, nothing skipped, nothing twice, nothing lost."""

from __future__ import annotations

import asyncio
import os
import sys
import textwrap
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import String, UniqueConstraint, event, select
from sqlalchemy.orm import Mapped, mapped_column

from rapport.core.database import Base, Database
from rapport.core.errors import Unavailable
from rapport.core.identity import SYSTEM
from rapport.core.log import Log, Recorded, Row, RowInsert
from rapport.core.log.postgres import PostgresStore
from rapport.core.log.tail import Tail
from tests.core.helpers import BOTH, open_log, until
from tests.core.saying import Said, everything, say, stream, words

pytestmark = pytest.mark.unit


class Note(Base):
    """A table that appends fill, with a rule that a bad append breaks."""

    __tablename__ = "test_note"
    __table_args__ = (UniqueConstraint("word"),)

    seq: Mapped[int] = mapped_column()
    word: Mapped[str] = mapped_column(String(32), primary_key=True)


NOTES = RowInsert(Note.__table__, "word")  # type: ignore[arg-type]


@pytest.fixture
async def log(database: Database) -> AsyncIterator[Log]:
    log = await open_log(database)
    yield log
    await log.close()


@pytest.fixture
def tail(database: Database) -> Tail:
    return Tail(database)


@BOTH
async def test_order_in_a_stream_is_dense_whoever_writes(
    database: Database, log: Log, tail: Tail
) -> None:
    async def by_session(word: str) -> None:
        async with database.writing() as session:
            await log.append(session, stream(), Said(word), actor=SYSTEM)

    async def by_writer(word: str) -> None:
        await log.submit(say(word))

    writers = (by_session, by_writer)
    await asyncio.gather(*(writers[number % 2](str(number)) for number in range(40)))

    recorded = await tail.stream(stream(), 0)
    assert [one.seq for one in recorded] == list(range(1, 41))
    assert sorted(words(recorded), key=int) == [str(number) for number in range(40)]
    assert [one.seq for one in await everything(tail)] == list(range(1, 41))


@BOTH
async def test_streams_are_numbered_apart_and_an_append_stays_together(
    log: Log, tail: Tail
) -> None:
    names = [f"s{number}" for number in range(10)]
    for _ in range(3):
        appended = await asyncio.gather(*(log.submit(say("a", "b", to=name)) for name in names))
    assert {one.seq for one in appended} == {5}

    for name in names:
        recorded = await tail.stream(stream(name), 0)
        assert [(one.seq, word) for one, word in zip(recorded, words(recorded), strict=True)] == [
            (1, "a"), (2, "b"), (3, "a"), (4, "b"), (5, "a"), (6, "b"),
        ]  # fmt: skip


@BOTH
async def test_an_append_with_a_known_key_stores_nothing_and_gets_the_first_answer(
    database: Database, log: Log, tail: Tail
) -> None:
    asked = [
        say(f"try {number}", key="k", answer=f"answer {number}", rows=[Row(NOTES, (f"n{number}",))])
        for number in range(20)
    ]
    together = await asyncio.gather(*(log.submit(append) for append in asked))
    later = await log.submit(asked[7])
    elsewhere = await log.submit(say("elsewhere", to="another", key="k", answer="its own"))

    assert [one.repeated for one in together].count(False) == 1
    assert {(one.seq, one.answer) for one in (*together, later)} == {(1, "answer 0")}
    assert later.repeated
    assert (elsewhere.seq, elsewhere.answer, elsewhere.repeated) == (1, "its own", False)
    assert words(await tail.stream(stream(), 0)) == ["try 0"]
    async with database.reading() as session:
        assert (await session.scalars(select(Note.word))).all() == ["n0"]


@pytest.mark.cluster
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_key_holds_between_nodes_that_are_asked_at_once(
    database: Database, log: Log, tail: Tail
) -> None:
    nodes = [log, *[await open_log(database) for _ in range(3)]]
    appends = [
        node.submit(say(f"{key}", to=f"s{key % 3}", key=f"k{key}", answer=str(key)))
        for key in range(30)
        for node in nodes
    ]
    answers = await asyncio.gather(*appends)

    assert [int(one.answer) for one in answers] == [key for key in range(30) for _ in nodes]
    assert sorted(words(await everything(tail)), key=int) == [str(key) for key in range(30)]
    for node in nodes[1:]:
        await node.close()


@BOTH
async def test_rows_are_written_with_the_append_and_carry_its_seq(
    database: Database, log: Log
) -> None:
    await log.submit(say("one", "two"))
    await log.submit(say("three", rows=[Row(NOTES, ("three",)), Row(NOTES, ("III",))]))

    async with database.reading() as session:
        rows = (await session.execute(select(Note.word, Note.seq))).all()
    assert sorted(map(tuple, rows)) == [("III", 3), ("three", 3)]


@BOTH
async def test_a_bad_append_fails_alone(database: Database, log: Log, tail: Tail) -> None:
    await log.submit(say("first", rows=[Row(NOTES, ("taken",))]))
    appends = [
        say(str(number), rows=[Row(NOTES, ("taken" if number in (5, 77) else f"n{number}",))])
        for number in range(100)
    ]
    answers = await asyncio.gather(
        *(log.submit(append) for append in appends), return_exceptions=True
    )

    failed = [number for number, answer in enumerate(answers) if isinstance(answer, Exception)]
    assert failed == [5, 77]
    good = [str(number) for number in range(100) if number not in failed]
    recorded = await tail.stream(stream(), 1)
    assert words(recorded) == good
    assert [one.seq for one in recorded] == list(range(2, 100))
    async with database.reading() as session:
        assert len((await session.scalars(select(Note.word))).all()) == 99


@BOTH
async def test_a_transaction_that_fails_leaves_no_event_and_no_gap(
    database: Database, log: Log, tail: Tail
) -> None:
    async def fail() -> None:
        async with database.writing() as session:
            await log.append(session, stream(), Said("never"), Said("never"), actor=SYSTEM)
            raise ZeroDivisionError

    await log.submit(say("one"))
    with pytest.raises(ZeroDivisionError):
        await fail()
    await log.submit(say("two"))

    assert [(one.seq, one.decode(Said).word) for one in await everything(tail)] == [
        (1, "one"),
        (2, "two"),
    ]


async def test_a_full_queue_refuses_and_recovers(
    log: Log, tail: Tail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.core.log.log.WAITING", 10)
    answers = await asyncio.gather(
        *(log.submit(say(str(number))) for number in range(25)), return_exceptions=True
    )

    refused = [number for number, answer in enumerate(answers) if isinstance(answer, Unavailable)]
    assert refused == list(range(10, 25))
    await log.submit(say("again"))
    assert words(await everything(tail)) == [*(str(number) for number in range(10)), "again"]


async def test_closing_writes_what_waits_and_refuses_what_comes(
    database: Database, tail: Tail
) -> None:
    log = await open_log(database)
    waiting = [asyncio.ensure_future(log.submit(say(str(number)))) for number in range(50)]
    await asyncio.sleep(0)
    await log.close()

    assert [(await one).seq for one in waiting] == list(range(1, 51))
    with pytest.raises(Unavailable):
        await log.submit(say("late"))
    assert len(await everything(tail)) == 50


@BOTH
async def test_everybody_is_nudged_after_the_commit_and_not_before(
    database: Database, log: Log, tail: Tail
) -> None:
    seen: list[asyncio.Task[list[Recorded]]] = []
    log.on_commit(lambda: seen.append(asyncio.ensure_future(everything(tail))))

    await log.submit(say("by writer"))
    assert words(await seen[-1]) == ["by writer"]
    before = len(seen)
    async with database.writing() as session:
        await log.append(session, stream(), Said("by session"), actor=SYSTEM)
        assert len(seen) == before
    assert words(await seen[-1]) == ["by writer", "by session"]


@pytest.mark.cluster
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_lost_connection_is_told_and_never_writes_twice(
    database: Database, log: Log, tail: Tail, monkeypatch: pytest.MonkeyPatch
) -> None:
    await log.submit(say("before", to="s"))
    write_in = PostgresStore._write_in

    async def lose_the_answer(store: PostgresStore, connection: Any, batch: Any) -> None:
        """Let the server commit, and cut the connection before it says so."""
        await write_in(store, connection, batch)
        await connection.execute("COMMIT")
        connection.terminate()
        raise ConnectionResetError

    monkeypatch.setattr(PostgresStore, "_write_in", lose_the_answer)
    answers = await asyncio.gather(
        *(log.submit(say(str(number))) for number in range(10)), return_exceptions=True
    )
    assert all(isinstance(answer, Unavailable) for answer in answers)
    monkeypatch.undo()

    await log.submit(say("after"))
    found = words(await tail.stream(stream(), 0))
    assert found == ["before", *(str(number) for number in range(10)), "after"]


async def test_only_the_writers_thread_waits_for_the_disk(database: Database, log: Log) -> None:
    """A slow disk delays answers, not the event loop."""
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    @event.listens_for(database._write_engine.sync_engine, "checkout")
    def never(*_arguments: object) -> None:
        raise AssertionError("the hot path does not use sessions")

    ticking = asyncio.create_task(tick())
    for _ in range(20):
        await asyncio.gather(*(log.submit(say("x")) for _ in range(50)))
    ticking.cancel()
    event.remove(database._write_engine.sync_engine, "checkout", never)
    assert ticks >= 20


PROGRAM = """
import asyncio, sys
from rapport.core.database import Database
from rapport.core.identity import SYSTEM, Environment, Scope
from rapport.core.log import Append, Event, Stream, event_type
from tests.core.helpers import open_log

@event_type("test.said")
class Said(Event, frozen=True):
    word: str

async def main() -> None:
    log = await open_log(Database(sys.argv[1]))
    async def write(name: int) -> None:
        stream = Stream("test", f"s{name % 4}", Scope("company", Environment.SANDBOX))
        for number in range(1_000_000):
            word = f"{name}.{number}"
            await log.submit(Append(stream, (Said(word),), SYSTEM))
            print(word, flush=True)
    await asyncio.gather(*(write(name) for name in range(16)))

asyncio.run(main())
"""


@BOTH
async def test_a_killed_process_has_kept_all_it_acknowledged(
    database: Database, database_url: str, tail: Tail
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", textwrap.dedent(PROGRAM), database_url,
        stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": f"src{os.pathsep}."},
    )  # fmt: skip
    assert process.stdout is not None
    acknowledged = [(await process.stdout.readline()).decode().strip() for _ in range(500)]
    process.kill()
    rest = await process.stdout.read()
    await process.wait()
    # The last line may be cut; the ones before it were acknowledged too.
    acknowledged += rest.decode().split("\n")[:-1]

    recorded = await everything(tail)
    async with asyncio.timeout(10):
        # The server may still be ending what the killed process had begun; that is above the horizon.
        while not set(acknowledged) <= set(words(recorded)):
            recorded = await everything(tail)
    kept = words(recorded)
    assert len(acknowledged) >= 500
    assert len(kept) == len(set(kept))
    for name in range(4):
        of_one = [one.seq for one in recorded if one.stream_id == f"s{name}"]
        assert of_one == list(range(1, len(of_one) + 1))


@BOTH
async def test_a_write_session_that_waits_for_the_writer_waits_and_does_not_fail(
    database: Database, log: Log, tail: Tail
) -> None:
    async def by_session(number: int) -> None:
        async with database.writing() as session:
            session.add(Note(seq=number, word=f"n{number}"))
            await log.append(session, stream("cold"), Said(str(number)), actor=SYSTEM)

    finished = 0

    async def hot() -> None:
        nonlocal finished
        while finished < 10:
            await log.submit(say("hot", to="hot"))

    async def cold(number: int) -> None:
        nonlocal finished
        await by_session(number)
        finished += 1

    async with asyncio.timeout(30):
        await asyncio.gather(*(hot() for _ in range(8)), *(cold(number) for number in range(10)))

    await until(lambda: finished == 10)
    assert len(await tail.stream(stream("cold"), 0)) == 10
