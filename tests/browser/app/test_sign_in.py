"""Signing in, staying out, coming back."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from rapport.core.identity import Role
from tests.browser.app.pages import Desk, Screen, enter
from tests.browser.conftest import Profile
from tests.support.company import PASSWORD, TestCompany

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def _stranger(profile: Profile, company: TestCompany) -> Screen:
    screen = Screen(await (await profile()).new_page(), company)
    await screen.go("/desk")
    return screen


@pytest.mark.spec("PLT-160")
@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.AGENT, "/desk"),
        (Role.SUPERVISOR, "/desk/live"),
        (Role.ADMINISTRATOR, "/console"),
        (Role.DEVELOPER, "/portal"),
    ],
)
async def test_the_organization_then_the_person_then_their_own_place(
    profile: Profile, acme: TestCompany, role: Role, address: str
) -> None:
    screen = await _stranger(profile, acme)
    await expect(screen.page.get_by_label("E-mail")).to_have_count(0)
    await screen.sign_in(acme.people[role].email, PASSWORD)
    await expect(screen.page).to_have_url(acme.server.address + address)
    await expect(screen.page.get_by_role("button", name="Your menu")).to_be_visible()
    assert screen.complaints == []


async def test_wrong_passwords_are_refused_and_then_locked(
    profile: Profile, acme: TestCompany
) -> None:
    screen = await _stranger(profile, acme)
    email = acme.people[Role.AGENT].email
    await screen.sign_in(email, "wrong")
    alert = screen.page.get_by_role("alert")
    await expect(alert).to_contain_text("is not right")
    password = screen.page.get_by_role("textbox", name="Password")
    for _ in range(5):
        await expect(password).to_have_value("")
        await password.fill("wrong")
        await password.press("Enter")
        await screen.page.wait_for_timeout(300)
        if await alert.filter(has_text="Too many").count():
            break
    await expect(alert).to_contain_text(re.compile(r"Too many attempts. Try again in 1[45]:\d\d"))
    await expect(screen.page.get_by_role("button", name="Sign in")).to_be_disabled()


async def test_offline_is_said(profile: Profile, acme: TestCompany) -> None:
    screen = await _stranger(profile, acme)
    await expect(screen.page.get_by_label("Organization")).to_be_visible()
    await screen.page.context.set_offline(True)
    await screen.sign_in(acme.people[Role.AGENT].email, PASSWORD)
    await expect(screen.page.get_by_role("alert")).to_contain_text("cannot be reached")


async def test_an_ended_session_comes_back_to_the_same_address(
    profile: Profile, acme: TestCompany
) -> None:
    context = await profile()
    screen = Screen(await enter(context, acme, Role.ADMINISTRATOR), acme)
    await screen.go("/console/audit")
    await expect(screen.page.get_by_role("heading", name="Audit log")).to_be_visible()
    await context.clear_cookies()
    await screen.page.get_by_role("link", name="People").click()
    await expect(screen.page.get_by_text("Your session has ended")).to_be_visible()
    await screen.sign_in(acme.people[Role.ADMINISTRATOR].email, PASSWORD)
    await expect(screen.page).to_have_url(acme.server.address + "/console/people")
    await expect(screen.page.get_by_role("heading", name="People")).to_be_visible()


async def test_the_password_is_changed_and_signing_out_ends_it(
    profile: Profile, acme: TestCompany
) -> None:
    desk = Desk(await enter(await profile(), acme, Role.AGENT), acme)
    await desk.go("/desk")
    menu = desk.page.get_by_role("button", name="Your menu")
    await menu.click()
    await desk.page.get_by_role("button", name="Change password").click()
    dialog = desk.page.get_by_role("dialog", name="Change password")
    current = dialog.get_by_role("textbox", name="Current password")
    await current.fill("not mine")
    await dialog.get_by_role("textbox", name="New password", exact=True).fill("a longer sentence")
    await dialog.get_by_role("textbox", name="New password again").fill("a longer sentence")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_contain_text("The current password is not right")
    await current.fill(PASSWORD)
    await dialog.get_by_role("button", name="Save").click()
    await expect(desk.page.get_by_text("Your password was changed.")).to_be_visible()

    await menu.click()
    await desk.page.get_by_role("button", name="Sign out").click()
    await desk.sign_in(acme.people[Role.AGENT].email, "a longer sentence")
    await expect(menu).to_be_visible()


async def test_spanish_is_spoken_to_who_asks_for_it(profile: Profile, acme: TestCompany) -> None:
    context = await profile(locale="es-ES")
    desk = Desk(await enter(context, acme, Role.AGENT), acme)
    await desk.go("/desk")
    await expect(desk.page.get_by_role("heading", name="Mis conversaciones")).to_be_visible()
    assert await desk.page.evaluate("document.documentElement.lang") == "es"
