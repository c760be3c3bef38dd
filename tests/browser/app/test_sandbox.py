"""An administrator plays customer and agent, and sees what agents are offered."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from rapport.core.identity import Role
from tests.browser.app.pages import Screen
from tests.support.company import TestCompany
from tests.support.responses import publish

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


class Stage:
    """The sandbox on screen."""

    def __init__(self, screen: Screen) -> None:
        self.page: Page = screen.page

    async def begin(self, customer: str = "Sarah Jones") -> None:
        """Begin a new chat, as its customer."""
        await (
            self.page.get_by_role("button", name="Begin a chat")
            .or_(self.page.get_by_role("button", name="New chat"))
            .click()
        )
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_label("Customer's name").fill(customer)
        await dialog.get_by_role("button", name="Begin a chat").click()
        await expect(dialog).to_have_count(0)
        await expect(self.as_customer).to_be_visible()

    async def ask(self, text: str) -> None:
        """Say something as the customer, and go on as the agent."""
        await self.as_customer.fill(text)
        await self.as_customer.press("Enter")
        await expect(self.page.get_by_role("log")).to_contain_text(text)
        await self.page.get_by_text("Agent", exact=True).click()

    @property
    def as_customer(self) -> Locator:
        """Where the customer's side is written."""
        return self.page.get_by_role("textbox", name="Message from the customer")

    @property
    def as_agent(self) -> Locator:
        """Where the agent's side is written."""
        return self.page.get_by_role("textbox", name="Message to")

    @property
    def suggestions(self) -> Locator:
        """What the agent is offered."""
        return self.page.get_by_role("group", name="Suggested replies").get_by_role("button")


@pytest.mark.spec("CMP-256", "CMP-257", "CMP-259")
async def test_the_agents_side_is_helped_by_what_is_deployed_to_testing(
    administrator: Screen, acme: TestCompany
) -> None:
    page, stage = administrator.page, Stage(administrator)
    await publish(acme, [{"text": "Please write to our old office."}], "production")
    await publish(acme, [{"text": "Please file a missing baggage report at the airport."}])
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        draft = (await admin.get("/console/v1/global-responses/draft/responses")).json()
        old = next(row["id"] for row in draft["items"] if "old office" in row["text"])
        gone = {"revision": draft["revision"], "ids": [old]}
        await admin.post("/console/v1/global-responses/draft/remove", json=gone)
    await publish(acme, [{"text": "Your refund takes seven days."}], "sandbox")

    await administrator.go("/console/sandbox")
    await stage.begin()
    await stage.as_customer.fill("My bag is lost")
    await expect(page.get_by_role("group", name="Suggested replies")).to_have_count(0)
    await expect(page.get_by_role("tab", name="Global")).to_have_count(0)
    await stage.as_customer.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("My bag is lost")
    await expect(page.get_by_role("group", name="Suggested replies")).to_have_count(0)

    await page.get_by_text("Agent", exact=True).click()
    await expect(stage.suggestions.filter(has_text="missing baggage report")).to_be_visible()
    panel = page.get_by_role("tabpanel")
    for text in ("Please file a missing baggage report", "Your refund takes seven days."):
        await expect(panel.get_by_text(text)).to_be_visible()
    await expect(panel.get_by_text("old office")).to_have_count(0)
    assert await administrator.violations() == []

    async with page.expect_response(
        lambda answer: (
            answer.url.endswith("/suggestions")
            and '"query":"Please file a "' in (answer.request.post_data or "")
        )
    ) as asked:
        await stage.as_agent.press_sequentially("Please file a ")
    completion = (await (await asked.value).json())["phraseCompletion"]["text"]
    assert completion.startswith("Please file a missing baggage")
    await stage.as_agent.press("Tab")
    await expect(stage.as_agent).to_have_value(completion)
    await stage.as_agent.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text(completion)
    await page.get_by_text("Customer", exact=True).click()
    await expect(page.get_by_role("group", name="Suggested replies")).to_have_count(0)
    assert administrator.complaints == []


@pytest.mark.spec("CMP-258", "CMP-261")
async def test_own_responses_and_what_was_used_are_offered_in_later_chats(
    administrator: Screen, acme: TestCompany
) -> None:
    page, stage = administrator.page, Stage(administrator)
    habit = "Let me look into our lost and found office right away."
    await administrator.go("/console/sandbox")
    await stage.begin()
    await stage.ask("I left my umbrella on the train.")
    await page.get_by_role("tab", name="Custom").click()
    await page.get_by_role("button", name="New response").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Title").fill("Umbrella")
    await dialog.get_by_label("Text").fill("Umbrellas are kept at the central station.")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("tabpanel").get_by_text("Umbrella").first).to_be_visible()
    await expect(page.get_by_text("0 phrases of your own learnt")).to_be_visible()
    await stage.as_agent.fill(habit)
    await stage.as_agent.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text(habit)

    await stage.begin("Mo Adeyemi")
    await stage.ask("I left my umbrella on the train.")
    await stage.suggestions.filter(has_text="Umbrella").click()
    await expect(stage.as_agent).to_have_value("Umbrellas are kept at the central station.")
    await stage.as_agent.fill(habit)
    await stage.as_agent.press("Enter")
    await expect(page.get_by_text("1 phrase of your own learnt")).to_be_visible()

    await stage.begin("Lee Park")
    await stage.ask("I left my umbrella on the train.")
    await expect(stage.suggestions.filter(has_text="lost and found office")).to_be_visible()
    assert administrator.complaints == []


@pytest.mark.spec("CMP-260")
async def test_a_greeting_that_is_written_and_switched_on_opens_a_new_chat(
    administrator: Screen, acme: TestCompany
) -> None:
    page, stage = administrator.page, Stage(administrator)
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        policy = {"enabled": True, "delaySeconds": 1, "triggerAfterSeconds": 0}
        answer = await admin.patch("/console/v1/compose/greetings", json=policy)
        assert answer.status_code == 200, answer.text
    await administrator.go("/console/sandbox")
    await stage.begin()
    await stage.ask("Hello")
    await page.get_by_role("tab", name="Auto-Pilot").click()
    panel = page.get_by_role("tabpanel")
    await panel.get_by_label("When the name is known").fill("Welcome aboard, {NAME}!")
    await panel.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Your greetings were saved.")).to_be_visible()
    switch = panel.get_by_role("switch", name="Greet customers for me")
    # It shows what the server has taken, a moment after the click.
    await switch.click(force=True)
    await expect(switch).not_to_be_checked()
    await stage.begin("Mo Adeyemi")
    async with page.expect_response("**/suggestions") as offered:
        await stage.ask("Where is my order?")
    assert (await (await offered.value).json()).get("autopilotMessage") is None
    await expect(page.get_by_role("log")).not_to_contain_text("Welcome aboard")

    await switch.click(force=True)
    await expect(switch).to_be_checked()
    await stage.begin("Lee Park")
    await stage.ask("Where is my order?")
    await expect(page.get_by_role("log")).to_contain_text("Welcome aboard, Lee!")
    assert administrator.complaints == []
