"""The metadata dictionary: what texts insert, and what responses are filtered by."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.app.pages import Screen
from tests.support.company import TestCompany
from tests.support.responses import publish

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.spec("CMP-203", "CMP-204")
async def test_inserts_and_filters_are_listed_with_their_values(
    administrator: Screen, acme: TestCompany
) -> None:
    page = administrator.page
    filters = [{"name": "queue_name", "allowedValues": ["billing", "refunds"]}]
    await publish(acme, [{"text": "Hello {NAME}.", "metadata": filters}])
    await administrator.go("/console/dictionary")
    inserts = page.get_by_role("region", name="Inserts")
    for key in ("{NAME}", "{rep_name}", "{TIME_OF_DAY}"):
        await expect(inserts.get_by_role("row").filter(has_text=key)).to_have_count(1)
    await page.get_by_role("button", name="Add a filter").click()
    dialog = page.get_by_role("dialog", name="Add a filter")
    await dialog.get_by_label("Key").fill("segment")
    await dialog.get_by_label("Possible values").fill("gold")
    await dialog.get_by_label("Possible values").press("Enter")
    assert await administrator.violations() == []
    await dialog.get_by_role("button", name="Add", exact=True).click()
    listed = page.get_by_role("region", name="Filters")
    await expect(listed.get_by_role("row").filter(has_text="segment")).to_contain_text("1 value")
    assert await administrator.violations() == []

    await listed.get_by_role("link", name="queue_name").click()
    values = page.get_by_role("region", name="Possible values").get_by_role("listitem")
    await expect(values).to_have_text(["billing", "refunds"])
    await page.get_by_role("link", name="To the dictionary").click()
    await listed.get_by_role("link", name="segment").click()
    await expect(values).to_have_text(["gold"])
    assert administrator.complaints == []


@pytest.mark.spec("CMP-179", "CMP-205")
async def test_a_key_that_is_added_may_be_used_and_stays_while_it_is(
    administrator: Screen, acme: TestCompany
) -> None:
    page = administrator.page
    await administrator.go("/console/dictionary")
    await page.get_by_role("button", name="Add an insert").click()
    dialog = page.get_by_role("dialog", name="Add an insert")
    await dialog.get_by_label("Key").fill("membership")
    await dialog.get_by_label("Meaning").fill("The customer's tier")
    await dialog.get_by_role("button", name="Add", exact=True).click()
    row = page.get_by_role("row").filter(has_text="{membership}")
    await expect(row).to_contain_text("The customer's tier")

    await page.get_by_role("link", name="Global responses").first.click()
    await page.get_by_role("button", name="Add a response").first.click()
    form = page.get_by_role("dialog", name="Add a response")
    await form.get_by_label("Text").fill("Your {parcel} and your ")
    await expect(form.get_by_role("alert")).to_contain_text("{parcel} is not in the metadata")
    await form.get_by_label("Text").fill("Your ")
    await form.get_by_role("button", name="Insert").click()
    await page.get_by_role("menuitem", name="{membership}").click()
    await expect(form.get_by_role("alert")).to_have_count(0)
    await form.get_by_role("button", name="Add", exact=True).click()
    await page.get_by_role("button", name="Save version").click()
    await page.get_by_role("dialog").get_by_role("button", name="Save version").click()
    await expect(page.get_by_text("Saved draft")).to_be_visible()

    await page.get_by_role("link", name="Metadata dictionary").first.click()
    await page.get_by_role("button", name="Remove membership").click()
    asked = page.get_by_role("dialog")
    await asked.get_by_role("button", name="Delete").click()
    await expect(asked.get_by_role("alert")).to_contain_text("membership")
    await asked.get_by_role("button", name="Cancel").click()
    await expect(row).to_have_count(1)
    assert administrator.complaints == []
