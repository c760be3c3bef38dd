"""What agents get while they write is set, and what it is worth is looked at."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.async_api import expect

from tests.browser.app.pages import Screen
from tests.compose.reporting import metrics_of, open_talk, report, say
from tests.support.company import TestCompany

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_help_is_switched_for_all_and_for_one_agent(
    administrator: Screen, acme: TestCompany
) -> None:
    page = administrator.page
    await administrator.go("/console/composer")
    spelling = page.get_by_role("switch", name="Correcting spelling")
    await expect(spelling).to_have_attribute("aria-checked", "true")
    await spelling.click()
    await expect(spelling).to_have_attribute("aria-checked", "false")

    await page.get_by_role("button", name="Add an agent").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Agent ID").fill("ann")
    choice = dialog.get_by_role("radiogroup", name="Correcting spelling")
    await choice.get_by_text("On", exact=True).click()
    await dialog.get_by_role("button", name="Save").click()
    row = page.get_by_role("row").filter(has_text="ann")
    await expect(row.get_by_text("On", exact=True)).to_be_visible()
    async with acme.api() as api:
        path = "/autocompose/v1/settings"
        ann = (await api.get(path, params={"agentId": "ann"})).json()
        ben = (await api.get(path, params={"agentId": "ben"})).json()
    assert (ann["spellcheckDisabled"], ben["spellcheckDisabled"]) == (False, True)

    await row.get_by_role("button", name="Leave ann to the company's settings").click()
    await expect(page.get_by_text("No agent differs")).to_be_visible()
    await page.get_by_role("button", name="Undo").last.click()
    await expect(row.get_by_text("On", exact=True)).to_be_visible()
    assert administrator.complaints == []


async def test_greetings_are_written_seen_and_switched_on(administrator: Screen) -> None:
    page = administrator.page
    await administrator.go("/console/composer")
    await page.get_by_label("Text when the customer's name is known").fill("Welcome {NAME}!")
    preview = page.get_by_role("complementary", name="What a customer reads")
    await expect(preview).to_contain_text("Welcome Lee!")
    await page.get_by_label("Sent after a countdown of").fill("25")
    await expect(preview).to_contain_text("sent 25 seconds later")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved")).to_be_visible()
    enabled = page.get_by_role("switch", name="Greet at the start of a conversation")
    await enabled.click()
    await expect(enabled).to_have_attribute("aria-checked", "true")

    await page.reload()

    await expect(enabled).to_have_attribute("aria-checked", "true")
    await expect(page.get_by_label("Sent after a countdown of")).to_have_value("25")
    assert administrator.complaints == []


async def test_a_supervisor_sees_what_help_is_worth(supervisor: Screen, acme: TestCompany) -> None:
    page = supervisor.page
    await page.get_by_role("link", name="Metrics").click()
    await expect(page.get_by_text("Nobody wrote a message in these days")).to_be_visible()
    now = datetime.now(UTC)
    async with acme.api() as api:
        for agent, usage in (("ann", "AUTOSUGGEST"), ("ann", "FREEHAND"), ("ben", "FREEHAND")):
            talk = await open_talk(api, agent, queue="billing")
            message = await say(api, talk, "Hello", at=now.strftime("%Y-%m-%dT%H:%M:%SZ"))
            await report(api, talk, message, usage, craftingTime=4.0)
    today = now.date().isoformat()
    await metrics_of(acme, lambda found: found["total"]["reported"] == 3, since=today, to=today)

    await page.reload()

    tile = page.get_by_role("definition")
    await expect(tile.filter(has_text="1 of 3 messages")).to_be_visible()
    await expect(page.locator("canvas")).to_have_count(3)
    views = page.get_by_role("radiogroup", name="How to show: What help was used")
    await views.get_by_text("Table").click()
    used = page.get_by_role("row").filter(has_text="Suggestion, nothing typed")
    await expect(used).to_contain_text("1")
    await page.get_by_role("combobox", name="Agent").click()
    await page.get_by_role("option", name="Agent ben").click()
    await expect(tile.filter(has_text="0 of 1 messages")).to_be_visible()
    await page.get_by_role("button", name="Download").click()
    async with page.expect_download() as download:
        await page.get_by_role("menuitem", name="Download CSV").click()
    assert (await download.value).suggested_filename == "composer.csv"
    await expect(page.get_by_role("menu")).to_have_count(0)
    assert await supervisor.violations() == []
    assert supervisor.complaints == []
