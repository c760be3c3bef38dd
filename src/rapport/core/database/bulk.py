"""Many rows in one statement.

The interpreter's lock changes hands at every step of a SQLite statement: with a row a step, a busy event
loop held up whoever wrote sixty rows, and with them the write gate, for tens of milliseconds. So rows
travel into SQLite as one JSON array, and what is no text (JSON has no bytes) beside it in one piece;
PostgreSQL's driver pipelines them by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    String,
    Table,
    TextClause,
    any_,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects import postgresql

from rapport.core import clock


def upsert(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows, or replace the given columns of those whose primary key is there already."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        blobs = bytearray()
        stored = [[_stored(value, blobs) for value in row] for row in rows]
        given = {"rows": msgspec.json.encode(stored).decode(), "blobs": bytes(blobs)}
        connection.execute(_upsert_from_json(table, columns), given)
        return
    insert = postgresql.insert(table)
    updated = {name: insert.excluded[name] for name in _rest(table, columns)}
    statement = insert.on_conflict_do_update(index_elements=list(_key(table)), set_=updated)
    connection.execute(statement, [dict(zip(columns, row, strict=True)) for row in rows])


def among(
    connection: Connection, column: ColumnElement[str], ids: Sequence[str]
) -> ColumnElement[bool]:
    """The condition of being one of some ids: one value however many there are."""
    if connection.dialect.name == "sqlite":
        given = func.json_each(msgspec.json.encode(ids).decode()).table_valued("value")
        return column.in_(select(given.c.value))
    return column == any_(literal(list(ids), postgresql.ARRAY(String)))


@lru_cache
def _upsert_from_json(table: Table, columns: tuple[str, ...]) -> TextClause:
    values = ", ".join(_value(table, name, index) for index, name in enumerate(columns))
    updated = ", ".join(f"{name} = excluded.{name}" for name in _rest(table, columns))
    # Names come from our own tables, never from a request.
    return text(
        f"INSERT INTO {table.name} ({', '.join(columns)}) "  # noqa: S608
        f"SELECT {values} FROM json_each(:rows) WHERE true "
        f"ON CONFLICT ({', '.join(_key(table))}) DO UPDATE SET {updated}"
    )


def _key(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)


def _rest(table: Table, columns: tuple[str, ...]) -> list[str]:
    key = _key(table)
    return [name for name in columns if name not in key]


def _value(table: Table, name: str, index: int) -> str:
    if isinstance(table.c[name].type, LargeBinary):
        return f"substr(:blobs, value -> {index} ->> 0, value -> {index} ->> 1)"
    return f"value ->> {index}"


def _stored(value: Any, blobs: bytearray) -> Any:
    """A value as it stands in the array; of bytes where they begin (from 1), and how many they are."""
    if isinstance(value, bytes):
        blobs += value
        return len(blobs) - len(value) + 1, len(value)
    return clock.microseconds(value) if isinstance(value, datetime) else value
