"""Many rows in one statement.

The interpreter's lock changes hands at every step of a SQLite statement: with a row a step, a busy event
loop held up whoever wrote sixty rows, and with them the write gate, for tens of milliseconds. So rows
travel into SQLite as one JSON array, and what is no text (JSON has no bytes) beside it in one piece;
PostgreSQL's driver pipelines them by itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    String,
    Table,
    any_,
    bindparam,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql

from rapport.core import clock

Values = Sequence[tuple[Any, ...]]


class Upsert(NamedTuple):
    """Rows to be inserted; where the primary key is there already, the given columns are replaced.

    To those named in `summed` the new value is added instead.
    """

    table: Table
    columns: tuple[str, ...]
    rows: Values
    summed: frozenset[str] = frozenset()


class Update(NamedTuple):
    """Columns of rows that are there to be replaced; the first column is the table's key."""

    table: Table
    columns: tuple[str, ...]
    rows: Values


Change = Upsert | Update


class Condition(NamedTuple):
    """A statement that must change a row, or the transaction it is in changes nothing.

    Its parameters are written as `:name`.
    """

    statement: str
    values: Mapping[str, Any]


def write(connection: Connection, changes: Sequence[Change]) -> None:
    """Write rows in a transaction that is open already."""
    for change in changes:
        if not change.rows:
            continue
        if connection.dialect.name == "sqlite":
            connection.execute(text(_from_json(_shape(change))), _given(change.rows))
        else:
            given = [dict(zip(change.columns, row, strict=True)) for row in change.rows]
            _on_postgres(connection, change, given)


def write_if(
    connection: sqlite3.Connection, condition: Condition, changes: Sequence[Change]
) -> bool:
    """Write rows over the driver itself; False, and nothing written, where the condition fails."""
    if connection.execute(condition.statement, condition.values).rowcount != 1:
        return False
    for change in changes:
        if change.rows:
            connection.execute(_from_json(_shape(change)), _given(change.rows))
    return True


def among(
    connection: Connection, column: ColumnElement[str], ids: Sequence[str]
) -> ColumnElement[bool]:
    """The condition of being one of some ids: one value however many there are."""
    if connection.dialect.name == "sqlite":
        given = func.json_each(msgspec.json.encode(ids).decode()).table_valued("value")
        return column.in_(select(given.c.value))
    return column == any_(literal(list(ids), postgresql.ARRAY(String)))


class _Shape(NamedTuple):
    """All of a change but its rows."""

    table: Table
    columns: tuple[str, ...]
    summed: frozenset[str] | None  # None: rows are updated


def _shape(change: Change) -> _Shape:
    summed = change.summed if isinstance(change, Upsert) else None
    return _Shape(change.table, change.columns, summed)


@lru_cache
def _from_json(shape: _Shape) -> str:
    table, columns, summed = shape
    values = [_value(table, name, index) for index, name in enumerate(columns)]
    # Names come from our own tables, never from a request.
    if summed is None:
        pairs = list(zip(columns, values, strict=True))[1:]
        changed = ", ".join(f"{name} = {value}" for name, value in pairs)
        return (
            f"UPDATE {table.name} SET {changed} FROM json_each(:rows) "  # noqa: S608
            f"WHERE {table.name}.{columns[0]} = {values[0]}"
        )
    changed = ", ".join(
        f"{name} = {table.name}.{name} + excluded.{name}"
        if name in summed
        else f"{name} = excluded.{name}"
        for name in _rest(table, columns)
    )
    return (
        f"INSERT INTO {table.name} ({', '.join(columns)}) "  # noqa: S608
        f"SELECT {', '.join(values)} FROM json_each(:rows) WHERE true "
        f"ON CONFLICT ({', '.join(_key(table))}) DO UPDATE SET {changed}"
    )


def _value(table: Table, name: str, index: int) -> str:
    if isinstance(table.c[name].type, LargeBinary):
        return f"substr(:blobs, json_each.value -> {index} ->> 0, json_each.value -> {index} ->> 1)"
    return f"json_each.value ->> {index}"


def _on_postgres(connection: Connection, change: Change, rows: list[dict[str, Any]]) -> None:
    table = change.table
    if isinstance(change, Update):
        key, *rest = change.columns
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rest}
        statement = update(table).where(table.c[key] == bindparam("old")).values(values)
        given = [{"old": row[key], **{f"new_{name}": row[name] for name in rest}} for row in rows]
        connection.execute(statement, given)
        return
    insert = postgresql.insert(table)
    changed = {
        name: table.c[name] + insert.excluded[name]
        if name in change.summed
        else insert.excluded[name]
        for name in _rest(table, change.columns)
    }
    connection.execute(
        insert.on_conflict_do_update(index_elements=list(_key(table)), set_=changed), rows
    )


def _key(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)


def _rest(table: Table, columns: tuple[str, ...]) -> list[str]:
    key = _key(table)
    return [name for name in columns if name not in key]


def _given(rows: Values) -> dict[str, Any]:
    blobs = bytearray()
    stored = [[_stored(value, blobs) for value in row] for row in rows]
    return {"rows": msgspec.json.encode(stored).decode(), "blobs": bytes(blobs)}


def _stored(value: Any, blobs: bytearray) -> Any:
    """A value as it stands in the array; of bytes where they begin (from 1), and how many they are."""
    if isinstance(value, bytes):
        blobs += value
        return len(blobs) - len(value) + 1, len(value)
    return clock.microseconds(value) if isinstance(value, datetime) else value
