"""A desk, a supervisor's page, and customers who come."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from rapport.core.identity import Role
from tests.browser.app.customers import Arrive, customers_of
from tests.browser.app.pages import Desk, Screen, enter
from tests.browser.conftest import Profile
from tests.support.company import TestCompany

WIDE = {"viewport": {"width": 1440, "height": 900}}


@pytest_asyncio.fixture(loop_scope="session")
async def arrive(acme: TestCompany) -> AsyncIterator[Arrive]:
    """Let customers of acme come: `await arrive(name, text)`."""
    async with customers_of(acme) as arriving:
        yield arriving


@pytest_asyncio.fixture(loop_scope="session")
async def desk(profile: Profile, acme: TestCompany) -> Desk:
    """The desk of an active agent of acme."""
    made = Desk(await enter(await profile(**WIDE), acme, Role.AGENT), acme)
    await made.go("/desk")
    await made.go_active()
    return made


@pytest_asyncio.fixture(loop_scope="session")
async def supervisor(profile: Profile, acme: TestCompany) -> Screen:
    """What a supervisor of acme sees."""
    made = Screen(await enter(await profile(**WIDE), acme, Role.SUPERVISOR), acme)
    await made.go("/desk/live")
    return made


@pytest_asyncio.fixture(loop_scope="session")
async def administrator(profile: Profile, acme: TestCompany) -> Screen:
    """What an administrator of acme sees."""
    return Screen(await enter(await profile(**WIDE), acme, Role.ADMINISTRATOR), acme)
