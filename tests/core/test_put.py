"""Rows put into a database in one transaction, or none of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from sqlalchemy import JSON, String, Table, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from rapport.core.database import Base, Database
from rapport.core.database.bulk import Condition, Update, Upsert, write
from tests.core.helpers import BOTH

pytestmark = pytest.mark.unit


class Tally(Base):
    """What a test counts."""

    __tablename__ = "test_tally"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    count: Mapped[int]
    note: Mapped[str | None] = mapped_column(String(32))
    parts: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_open: Mapped[bool]
    at: Mapped[datetime]


TABLE = cast("Table", Tally.__table__)
COLUMNS = tuple(column.name for column in TABLE.columns)
WHEN = datetime(2026, 3, 4, 9, 10, 11, 250_000, UTC)
GO = Condition("UPDATE test_tally SET note = :note WHERE name = :name", {"note": "x", "name": "go"})


def tally(name: str, count: int = 1, note: str | None = None) -> tuple[Any, ...]:
    return (name, count, note, {"a": [1, "é"]}, True, WHEN)


async def begin(database: Database, *rows: tuple[Any, ...]) -> None:
    async with database.writing() as session:
        connection = await session.connection()
        await connection.run_sync(write, [Upsert(TABLE, COLUMNS, [tally("go"), *rows])])


async def kept(database: Database) -> dict[str, Tally]:
    async with database.reading() as session:
        return {row.name: row for row in await session.scalars(select(Tally))}


@BOTH
async def test_a_row_that_is_there_is_replaced_or_added_to(database: Database) -> None:
    await begin(database, tally("one", 3, "before"), tally("two", 5, "before"))
    replaced = Upsert(TABLE, COLUMNS, [tally("one", 4, "after"), tally("new", 1)])
    added = Upsert(TABLE, COLUMNS, [tally("two", 4, "after")], summed=frozenset({"count"}))
    renamed = Update(TABLE, ("name", "note"), [("new", "named"), ("missing", "named")])

    assert await database.put(GO, [replaced, added, renamed])

    rows = await kept(database)
    assert {name: (row.count, row.note) for name, row in rows.items()} == {
        "go": (1, "x"),
        "one": (4, "after"),
        "two": (9, "after"),
        "new": (1, "named"),
    }


@BOTH
async def test_where_the_condition_fails_nothing_is_written(database: Database) -> None:
    await begin(database)
    never = Condition(GO.statement, {"note": "x", "name": "nobody"})

    assert not await database.put(never, [Upsert(TABLE, COLUMNS, [tally("one")])])

    rows = await kept(database)
    assert {name: row.note for name, row in rows.items()} == {"go": None}


@BOTH
async def test_what_fails_takes_everything_back_and_the_next_one_works(database: Database) -> None:
    await begin(database)
    wrong = Upsert(TABLE, COLUMNS, [("bad", None, None, {}, True, WHEN)])

    with pytest.raises(IntegrityError):
        await database.put(GO, [Upsert(TABLE, COLUMNS, [tally("one")]), wrong])
    assert {name: row.note for name, row in (await kept(database)).items()} == {"go": None}

    assert await database.put(GO, [Upsert(TABLE, COLUMNS, [tally("one")])])
    assert (await kept(database)).keys() == {"go", "one"}


async def test_work_of_an_embedded_database_is_done_in_one_transaction(database: Database) -> None:
    await begin(database)

    with pytest.raises(ZeroDivisionError):
        await database.at_once(lambda each: each.execute("DELETE FROM test_tally").rowcount // 0)
    assert (await kept(database)).keys() == {"go"}

    async with database.writing() as session:
        await session.execute(text("DELETE FROM test_tally"))
    assert await kept(database) == {}
