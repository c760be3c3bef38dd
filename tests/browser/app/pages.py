"""The application as people use it: by what is on screen, never by how it is made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Locator, Page, TimeoutError, expect

from rapport.core.identity import Role
from tests.browser.app.calls import Calls
from tests.browser.app.customers import Arrive, Customer
from tests.support.company import Someone, TestCompany

AXE = Path(__file__).parents[3] / "web/node_modules/axe-core/axe.min.js"
# For so long what opens may still be finding its place.
SETTLING_MS = 2_000
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Screen:
    """One page of a person."""

    def __init__(self, page: Page, company: TestCompany) -> None:
        self.page = page
        self.company = company
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    async def go(self, path: str) -> None:
        """Open an address of the application."""
        await self.page.goto(self.company.server.address + path)

    async def sign_in(self, email: str, password: str) -> None:
        """Fill the sign-in form, the organization first."""
        await self.page.get_by_label("Organization").fill(self.company.marker)
        await self.page.get_by_role("button", name="Continue").click()
        await self.page.get_by_label("E-mail").fill(email)
        await self.page.get_by_role("textbox", name="Password").fill(password)
        await self.page.get_by_role("button", name="Sign in").click()

    async def violations(self) -> list[str]:
        """Return what axe finds serious, with the element and what is wrong."""
        # A half faded colour has no contrast.
        await self.page.evaluate(
            "Promise.all(document.getAnimations()"
            ".filter((one) => one.effect.getTiming().iterations !== Infinity)"
            ".map((one) => one.finished.catch(() => null)))"
        )
        await self.page.evaluate(AXE.read_text())
        options = json.dumps({"runOnly": RULES, "resultTypes": ["violations"]})
        found: dict[str, Any] = await self.page.evaluate(f"axe.run({options})")
        return [
            f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"
            for violation in found["violations"]
            if violation["impact"] in {"serious", "critical"}
            for node in violation["nodes"]
        ]

    async def is_within_width(self) -> bool:
        """Tell whether nothing makes the page scroll sideways, once what opens has found its place."""
        try:
            await self.page.wait_for_function(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth",
                timeout=SETTLING_MS,
            )
        except TimeoutError:
            return False
        return True


class Desk(Screen):
    """An agent's desk."""

    @property
    def rows(self) -> Locator:
        """The conversations of the list."""
        return self.page.get_by_role("navigation", name="My conversations").get_by_role("button")

    @property
    def log(self) -> Locator:
        """The transcript."""
        return self.page.get_by_role("log")

    @property
    def field(self) -> Locator:
        """Where the agent writes."""
        return self.page.get_by_role("textbox", name="Message to")

    @property
    def suggestions(self) -> Locator:
        """The replies offered above the field."""
        return self.page.get_by_role("group", name="Suggested replies").get_by_role("button")

    @property
    def status(self) -> Locator:
        """Active or away."""
        return self.page.get_by_role("switch", name="Your status")

    async def go_active(self) -> None:
        """Take conversations from now on."""
        await self.status.click()
        await expect(self.status).to_have_attribute("aria-checked", "true")

    async def opens(self, name: str) -> None:
        """Choose a conversation of the list."""
        await self.rows.filter(has_text=name).click()
        await expect(self.page.get_by_role("heading", name=name, level=1)).to_be_visible()


class Writing(Desk):
    """A desk whose calls are noted, and customers who come to it."""

    def __init__(self, page: Page, company: TestCompany, calls: Calls, arrive: Arrive) -> None:
        super().__init__(page, company)
        self.calls = calls
        self.arrive = arrive

    @property
    def side(self) -> Locator:
        """What stands beside the conversation."""
        return self.page.get_by_role("complementary", name="Responses and customer")

    @property
    def grey(self) -> Locator:
        """How the message would go on, behind what is written."""
        return self.page.locator("[class*=ghost]")

    async def serves(self, name: str, text: str = "Where is my order?") -> Customer:
        """Let a customer come and open their conversation."""
        customer = await self.arrive(name, text)
        await self.opens(name)
        await expect(self.log).to_contain_text(text)
        return customer

    async def shows(self, tab: str) -> None:
        """Turn to a tab of the side."""
        await self.side.get_by_role("tab", name=tab, exact=True).click()

    async def types(self, text: str) -> None:
        """Type like a person, a key at a time."""
        await self.field.press_sequentially(text, delay=70)

    async def sends(self, text: str) -> None:
        """Type over what is there, and send it."""
        await self.field.fill(text)
        await self.field.press("Enter")


async def enter(context: BrowserContext, company: TestCompany, who: Role | Someone) -> Page:
    """Return a page whose person has signed in already."""
    async with company.signed_in(who) as client:
        cookies = [
            {"name": name, "value": value, "url": company.server.address}
            for name, value in client.cookies.items()
        ]
    await context.add_cookies(cookies)  # type: ignore[arg-type]
    return await context.new_page()
