"""Administrators and developers set things up."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from rapport.core.identity import Role
from tests.browser.app.pages import Screen, enter
from tests.browser.conftest import Profile
from tests.support.company import TestCompany
from tests.support.responses import publish

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_people_are_invited_and_sign_in_with_a_password_of_their_own(
    administrator: Screen, profile: Profile, acme: TestCompany
) -> None:
    page = administrator.page
    await administrator.go("/console/people")
    await page.get_by_role("button", name="Invite people").click()
    dialog = page.get_by_role("dialog", name="Invite people")
    await dialog.get_by_label("E-mail").fill("noor@acme.test")
    await dialog.get_by_label("Name").fill("Noor Haddad")
    await dialog.get_by_role("button", name="Invite", exact=True).click()
    shown = page.get_by_role("dialog", name="One-time passwords")
    password = await shown.locator("code").inner_text()
    await shown.get_by_role("button", name="Done").click()
    row = page.get_by_role("row").filter(has_text="Noor Haddad")
    await expect(row).to_contain_text("Invited")

    noor = Screen(await (await profile()).new_page(), acme)
    await noor.go("/desk")
    await noor.sign_in("noor@acme.test", password)
    await expect(noor.page.get_by_text("Choose your own password")).to_be_visible()
    await noor.page.get_by_role("textbox", name="Current password").fill(password)
    for label in ("New password", "New password again"):
        await noor.page.get_by_role("textbox", name=label, exact=True).fill("a sentence of mine")
    await noor.page.get_by_role("button", name="Save").click()
    await expect(noor.page.get_by_role("switch", name="Your status")).to_be_visible()

    await row.get_by_role("button", name="Actions for Noor Haddad").click()
    await page.get_by_role("menuitem", name="Disable").click()
    await expect(row).to_contain_text("Disabled")
    # At the latest the next heartbeat finds out.
    await expect(noor.page.get_by_text("Your session has ended")).to_be_visible(timeout=25_000)
    assert administrator.complaints == []


@pytest.mark.spec("PLT-121", "PLT-123")
async def test_a_rule_is_tried_saved_and_deployed(administrator: Screen) -> None:
    page = administrator.page
    await administrator.go("/console/redaction")
    card = page.get_by_role("switch", name="CREDIT_CARD_NUMBER: Agent now")
    await expect(card).to_be_disabled()
    await expect(card).to_have_attribute("aria-checked", "true")
    email = page.get_by_role("switch", name="EMAIL: Agent now", exact=True)
    await email.click()
    await expect(email).to_have_attribute("aria-checked", "true")

    await page.get_by_role("tab", name="Your rules").click()
    await page.get_by_role("button", name="Add new").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Booking code")
    await dialog.get_by_label("Pattern").fill("LX-(")
    await dialog.get_by_label("Test").fill("My booking is LX-1234, thanks")
    await expect(dialog.get_by_label("Pattern")).to_have_attribute("aria-invalid", "true")
    await dialog.get_by_label("Pattern").fill(r"LX-\d{4}")
    await expect(dialog.locator("mark")).to_have_text("LX-1234")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Not deployed")).to_be_visible()
    await expect(page.get_by_role("button", name="Deploy to production")).to_be_disabled()
    await page.get_by_role("button", name="Deploy to sandbox").click()
    await expect(page.get_by_text("Not deployed")).to_have_count(0)
    await page.get_by_role("button", name="Deploy to production").click()
    await page.get_by_role("dialog").get_by_role("button", name="Deploy to production").click()
    await expect(page.get_by_text("Production", exact=True)).to_be_visible()

    await page.get_by_role("button", name="Add new").click()
    await dialog.get_by_label("Name").fill("Loyalty number")
    await dialog.get_by_label("Pattern").fill(r"JL\d{8}")
    await dialog.get_by_role("button", name="Save").click()
    order = page.get_by_role("listitem")
    await expect(order).to_have_text(
        [re.compile(r"Booking code.*LX-\\d"), re.compile(r"Loyalty number.*JL")]
    )
    await page.get_by_role("button", name="Move Loyalty number up").click()
    await expect(order).to_have_text([re.compile("Loyalty number"), re.compile("Booking code")])
    assert administrator.complaints == []


async def test_the_audit_log_is_searched_and_downloaded(
    administrator: Screen, acme: TestCompany
) -> None:
    page = administrator.page
    await publish(acme, [{"text": "One moment, please.", "title": "Hold"}])
    await administrator.go("/console/audit")
    row = page.get_by_role("row").filter(has_text="version 1").filter(has_text="Deploy")
    await expect(row).to_have_count(1)
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download this view as CSV").click()
    assert (await download.value).suggested_filename == "audit.csv"
    await page.get_by_label("Exact resource name or user").fill("version")
    await expect(page.get_by_text("No entries")).to_be_visible()


async def test_a_key_is_shown_once_rotated_and_revoked(profile: Profile, acme: TestCompany) -> None:
    screen = Screen(await enter(await profile(), acme, Role.DEVELOPER), acme)
    page = screen.page
    await screen.go("/portal")
    await page.get_by_role("button", name="New key").click()
    await page.get_by_role("dialog").get_by_label("Name").fill("Build server")
    await page.get_by_role("button", name="Make the key").click()
    shown = page.get_by_role("dialog", name="Your new key")
    secret = await shown.locator("code").nth(1).inner_text()
    await shown.get_by_role("button", name="I have copied it").click()
    await expect(page.get_by_text(secret)).to_have_count(0)

    await page.get_by_role("button", name="Actions for Build server").click()
    await page.get_by_role("menuitem", name="New secret").click()
    await page.get_by_role("dialog").get_by_role("button", name="New secret").click()
    await expect(shown.locator("code").nth(1)).not_to_have_text(secret)
    await shown.get_by_role("button", name="I have copied it").click()
    await expect(page.get_by_text(re.compile("Old secret works until"))).to_be_visible()

    await page.get_by_role("button", name="Actions for Build server").click()
    await page.get_by_role("menuitem", name="Revoke").click()
    await page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    await expect(page.get_by_text(re.compile("^Revoked"))).to_be_visible()
    assert screen.complaints == []
