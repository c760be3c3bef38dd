"""Reading at once: one snapshot, beside the event loop on an embedded database."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import String, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from rapport.core.database import Base, Database
from tests.core.helpers import BOTH

pytestmark = pytest.mark.unit


class Leaf(Base):
    """What a test reads."""

    __tablename__ = "test_leaf"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)


async def grow(database: Database, name: str) -> None:
    async with database.writing() as session:
        await session.execute(insert(Leaf).values(name=name))


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Leaf)) or 0


@BOTH
async def test_what_was_read_outlives_the_reading(database: Database) -> None:
    await grow(database, "one")

    leaves = await database.read(lambda session: session.scalars(select(Leaf)).all())

    assert [leaf.name for leaf in leaves] == ["one"]


@BOTH
async def test_a_failed_reading_leaves_nothing_open(database: Database) -> None:
    for _ in range(20):
        with pytest.raises(SQLAlchemyError):
            await database.read(lambda session: session.execute(text("SELECT nonsense")))

    await grow(database, "one")

    assert await database.read(count) == 1


async def test_what_is_written_meanwhile_is_not_seen(database: Database) -> None:
    loop = asyncio.get_running_loop()
    await grow(database, "one")

    def counts(session: Session) -> tuple[int, int]:
        before = count(session)
        asyncio.run_coroutine_threadsafe(grow(database, "two"), loop).result(10)
        return before, count(session)

    assert await database.read(counts) == (1, 1)
    assert await database.read(count) == 2


async def test_reading_much_does_not_hold_up_the_event_loop(database: Database) -> None:
    await grow(database, "one")
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000000)"
    reading = asyncio.create_task(
        database.read(lambda session: session.scalar(text(f"{numbers} SELECT sum(i) FROM n")))
    )
    turns = 0
    while not reading.done():
        await asyncio.sleep(0.01)
        turns += 1

    assert turns > 3
    assert await reading == 2_000_001_000_000
