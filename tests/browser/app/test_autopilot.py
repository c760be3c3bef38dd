"""A greeting that goes out by itself, unless its agent objects."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from tests.browser.app.pages import Writing
from tests.compose.test_greetings import set_policy

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TEXTS = {"greetingGeneric": "Welcome.", "greetingCustomerName": "Welcome, {NAME}."}
WHOLE_LIFE = 3


@pytest_asyncio.fixture(loop_scope="session")
async def greeting(writing: Writing) -> AsyncIterator[Locator]:
    """Where a greeting is announced, in a company that greets after three seconds."""
    await set_policy(
        writing.company, enabled=True, delaySeconds=WHOLE_LIFE, triggerAfterSeconds=0, **TEXTS
    )
    yield writing.page.get_by_role("group", name="Auto-Pilot")
    await set_policy(writing.company, enabled=False)


@pytest.mark.spec("CMP-150", "CMP-152")
async def test_a_greeting_is_announced_and_goes_out_or_is_stopped(
    writing: Writing, greeting: Locator
) -> None:
    writing.calls.forget()
    ann = await writing.serves("Ann Ode")
    await expect(greeting).to_contain_text("Welcome, Ann.")
    await expect(greeting.get_by_role("timer")).to_contain_text("seconds")
    said = await ann.hears("Welcome, Ann.")
    assert said["actor"]["role"] == "agent"
    await expect(greeting).to_have_count(0)
    sent = await writing.calls.last("message-sent")
    assert sent["messageId"] == said["data"]["message"]
    assert sent["augmentationType"] == []

    await writing.serves("Bob Ode")
    await greeting.get_by_role("button", name="Do not send").click()
    await expect(greeting).to_have_count(0)
    await writing.page.wait_for_timeout(WHOLE_LIFE * 1000 + 200)
    await expect(writing.log).not_to_contain_text("Welcome")


@pytest.mark.spec("CMP-151")
async def test_one_character_stops_it_for_good(writing: Writing, greeting: Locator) -> None:
    await writing.serves("Cid Ode")
    await expect(greeting).to_be_visible()
    await writing.types("H")
    await expect(greeting).to_have_count(0)
    await writing.field.press("Backspace")
    await writing.page.wait_for_timeout(WHOLE_LIFE * 1000 + 200)
    await writing.page.reload()
    await expect(writing.suggestions).to_have_count(3)
    await expect(greeting).to_have_count(0)
    await expect(writing.log).not_to_contain_text("Welcome")


@pytest.mark.spec("CMP-155")
async def test_an_agent_has_words_of_their_own_and_a_switch(
    writing: Writing, greeting: Locator
) -> None:
    await writing.serves("Dan Ode")
    await writing.shows("Auto-Pilot")
    named = writing.side.get_by_label("When the name is known", exact=True)
    await expect(named).to_have_value("Welcome, {NAME}.")
    await named.fill("Iris here, {NAME}.")
    await writing.side.get_by_role("button", name="Save").click()
    await expect(writing.page.get_by_text("Your greetings were saved.")).to_be_visible()

    eve = await writing.serves("Eve Ode")
    await expect(greeting).to_contain_text("Iris here, Eve.")
    await eve.hears("Iris here, Eve.")

    await writing.side.get_by_role("switch", name="Greet customers for me").click()
    await expect(writing.side.get_by_role("switch")).not_to_be_checked()
    await writing.page.wait_for_load_state("networkidle")
    await writing.serves("Fay Ode")
    await expect(writing.suggestions).to_have_count(3)
    await expect(greeting).to_have_count(0)
