"""Many rows in one statement: as they are, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    select,
)

from rapport.core.database import Database, UtcTime
from rapport.core.database.bulk import Upsert, among, write
from tests.core.helpers import BOTH

pytestmark = pytest.mark.unit

NOON = datetime(2026, 5, 1, 12, 0, 0, 7, tzinfo=UTC)
ROWS = Table(
    "bulk_row",
    MetaData(),
    Column("id", String(20), primary_key=True),
    Column("number", BigInteger),
    Column("at", UtcTime),
    Column("text", Text),
    Column("facts", JSON),
    Column("mark", LargeBinary),
    Column("other", LargeBinary),
)
NAMES = tuple(ROWS.c.keys())
WRITTEN: list[tuple[Any, ...]] = [
    ("a", 2**53 + 1, NOON, 'Say "hi",\nyou ü \N{WAVING HAND SIGN}', [{"n": [1]}], b"\x00\xff", b""),
    ("b", None, None, None, None, None, None),
    ("c", -1, NOON, "", {}, b"'\"\x00", b"second"),
]


@BOTH
async def test_rows_are_written_as_they_are_and_replaced(database: Database) -> None:
    async with database.writing() as session:
        connection = await session.connection()
        await connection.run_sync(ROWS.create)
        await connection.run_sync(write, [Upsert(ROWS, NAMES, WRITTEN)])
    assert await kept(database, *NAMES) == WRITTEN

    async with database.writing() as session:
        connection = await session.connection()
        given = [("a", b"new"), ("d", b"\x01")]
        await connection.run_sync(write, [Upsert(ROWS, ("id", "mark"), given)])
        await connection.run_sync(write, [Upsert(ROWS, ("id", "number"), [("b", 7)])])
        await connection.run_sync(write, [Upsert(ROWS, NAMES, [])])

    marks = [("a", 2**53 + 1, b"new"), ("b", 7, None), ("c", -1, b"'\"\x00"), ("d", None, b"\x01")]
    assert await kept(database, "id", "number", "mark") == marks
    async with database.writing() as session:
        await (await session.connection()).run_sync(ROWS.drop)


@BOTH
@pytest.mark.parametrize(
    "ids", [[], ["b"], ["a", "c", "nobody's"], [f"n{n}" for n in range(70_000)]]
)
async def test_rows_are_found_by_however_many_ids(database: Database, ids: list[str]) -> None:
    async with database.writing() as session:
        connection = await session.connection()
        await connection.run_sync(ROWS.create)
        await connection.run_sync(write, [Upsert(ROWS, NAMES, WRITTEN)])
        found = await connection.run_sync(_among, ids)
        await connection.run_sync(ROWS.drop)

    assert found == {"a", "b", "c"}.intersection(ids)


def _among(connection: Connection, ids: list[str]) -> set[str]:
    return set(connection.scalars(select(ROWS.c.id).where(among(connection, ROWS.c.id, ids))))


async def kept(database: Database, *names: str) -> list[tuple[Any, ...]]:
    query = select(*(ROWS.c[name] for name in names)).order_by(ROWS.c.id)
    async with database.reading() as session:
        return [tuple(row) for row in await session.execute(query)]
