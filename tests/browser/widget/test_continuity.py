"""A chat goes on through reloads, lost networks and restarted servers."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.conftest import Profile
from tests.browser.widget.cable import Cable, cable_to
from tests.browser.widget.chat import Chat, visit
from tests.browser.widget.desk import Agent, active_agent
from tests.browser.widget.process import server_process
from tests.browser.widget.site import company_site
from tests.support.company import TestCompany, make_company
from tests.support.server import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RECONNECTING = "Attempting to reconnect…"


@pytest.mark.spec("CHN-091")
async def test_a_reload_keeps_the_window_the_words_and_the_draft(
    customer: Chat, agent: Agent
) -> None:
    await customer.open()
    await customer.says("Hello")
    conversation = await agent.conversation()
    await agent.says(conversation, "Hi there")
    await customer.shows("Hello", "Hi there")
    await customer.field.fill("I was about to")

    await customer.page.reload()
    await customer.shows("Hello", "Hi there")
    await expect(customer.field).to_have_value("I was about to")
    await agent.says(conversation, "Still here")
    await customer.shows("Hello", "Hi there", "Still here")

    await customer.page.get_by_role("link", name="Next page").click()
    await customer.page.wait_for_url("**/next")
    assert await customer.page.evaluate("sessionStorage.length") > 0


async def test_two_tabs_are_one_customer(customer: Chat, agent: Agent) -> None:
    await customer.open()
    await customer.says("From the first tab")
    conversation = await agent.conversation()
    other = Chat(await customer.page.context.new_page())
    await other.page.goto(customer.page.url)
    await other.open()
    await other.shows("From the first tab")

    await other.says("From the second tab")
    await agent.says(conversation, "To both")

    for tab in (customer, other):
        await tab.shows("From the first tab", "From the second tab", "To both")


@pytest_asyncio.fixture(loop_scope="session")
async def cable(server: Running) -> AsyncIterator[Cable]:
    """The customer's way to the server."""
    async with cable_to("127.0.0.1", server.port) as laid:
        yield laid


@pytest_asyncio.fixture(loop_scope="session")
async def wired(profile: Profile, cable: Cable, acme: TestCompany) -> AsyncIterator[Chat]:
    """A customer who reaches the server by the cable alone, with the chat open."""
    with company_site(cable.address) as site:
        made = await visit(await (await profile()).new_page(), site, acme.marker)
        await made.open()
        yield made


async def test_a_pulled_cable_loses_and_repeats_nothing(
    wired: Chat, cable: Cable, agent: Agent
) -> None:
    await wired.says("before")
    conversation = await agent.conversation()
    await agent.says(conversation, "answer before")
    await wired.shows("before", "answer before")

    cable.pull()
    await wired.says("while away")
    await agent.says(conversation, "answer while away")
    await expect(wired.log.locator(".state")).to_have_text("Sending")
    await expect(wired.window).to_contain_text(RECONNECTING)
    cable.plug()

    await wired.shows("before", "answer before", "answer while away", "while away")
    await expect(wired.window).not_to_contain_text(RECONNECTING)
    await agent.hears(conversation, "while away")
    events = agent.live.events[f"conversation/{conversation}"]
    said = [e["data"]["text"] for e in events if e["type"] == "message.sent"]
    assert said == ["before", "answer before", "answer while away", "while away"]


async def test_a_reload_without_network_still_sends_what_was_written(
    wired: Chat, cable: Cable, agent: Agent
) -> None:
    await wired.says("before")
    conversation = await agent.conversation()
    cable.pull()
    await wired.says("unsent")
    await expect(wired.log.locator(".state")).to_have_text("Sending")
    cable.plug()
    await wired.page.reload()

    await wired.shows("before", "unsent")
    await agent.hears(conversation, "unsent")


async def test_the_browser_going_offline_and_back(customer: Chat, agent: Agent) -> None:
    await customer.open()
    await customer.says("before")
    conversation = await agent.conversation()
    context = customer.page.context
    await context.set_offline(True)
    await customer.says("while offline")
    await context.set_offline(False)

    await agent.hears(conversation, "while offline")
    await customer.shows("before", "while offline")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_a_restarted_server_continues_the_chat(
    profile: Profile, tmp_path: Path, how: signal.Signals
) -> None:
    with server_process(tmp_path) as process, company_site(process.running.address) as site:
        company = await make_company(process.running)
        customer = await visit(await (await profile()).new_page(), site, company.marker)
        await customer.open()
        async with active_agent(company) as agent:
            await customer.says("before")
            conversation = await agent.conversation()
            await agent.says(conversation, "answer before")
            await customer.shows("before", "answer before")

        process.end(how)
        await customer.says("while it is down")
        process.start()
        await customer.shows("before", "answer before", "while it is down")

        async with active_agent(company) as agent:
            await agent.live.subscribe(f"conversation/{conversation}")
            await agent.hears(conversation, "while it is down")
            await agent.says(conversation, "answer after")
            await customer.shows("before", "answer before", "while it is down", "answer after")
