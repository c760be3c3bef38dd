"""An administrator decides which words must not go out."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.app.pages import Screen

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.spec("CMP-086")
async def test_words_are_blocked_allowed_tried_and_removed(administrator: Screen) -> None:
    page = administrator.page
    await administrator.go("/console")
    await (
        page.get_by_role("navigation", name="Console")
        .get_by_role("link", name="Blocked words")
        .click()
    )
    await expect(page.get_by_text("No words of your own yet")).to_be_visible()

    term = page.get_by_label("Word or phrase")
    await term.fill("total wobble")
    await term.press("Enter")
    row = page.get_by_role("row", name="total wobble")
    await expect(row.get_by_text("Blocked")).to_be_visible()
    await term.fill("Total  Wobble!")
    await term.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("on the list already")
    await page.get_by_text("Allow", exact=True).click()
    await term.fill("crap")
    await page.get_by_role("button", name="Add").click()
    await expect(page.get_by_role("row", name="crap").get_by_text("Allowed")).to_be_visible()

    tried = page.get_by_label("Try it")
    await tried.fill("This crap is a TOTAL w0bble")
    await expect(page.locator("mark")).to_have_text(["TOTAL w0bble"])
    await tried.fill("What a crap day")
    await expect(page.get_by_text("This could be sent.")).to_be_visible()

    await page.get_by_role("button", name="Remove “total wobble”").click()
    await expect(row).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(row).to_be_visible()
    assert administrator.complaints == []
