"""Every screen in light and dark, on a desktop and on a phone: accessible and within its width."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from rapport.core.identity import Role
from tests.browser.app.conftest import WIDE
from tests.browser.app.customers import Arrive
from tests.browser.app.pages import Desk, Screen, enter
from tests.browser.conftest import PHONE, Profile
from tests.support.company import TestCompany

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DEVICES: dict[str, dict[str, Any]] = {"desktop": WIDE, "phone": PHONE}
LOOKS = [
    pytest.param(scheme, device, id=f"{scheme}-{device}")
    for scheme in ("light", "dark")
    for device in DEVICES
]


async def _is_fine(screen: Screen) -> None:
    assert await screen.violations() == []
    assert await screen.is_within_width()


async def _is_fine_beside(desk: Desk, device: str) -> None:
    if device == "phone":
        await desk.page.get_by_role("button", name="Details").click()
    for tab in ("Global", "Custom", "Auto-Pilot"):
        await desk.page.get_by_role("tab", name=tab, exact=True).click()
        await expect(desk.page.locator("[aria-busy=true]")).to_have_count(0)
        await _is_fine(desk)
    if device == "phone":
        await desk.page.keyboard.press("Escape")
        await expect(desk.page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize(("scheme", "device"), LOOKS)
async def test_sign_in(profile: Profile, acme: TestCompany, scheme: str, device: str) -> None:
    page = await (await profile(color_scheme=scheme, **DEVICES[device])).new_page()
    screen = Screen(page, acme)
    await screen.go("/desk")
    await expect(page.get_by_label("Organization")).to_be_visible()
    await _is_fine(screen)
    await screen.sign_in("nobody@example.org", "wrong")
    await expect(page.get_by_role("alert")).to_be_visible()
    await _is_fine(screen)


@pytest.mark.parametrize(("scheme", "device"), LOOKS)
async def test_the_desk(
    profile: Profile, acme: TestCompany, arrive: Arrive, scheme: str, device: str
) -> None:
    context = await profile(color_scheme=scheme, **DEVICES[device])
    desk = Desk(await enter(context, acme, Role.AGENT), acme)
    await desk.go("/desk")
    await expect(desk.page.get_by_text("You are away").locator("visible=true")).to_be_visible()
    await _is_fine(desk)
    await desk.go_active()
    sam = await arrive("Sam Ode", "Where is my order?")
    await expect(desk.rows).to_have_count(1)
    await _is_fine(desk)
    await desk.opens("Sam Ode")
    await desk.field.fill("A moment please")
    await desk.field.press("Enter")
    await sam.hears("A moment please")
    await _is_fine(desk)

    await desk.field.fill("Case {CASE_ID}")
    await desk.field.press("Enter")
    await expect(desk.page.get_by_role("alert")).to_be_visible()
    await _is_fine(desk)
    await desk.field.fill("")
    await desk.field.press_sequentially("/")
    await expect(desk.page.get_by_text("My responses", exact=True)).to_be_visible()
    await _is_fine(desk)
    await desk.field.press("Escape")
    await _is_fine_beside(desk, device)

    await desk.page.get_by_role("button", name="End conversation").click()
    await expect(desk.page.get_by_role("dialog")).to_be_visible()
    await _is_fine(desk)
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)
    await desk.page.get_by_role("button", name="Your menu").click()
    await expect(desk.page.get_by_role("button", name="Sign out")).to_be_visible()
    await _is_fine(desk)
    assert desk.complaints == []


@pytest.mark.parametrize(("scheme", "device"), LOOKS)
async def test_the_live_view(
    profile: Profile, acme: TestCompany, arrive: Arrive, scheme: str, device: str
) -> None:
    sam = await arrive("Sam Ode", "Where is my order?")
    context = await profile(color_scheme=scheme, **DEVICES[device])
    screen = Screen(await enter(context, acme, Role.SUPERVISOR), acme)
    await screen.go("/desk/live")
    await expect(screen.page.get_by_role("link", name="Sam Ode")).to_be_visible()
    await _is_fine(screen)
    await screen.go(f"/desk/live/{sam.conversation}")
    await expect(screen.page.get_by_role("log")).to_contain_text("Where is my order?")
    await _is_fine(screen)
    assert screen.complaints == []


@pytest.mark.parametrize(("scheme", "device"), LOOKS)
@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/console", "Console"),
        ("/console/people", "People"),
        ("/console/redaction", "Redaction"),
        ("/console/responses", "Global responses"),
        ("/console/dictionary", "Metadata dictionary"),
        ("/console/models", "Models"),
        ("/console/composer", "Composer"),
        ("/console/metrics", "Metrics"),
        ("/console/sandbox", "Sandbox"),
        ("/console/blocklist", "Blocked words"),
        ("/console/audit", "Audit log"),
    ],
)
async def test_the_console(
    profile: Profile, acme: TestCompany, scheme: str, device: str, address: str, heading: str
) -> None:
    context = await profile(color_scheme=scheme, **DEVICES[device])
    screen = Screen(await enter(context, acme, Role.ADMINISTRATOR), acme)
    await screen.go(address)
    await expect(screen.page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    await screen.page.wait_for_load_state("networkidle")
    await _is_fine(screen)
    assert screen.complaints == []


@pytest.mark.parametrize(("scheme", "device"), LOOKS)
async def test_the_portal(profile: Profile, acme: TestCompany, scheme: str, device: str) -> None:
    context = await profile(color_scheme=scheme, **DEVICES[device])
    screen = Screen(await enter(context, acme, Role.DEVELOPER), acme)
    await screen.go("/portal")
    await expect(screen.page.get_by_text("First key")).to_be_visible()
    await expect(screen.page.get_by_label("The first call")).to_contain_text("curl -X POST")
    await _is_fine(screen)
    assert screen.complaints == []
