"""Migrations: what they make is what the models say, on both databases; from any start, safely."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from rapport.core.database.upgrade import configuration, is_current, upgrade
from tests.core.helpers import BOTH
from tools.new_migration import every_table

pytestmark = pytest.mark.unit


async def on(database_url: str, call: Any) -> Any:
    engine = create_async_engine(database_url, poolclass=NullPool)
    async with engine.begin() as connection:
        result = await connection.run_sync(call)
    await engine.dispose()
    return result


@pytest.fixture
async def empty(database_url: str) -> str:
    """The address of a database without any table."""

    def clear(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))

    await on(database_url, clear)
    return database_url


def differences(connection: Connection) -> list[Any]:
    """Return what the models say otherwise than the database is."""

    def belongs(item: Any, name: Any, kind: Any, _reflected: bool, _compared: Any) -> bool:
        # Other tests' own tables share the metadata.
        if kind == "table" and name.startswith("test_"):
            return False
        condition = getattr(item, "_ddl_if", None)
        return condition is None or condition.dialect == connection.dialect.name

    options = {"include_object": belongs}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, every_table()))


@BOTH
async def test_migrations_make_what_the_models_say(empty: str) -> None:
    await upgrade(empty)

    assert await on(empty, differences) == []


@BOTH
async def test_the_difference_would_be_found(empty: str) -> None:
    await upgrade(empty)

    def change(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE timer ADD COLUMN extra INTEGER"))
        connection.execute(text("DROP INDEX ix_timer_due_at"))

    await on(empty, change)
    assert {difference[0] for difference in await on(empty, differences)} == {
        "remove_column",
        "add_index",
    }


@BOTH
async def test_each_migration_can_be_taken_back(empty: str) -> None:
    await upgrade(empty)

    def down(connection: Connection) -> set[str]:
        command.downgrade(configuration(connection), "base")
        return set(inspect(connection).get_table_names())

    assert await on(empty, down) == {"alembic_version"}
    await upgrade(empty)
    assert await is_current(empty)


@BOTH
async def test_upgrading_twice_and_from_several_nodes_at_once_is_safe(empty: str) -> None:
    assert not await is_current(empty)

    await asyncio.gather(*(upgrade(empty) for _ in range(4)))

    assert await is_current(empty)
    await upgrade(empty)
    assert await is_current(empty)


async def test_a_database_of_a_newer_version_is_left_alone(empty: str) -> None:
    await upgrade(empty)

    def be_newer(connection: Connection) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    await on(empty, be_newer)
    await upgrade(empty)
    assert await is_current(empty)


async def test_upgrading_makes_the_folder_of_an_embedded_database(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'new' / 'folder' / 'rapport.db'}"
    await upgrade(url)

    assert await is_current(url)


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1


def test_the_tool_finds_nothing_to_write() -> None:
    """`python -m tools.new_migration` sees the same difference as the tests: none."""
    program = (
        "import sys; from pathlib import Path; from tools import new_migration\n"
        "path = Path(new_migration.write('nothing'))\n"
        "sys.stdout.write(path.read_text()); path.unlink()\n"
    )
    made = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "op." not in made.stdout.partition("def upgrade")[2]
