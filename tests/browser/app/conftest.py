"""A desk, a supervisor's page, and customers who come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser

from rapport.core.identity import Role
from tests.browser.app.calls import Calls
from tests.browser.app.customers import Arrive, customers_of
from tests.browser.app.pages import Desk, Screen, Writing, enter
from tests.browser.conftest import PATIENCE_MS, Profile
from tests.support.company import TestCompany, make_company
from tests.support.responses import publish
from tests.support.server import Running

WIDE = {"viewport": {"width": 1440, "height": 900}}

# What the company of `writing` has published. The last one is for others: it is never suggested.
RESPONSES: list[dict[str, Any]] = [
    {"text": "Your order is on its way to you, {NAME}.", "title": "Order status"},
    {"text": "May I have your order number?"},
    {"text": "I am sorry that your order is late."},
    {"text": "Please file a missing baggage report at the airport."},
    {"text": "You can return it within 30 days.", "title": "Returns", "folderPath": "After sales"},
    {
        "text": "Your order gets a seat in the lounge.",
        "metadata": [{"name": "tier", "allowedValues": ["gold"]}],
    },
]


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


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def writing(chromium: Browser, server: Running) -> AsyncIterator[Writing]:
    """One agent's desk for all tests of a module: each brings a customer of its own.

    Its company has responses; its agent can hold more conversations than a module has tests.
    """
    company = await make_company(server)
    await publish(company, RESPONSES)
    agent = await company.add_person(Role.AGENT, slots=60, name="Iris Vega")
    context = await chromium.new_context(**WIDE)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    page = await enter(context, company, agent)
    async with customers_of(company) as arriving:
        made = Writing(page, company, Calls(page), arriving)
        await made.go("/desk")
        await made.go_active()
        yield made
    await context.close()
