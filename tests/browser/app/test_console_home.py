"""An administrator finds what there is to set up; nobody else finds anything."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from rapport.core.identity import Role
from tests.browser.app.pages import Screen, enter
from tests.browser.conftest import PHONE, Profile
from tests.support.company import TestCompany

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.spec("CMP-174")
async def test_global_responses_open_from_a_tile_and_from_the_menu(administrator: Screen) -> None:
    page = administrator.page
    await administrator.go("/console")
    services = page.get_by_role("region", name="AI services")
    await services.get_by_role("link", name="Global responses").click()
    await expect(page.get_by_role("heading", name="Global responses", level=1)).to_be_visible()

    await administrator.go("/desk/live")
    await page.get_by_role("button", name="Console menu").click()
    await page.get_by_role("menuitem", name="Global responses").click()
    await expect(page.get_by_role("heading", name="Global responses", level=1)).to_be_visible()
    assert administrator.complaints == []


async def test_who_may_not_manage_responses_sees_nothing_of_them(
    profile: Profile, acme: TestCompany
) -> None:
    screen = Screen(await enter(await profile(), acme, Role.SUPERVISOR), acme)
    await screen.go("/desk/live")
    await expect(screen.page.get_by_role("link", name="Live")).to_be_visible()
    await expect(screen.page.get_by_role("button", name="Console menu")).to_have_count(0)
    await screen.go("/console/responses")
    await expect(screen.page.get_by_text("There is no page here")).to_be_visible()
    assert screen.complaints == []


async def test_on_a_phone_the_page_at_hand_is_in_sight_and_tables_are_cards(
    profile: Profile, acme: TestCompany
) -> None:
    screen = Screen(await enter(await profile(**PHONE), acme, Role.ADMINISTRATOR), acme)
    page = screen.page
    await screen.go("/console/sandbox")
    here = page.get_by_role("navigation", name="Console").get_by_role("link", name="Sandbox")
    await expect(here).to_be_in_viewport(ratio=1)

    await screen.go("/console/dictionary")
    row = page.get_by_role("row").filter(has_text="{TIME_OF_DAY}")
    for text in ("Built in", "Time of day", "morning"):
        await expect(row.get_by_text(text).first).to_be_in_viewport(ratio=1)
    assert await screen.violations() == []
    assert screen.complaints == []
