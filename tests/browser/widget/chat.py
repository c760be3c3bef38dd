"""The widget as a customer uses it: by what is on screen, never by how it is made."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.browser.widget.site import Site


class Chat:
    """One page with the widget."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )

    @property
    def launcher(self) -> Locator:
        """The round button."""
        return self.page.get_by_role("button", name="Open chat")

    @property
    def window(self) -> Locator:
        """The dialog."""
        return self.page.get_by_role("dialog")

    @property
    def log(self) -> Locator:
        """The transcript."""
        return self.window.get_by_role("log")

    @property
    def field(self) -> Locator:
        """Where one writes."""
        return self.window.get_by_role("textbox", name="Message")

    @property
    def bubbles(self) -> Locator:
        """Every message."""
        return self.log.locator(".bubble")

    async def open(self) -> None:
        """Open the window with the button."""
        await self.launcher.click()
        await expect(self.window).to_be_visible()

    async def says(self, text: str) -> None:
        """Write a message and send it."""
        await self.field.fill(text)
        await self.field.press("Enter")

    async def shows(self, *texts: str) -> None:
        """Wait until exactly these messages are on screen, in order."""
        await expect(self.bubbles).to_have_text(list(texts))

    async def command(self, *call: Any) -> Any:
        """Run a command of the page."""
        return await self.page.evaluate("(call) => window.Rapport(...call)", list(call))

    async def heard(self) -> list[list[str | None]]:
        """Return the events the page heard: name and text."""
        heard: list[list[str | None]] = await self.page.evaluate("window.heard")
        return heard


async def visit(page: Page, site: Site, app: str, **settings: Any) -> Chat:
    """Load a company's page with the widget and wait for the button."""
    chat = Chat(page)
    await page.goto(site.page({"AppId": app, "APIHostname": site.server, **settings}))
    await expect(page.locator("rapport-chat")).to_be_attached()
    return chat
