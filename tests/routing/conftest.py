"""A service floor on either database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

import rapport.app  # noqa: F401
from rapport.core.database import Database
from tests.core.conftest import database, database_url, postgres_url
from tests.routing.floor import Floor, opened

__all__ = ["database", "database_url", "floor", "postgres_url"]


@pytest.fixture
async def floor(database: Database) -> AsyncIterator[Floor]:
    """A company's service floor."""
    async with opened(database) as floor:
        yield floor
