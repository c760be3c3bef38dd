"""Requests that come at once to two nodes on one database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contract.test_races import create_at_once, meet_at_once
from tests.support.nodes import Node, postgres_database

pytestmark = pytest.mark.cluster


async def test_one_external_id_is_one_conversation_on_two_nodes(tmp_path: Path) -> None:
    async with postgres_database() as url, two_nodes(tmp_path, url) as apis:
        await create_at_once(apis)
        await meet_at_once(apis)


@asynccontextmanager
async def two_nodes(folder: Path, url: str) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Serve one database from two processes, and return a client of each."""
    first = Node(folder / "node", RAPPORT_DATA_DATABASE_URL=url)
    second = Node(folder / "node", RAPPORT_DATA_DATABASE_URL=url)
    try:
        told: dict[str, Any] = first.start()
        second.start()
        headers = {"asapp-api-id": told["api"]["id"], "asapp-api-secret": told["api"]["secret"]}
        async with (
            httpx.AsyncClient(base_url=first.address, headers=headers, timeout=30) as one,
            httpx.AsyncClient(base_url=second.address, headers=headers, timeout=30) as other,
        ):
            yield [one, other]
    finally:
        first.stop()
        second.stop()
