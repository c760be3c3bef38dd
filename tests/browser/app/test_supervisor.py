"""A supervisor sees everything as it happens."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from rapport.core.identity import Role
from tests.browser.app.customers import Arrive
from tests.browser.app.pages import Desk, Screen
from tests.support.company import TestCompany

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_conversations_come_change_and_go_by_themselves(
    supervisor: Screen, desk: Desk, arrive: Arrive, acme: TestCompany
) -> None:
    page = supervisor.page
    await expect(page.get_by_text("No live conversations")).to_be_visible()
    sam = await arrive("Sam Ode", "Where is my order?")
    row = page.get_by_role("row").filter(has_text="Sam Ode")
    await expect(row).to_contain_text("Where is my order?")
    await expect(row).to_contain_text("Agent One")

    await row.get_by_role("link", name="Sam Ode").click()
    log = page.get_by_role("log")
    await expect(log).to_contain_text("Where is my order?")
    await sam.types()
    await expect(page.get_by_text("Sam Ode is typing…")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Message to")).to_have_count(0)
    await sam.says("It was due on Monday.")
    await expect(log).to_contain_text("It was due on Monday.")
    await expect(row).to_contain_text("It was due on Monday.")

    await page.get_by_role("button", name="End conversation").click()
    await page.get_by_role("dialog").get_by_role("button", name="End conversation").click()
    await sam.live.event(sam.topic, "conversation.ended")
    await expect(page.get_by_text("No live conversations")).to_be_visible()
    await expect(page.get_by_text("Ended · read only")).to_be_visible()

    await page.get_by_role("link", name="Ended").click()
    await page.get_by_label("Search ended conversations").fill("nobody at all")
    await expect(page.get_by_text("Nothing was found")).to_be_visible()
    await page.get_by_label("Search ended conversations").fill("Sam")
    await expect(page.get_by_role("row").filter(has_text="Sam Ode")).to_be_visible()
    assert supervisor.complaints == []


async def test_search_and_agent_narrow_the_list(
    supervisor: Screen, desk: Desk, arrive: Arrive
) -> None:
    page = supervisor.page
    await arrive("Ann Lee", "A lamp is broken")
    await arrive("Bob Ray", "An invoice is missing")
    rows = page.locator("tbody").get_by_role("row")
    await expect(rows).to_have_count(2)
    await page.get_by_label("Search name, text or agent").fill("invoice")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("Bob Ray")
    await page.get_by_label("Search name, text or agent").fill("")
    await page.get_by_placeholder("All agents").click()
    await page.get_by_role("option", name="No agent yet").click()
    await expect(page.get_by_text("Nothing matches")).to_be_visible()


async def test_an_agent_is_not_let_in(desk: Desk, acme: TestCompany) -> None:
    await desk.go("/desk/live")
    await expect(desk.page.get_by_text("There is no page here")).to_be_visible()
    async with acme.signed_in(Role.AGENT) as http:
        assert (await http.get("/desk/v1/conversations")).status_code == 403
