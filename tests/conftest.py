"""People and places that tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.support.company import TestCompany, make_company
from tests.support.server import Running, running


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A real server on an embedded database, shared by tests that bring their own companies."""
    with running(tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture
async def acme(server: Running) -> TestCompany:
    """A company of its own for this test."""
    return await make_company(server)


@pytest.fixture
async def globex(server: Running) -> TestCompany:
    """A stranger: another company on the same server."""
    return await make_company(server)


@pytest.fixture
async def api(acme: TestCompany) -> AsyncIterator[httpx.AsyncClient]:
    """An integrator's client of acme's sandbox."""
    async with acme.api() as client:
        yield client
