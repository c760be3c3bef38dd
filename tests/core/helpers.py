"""What the core's tests share: both databases by parameter, a log to write to, waiting."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

import pytest

from rapport.core.database import Database
from rapport.core.log import Log
from rapport.core.log.postgres import PostgresStore
from rapport.core.log.sqlite import SqliteStore
from rapport.core.telemetry.metrics import Metrics

POSTGRES = os.environ.get(
    "RAPPORT_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres"
)

BOTH = pytest.mark.parametrize(
    "database_url",
    ["sqlite", pytest.param("postgres", marks=pytest.mark.cluster)],
    indirect=True,
)


async def open_log(database: Database, writers: int = 2) -> Log:
    """Return an open log with the writers that fit the database."""
    stores = (
        [SqliteStore(database)]
        if database.is_sqlite
        else [PostgresStore(database) for _ in range(writers)]
    )
    log = Log(database, stores, Metrics())
    await log.open()
    return log


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
