"""Rows written in batches beside the requests: none is lost but by a dead node, and few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import JSON, BigInteger, Column, MetaData, String, Table, event, select

from rapport.core.clock import ManualClock, running_on
from rapport.core.database import Database, UtcTime
from rapport.core.database import batches as batches_module
from rapport.core.database.batches import BATCH, BatchWriter
from tests.core.helpers import BOTH, until

pytestmark = pytest.mark.unit

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
NOTES = Table(
    "note",
    MetaData(),
    Column("id", BigInteger, primary_key=True),
    Column("text", String(20), nullable=False),
    Column("facts", JSON),
    Column("created_at", UtcTime),
)


def note(number: int, text: str | None = "a", at: datetime = NOON) -> dict[str, Any]:
    return {"id": number, "text": text, "facts": [{"n": number}], "created_at": at}


def writer(
    database: Database, gather_seconds: float = 0.001, most_waiting: int = 10_000
) -> BatchWriter:
    return BatchWriter(
        database,
        NOTES,
        gather_seconds=gather_seconds,
        most_waiting=most_waiting,
        kept=timedelta(days=7),
        before=lambda moment: NOTES.c.created_at < moment,
    )


@pytest.fixture
async def notes(database: Database) -> AsyncIterator[Database]:
    await make_table(database)
    yield database
    await drop_table(database)


async def make_table(database: Database) -> None:
    async with database.writing() as session:
        await (await session.connection()).run_sync(NOTES.create)


async def drop_table(database: Database) -> None:
    async with database.writing() as session:
        await (await session.connection()).run_sync(NOTES.drop)


@asynccontextmanager
async def writing(database: Database, **settings: Any) -> AsyncIterator[BatchWriter]:
    opened = writer(database, **settings)
    opened.start()
    yield opened
    await opened.close()


async def kept(database: Database) -> list[int]:
    async with database.reading() as session:
        return list((await session.scalars(select(NOTES.c.id).order_by(NOTES.c.id))).all())


async def until_kept(database: Database, numbers: list[int]) -> None:
    async with asyncio.timeout(10):
        while await kept(database) != numbers:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


@BOTH
async def test_what_is_known_together_is_written_together_as_it_is(notes: Database) -> None:
    commits = 0

    def count(_connection: Any) -> None:
        nonlocal commits
        commits += 1

    event.listen(notes._write_engine.sync_engine, "commit", count)
    async with writing(notes, gather_seconds=0.05) as batches:
        for number in range(BATCH + 1):
            batches.add(note(number))
        await until_kept(notes, list(range(BATCH + 1)))

    # Full batches, and what is left over.
    assert commits == 2
    async with notes.reading() as session:
        assert (await session.execute(select(NOTES).where(NOTES.c.id == 7))).one() == (
            7,
            "a",
            [{"n": 7}],
            NOON,
        )


@BOTH
async def test_what_waits_is_written_when_the_node_ends(notes: Database) -> None:
    async with asyncio.timeout(10), writing(notes, gather_seconds=3600) as batches:
        batches.add(note(1))
        await asyncio.sleep(0)
        batches.add(note(2))

    assert await kept(notes) == [1, 2]


async def test_a_batch_on_its_way_is_not_interrupted(notes: Database) -> None:
    async with writing(notes, gather_seconds=0) as batches:
        async with notes.gate():
            batches.add(note(1))
            # It has left those that wait, and stands before the gate.
            await until(lambda: not batches._waiting)
            ending = asyncio.create_task(batches.close())
            batches.add(note(2))
        await ending
        assert await kept(notes) == [1, 2]


async def test_a_writer_that_never_began_still_writes_at_its_end(notes: Database) -> None:
    batches = writer(notes)
    batches.add(note(1))
    await batches.close()

    assert await kept(notes) == [1]


@BOTH
async def test_while_the_database_fails_the_batch_is_kept_and_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches_module, "RETRY_SECONDS", 0.001)
    tries = 0

    def count(_context: Any) -> None:
        nonlocal tries
        tries += 1

    event.listen(database._write_engine.sync_engine, "handle_error", count)
    async with writing(database) as batches:
        for number in range(3):
            batches.add(note(number))
        await until(lambda: tries >= 2)
        batches.add(note(3))
        await make_table(database)
        await until_kept(database, [0, 1, 2, 3])
    await drop_table(database)


async def test_while_the_database_fails_only_the_newest_wait(database: Database) -> None:
    batches = writer(database, most_waiting=5)
    for number in range(4):
        batches.add(note(number))
    # Tries once, in vain.
    await batches.close()
    for number in range(4, 8):
        batches.add(note(number))
    await make_table(database)
    await batches.close()

    assert await kept(database) == [3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("database_url", "text"),
    [
        ("sqlite", None),
        pytest.param("postgres", None, marks=pytest.mark.cluster),
        pytest.param("postgres", "longer than the column", marks=pytest.mark.cluster),
    ],
    indirect=["database_url"],
)
async def test_a_row_that_can_never_be_written_keeps_no_other_waiting(
    notes: Database, text: str | None
) -> None:
    async with writing(notes) as batches:
        for row in (note(1), note(2, text), note(3)):
            batches.add(row)
        await until_kept(notes, [1, 3])
        batches.add(note(4))
        await until_kept(notes, [1, 3, 4])


@BOTH
async def test_a_row_written_again_is_there_once_and_as_it_was_written_last(
    notes: Database,
) -> None:
    for text in ("before", "after"):
        async with writing(notes) as batches:
            batches.add(note(1, text))

    async with notes.reading() as session:
        assert (await session.scalars(select(NOTES.c.text))).all() == ["after"]


@BOTH
async def test_what_was_kept_long_enough_is_deleted_though_nothing_is_written(
    notes: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with writing(notes) as batches:
        batches.add(note(1))
        batches.add(note(2, at=NOON + timedelta(days=2)))
    monkeypatch.setattr(batches_module, "SWEEPING_SECONDS", 0.001)

    with running_on(ManualClock(NOON + timedelta(days=8))):
        async with writing(notes):
            await until_kept(notes, [2])
