"""The widget for people who use keys, screen readers, phones, other directions and large type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import PHONE, Profile
from tests.browser.widget.chat import Chat, visit
from tests.browser.widget.desk import Agent
from tests.browser.widget.site import Site
from tests.support.company import TestCompany

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AXE = Path(__file__).parents[3] / "web/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def violations(page: Page) -> list[str]:
    """Return what axe finds in the widget, with the element and what is wrong."""
    # The page's own policy allows no foreign script; the tool comes in beside it.
    await page.evaluate(AXE.read_text())
    options = json.dumps({"runOnly": RULES, "rules": {"region": {"enabled": False}}})
    found: dict[str, Any] = await page.evaluate(
        f"axe.run({{include: [['rapport-chat']]}}, {options})"
    )
    return [
        f"{violation['id']} ({violation['impact']}): {node['html'][:200]} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


async def _settled(page: Page) -> None:
    """Wait until nothing moves: a half faded colour has no contrast."""
    await page.evaluate(
        "Promise.all(document.querySelector('rapport-chat').shadowRoot.getAnimations()"
        ".filter((one) => one.effect.getTiming().iterations !== Infinity).map((one) => one.finished))"
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
@pytest.mark.parametrize("color", [None, "#ffd400", "#7a0019"])
async def test_axe_finds_nothing(
    profile: Profile,
    site: Site,
    acme: TestCompany,
    agent: Agent,
    theme: str,
    device: str,
    color: str | None,
) -> None:
    options = PHONE if device == "phone" else {}
    page = await (await profile(color_scheme=theme, **options)).new_page()
    customer = await visit(page, site, acme.marker, Display={"PrimaryColor": color or ""})
    assert await violations(page) == []
    await customer.open()
    await _settled(page)
    assert await violations(page) == []

    await customer.says("Hello, see https://example.org/help")
    conversation = await agent.conversation()
    message = await agent.hears(conversation, "Hello, see https://example.org/help")
    await agent.reads(conversation, message["seq"])
    await agent.says(conversation, "Hi, see https://example.org/answer")
    await expect(customer.bubbles).to_have_count(2)
    await agent.types(conversation)
    await expect(customer.log.locator(".typing")).to_be_visible()
    await customer.field.fill("x" * 3_900)
    await _settled(page)
    assert await violations(page) == []

    await agent.ends(conversation)
    await expect(customer.log).to_contain_text("Conversation ended")
    await _settled(page)
    assert await violations(page) == []


async def test_everything_works_with_keys_alone(customer: Chat, agent: Agent) -> None:
    page = customer.page
    keys = page.keyboard
    while not await customer.launcher.evaluate("(b) => b.getRootNode().activeElement === b"):
        await keys.press("Tab")
    await keys.press("Enter")
    await expect(customer.field).to_be_focused()
    await keys.type("Hello")
    await keys.press("Shift+Enter")
    await keys.type("on two lines")
    await keys.press("Enter")
    conversation = await agent.conversation()
    await agent.hears(conversation, "Hello\non two lines")
    await expect(customer.field).to_be_focused()
    await expect(customer.field).to_have_value("")

    await agent.says(conversation, "Hi")
    await expect(customer.bubbles).to_have_count(2)
    await expect(customer.field).to_be_focused()
    await keys.press("Shift+Tab")
    await expect(customer.log).to_be_focused()
    await keys.press("Escape")
    await expect(customer.window).to_have_count(0)
    await expect(customer.launcher).to_be_focused()


async def test_focus_returns_to_the_pages_own_button(customer: Chat) -> None:
    page = customer.page
    await page.evaluate("() => { ask.onclick = () => Rapport('show'); }")
    await page.get_by_role("button", name="Ask").press("Enter")
    await expect(customer.field).to_be_focused()
    await page.keyboard.press("Escape")

    await expect(page.get_by_role("button", name="Ask")).to_be_focused()


async def test_only_the_other_sides_words_are_announced(customer: Chat, agent: Agent) -> None:
    await customer.open()
    announced = customer.page.locator("rapport-chat [aria-live=polite]").first
    await customer.says("Hello")
    conversation = await agent.conversation()
    await agent.hears(conversation, "Hello")
    await expect(customer.log).to_contain_text("Agent One joined")
    await agent.types(conversation)
    await expect(customer.log.locator(".typing")).to_be_visible()
    await expect(announced).to_have_text("")

    await agent.says(conversation, "Hi")
    await expect(announced).to_have_text("Agent One: Hi")
    await agent.live.event(f"conversation/{conversation}", "message.read", role="customer")
    await customer.page.reload()
    await customer.shows("Hello", "Hi")
    await expect(announced).to_have_text("")


@pytest.mark.spec("CHN-092")
async def test_a_phone_gives_the_chat_all_of_its_screen(
    profile: Profile, site: Site, acme: TestCompany
) -> None:
    page = await (await profile(**PHONE)).new_page()
    customer = await visit(page, site, acme.marker)
    await customer.launcher.tap()
    await _settled(page)

    assert await customer.window.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    await expect(page.locator("rapport-chat .launcher")).to_be_hidden()
    # The keyboard must not hide what one came to read.
    await expect(customer.field).not_to_be_focused()
    await expect(customer.window.get_by_role("button", name="Close chat")).to_be_visible()
    for _ in range(8):
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.localName") == "rapport-chat"
    await customer.window.get_by_role("button", name="Close chat").tap()
    await expect(customer.window).to_have_count(0)
    await expect(customer.launcher).to_be_visible()


async def test_zoomed_to_400_percent_nothing_is_cut_off(
    profile: Profile, site: Site, acme: TestCompany
) -> None:
    page = await (await profile(viewport={"width": 295, "height": 205})).new_page()
    customer = await visit(page, site, acme.marker)
    await customer.open()
    await _settled(page)

    for part in (customer.field, customer.window.get_by_role("button", name="Close chat")):
        await expect(part).to_be_in_viewport(ratio=1)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_page_that_reads_from_the_right(
    profile: Profile, site: Site, acme: TestCompany, agent: Agent
) -> None:
    page = await (await profile()).new_page()
    customer = Chat(page)
    settings = {"AppId": acme.marker, "APIHostname": site.server}
    await page.goto(site.page(settings, direction="rtl"))
    await customer.open()
    await customer.says("مرحبا")
    conversation = await agent.conversation()
    await agent.says(conversation, "أهلا")
    await customer.shows("مرحبا", "أهلا")
    await _settled(page)

    mine = await customer.bubbles.nth(0).bounding_box()
    theirs = await customer.bubbles.nth(1).bounding_box()
    assert mine is not None
    assert theirs is not None
    assert mine["x"] < theirs["x"]
    assert await violations(page) == []


async def test_people_who_want_no_motion_get_none(
    profile: Profile, site: Site, acme: TestCompany
) -> None:
    page = await (await profile(reduced_motion="reduce")).new_page()
    customer = await visit(page, site, acme.marker)
    await customer.open()

    moving = "document.querySelector('rapport-chat').shadowRoot.getAnimations().length"
    assert await page.evaluate(moving) == 0


async def test_it_speaks_spanish(profile: Profile, site: Site, acme: TestCompany) -> None:
    page = await (await profile()).new_page()
    customer = await visit(page, site, acme.marker, Language="es-MX")
    await page.get_by_role("button", name="Abrir el chat").click()

    await expect(customer.window.get_by_role("textbox", name="Mensaje")).to_be_focused()
    assert await page.locator("rapport-chat").get_attribute("lang") == "es"
