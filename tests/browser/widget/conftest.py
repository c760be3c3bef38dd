"""A company's site, a customer before it and an agent behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
import pytest_asyncio

from tests.browser.conftest import Profile
from tests.browser.widget.chat import Chat, visit
from tests.browser.widget.desk import Agent, active_agent
from tests.browser.widget.site import Site, company_site
from tests.support.company import TestCompany
from tests.support.server import Running

Visitor = Callable[..., Awaitable[Chat]]


@pytest.fixture(scope="module")
def site(server: Running) -> Iterator[Site]:
    """The company's web site, on another origin than the server."""
    with company_site(server.address) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def agent(acme: TestCompany) -> AsyncIterator[Agent]:
    """An active agent of acme."""
    async with active_agent(acme) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def customer(profile: Profile, site: Site, acme: TestCompany) -> Chat:
    """Somebody on acme's page, with a desktop browser."""
    return await visit(await (await profile()).new_page(), site, acme.marker)
