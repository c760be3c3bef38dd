"""What people tell where they should not is in no table of PostgreSQL either."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from tests.safety.doors import Doors
from tests.safety.test_planted import assert_kept, assert_nowhere, heard, metrics_of
from tests.support.nodes import Node, files_of, postgres_database

pytestmark = pytest.mark.cluster


@pytest.fixture
async def postgres() -> AsyncIterator[str]:
    """A database of its own on the real PostgreSQL."""
    async with postgres_database() as url:
        yield url


@pytest.mark.spec("PLT-069", "PLT-232")
async def test_secrets_are_in_no_table(tmp_path: Path, postgres: str) -> None:
    node = Node(tmp_path / "node", RAPPORT_DATA_DATABASE_URL=postgres)
    told = node.start()
    try:
        doors = Doors(node.address, told, everything=True)
        await doors.tell_everything()
        figures = await metrics_of(node)
    finally:
        node.stop()
    stored = await every_row(postgres)

    assert_kept(doors, stored)
    places = {"rows": stored, "log": node.log.read_bytes(), "metrics": figures}
    places["files"] = b"".join(files_of(node.folder))
    assert_nowhere(doors, places | heard(doors))


async def every_row(url: str) -> bytes:
    """Return every row of every table as text."""
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch(
            "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        rows = []
        for table in tables:
            rows += await connection.fetch(f"SELECT t::text AS row FROM {table['name']} t")
        return "\n".join(row["row"] for row in rows).encode()
    finally:
        await connection.close()
