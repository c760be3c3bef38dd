"""A customer and an agent talk."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.widget.chat import Chat
from tests.browser.widget.desk import Agent
from tests.browser.widget.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.spec("CHN-014")
async def test_a_message_goes_there_and_an_answer_comes_back(customer: Chat, agent: Agent) -> None:
    await customer.open()
    await expect(customer.window).to_contain_text("How can we help?")
    await customer.says("Where is my order?")

    conversation = await agent.conversation()
    await agent.hears(conversation, "Where is my order?")
    await agent.says(conversation, "On its way, it comes tomorrow.")

    await customer.shows("Where is my order?", "On its way, it comes tomorrow.")
    await expect(customer.window).to_contain_text("Agent One joined")
    assert customer.complaints == []


async def test_a_message_is_sent_then_delivered_then_read(customer: Chat, agent: Agent) -> None:
    await customer.open()
    await customer.says("Hello")
    conversation = await agent.conversation()
    message = await agent.hears(conversation, "Hello")
    await expect(customer.log.locator(".state")).to_have_text("Sent")

    await agent.live.ask("mark", conversation=conversation, delivered=message["seq"])
    await expect(customer.log.locator(".state")).to_have_text("Delivered")
    await agent.reads(conversation, message["seq"])
    await expect(customer.log.locator(".state")).to_have_text("Read")


async def test_each_side_sees_the_other_there_and_typing(customer: Chat, agent: Agent) -> None:
    await customer.open()
    await customer.says("Hello")
    conversation = await agent.conversation()
    await expect(customer.window).to_contain_text("Agent One is here")

    await agent.types(conversation)
    await expect(customer.log.locator(".typing")).to_be_visible()
    await agent.says(conversation, "Hi")
    await expect(customer.log.locator(".typing")).to_have_count(0)

    await customer.field.press_sequentially("I am")
    signal = await agent.live.until(
        lambda m: (
            m["type"] == "signal" and m["kind"] == "typing" and m["from"]["role"] == "customer"
        )
    )
    assert signal["data"] == {"typing": True}


@pytest.mark.spec("CHN-111")
async def test_messages_read_on_screen_are_read_and_others_are_counted(
    customer: Chat, agent: Agent
) -> None:
    await customer.open()
    await customer.says("Hello")
    conversation = await agent.conversation()
    await agent.says(conversation, "one")
    topic = f"conversation/{conversation}"
    read = await agent.live.event(topic, "message.read", role="customer")
    await customer.page.keyboard.press("Escape")
    await expect(customer.window).to_have_count(0)

    await agent.says(conversation, "two")
    await agent.says(conversation, "three")
    unread = customer.page.get_by_role("button", name="Open chat, 2 unread")
    await expect(unread).to_be_visible()
    states = "new Promise((told) => Rapport('getState', (state) => told(state.unreadMessages)))"
    assert await customer.page.evaluate(states) == 2
    assert (await agent.live.event(topic, "message.read", role="customer")) == read

    await unread.click()
    await expect(customer.launcher).to_have_count(0)
    await customer.page.wait_for_function(f"{states}.then((count) => count === 0)")
    heard = [text for name, text in await customer.heard() if name == "message"]
    assert heard == ["one", "two", "three"]


async def test_after_the_end_writing_begins_a_new_conversation(
    customer: Chat, agent: Agent
) -> None:
    await customer.open()
    await customer.says("First question")
    first = await agent.conversation()
    await agent.ends(first)
    await expect(customer.log).to_contain_text("Conversation ended")

    await customer.says("Second question")
    second = await agent.conversation(2)

    assert second != first
    await agent.hears(second, "Second question")
    await customer.shows("First question", "Second question")


async def test_earlier_conversations_come_back_on_request(customer: Chat, agent: Agent) -> None:
    await customer.open()
    for number, text in enumerate(("one", "two", "three"), start=1):
        await customer.says(text)
        await agent.ends(await agent.conversation(number))
        await expect(customer.log.get_by_text("Conversation ended")).to_have_count(number)

    await customer.page.reload()
    await customer.shows("three")
    earlier = customer.window.get_by_role("button", name="Earlier conversations")
    await earlier.click()
    await customer.shows("two", "three")
    await earlier.click()
    await customer.shows("one", "two", "three")
    await expect(earlier).to_have_count(0)


async def test_words_are_shown_as_words(customer: Chat, agent: Agent) -> None:
    await customer.open()
    await customer.says("<b>bold</b> & <img src=x onerror='window.hurt = true'>")
    conversation = await agent.conversation()
    await agent.says(conversation, "</p><script>window.hurt = true</script> javascript:alert(1)")

    await customer.shows(
        "<b>bold</b> & <img src=x onerror='window.hurt = true'>",
        "</p><script>window.hurt = true</script> javascript:alert(1)",
    )
    assert await customer.page.evaluate("window.hurt") is None
    assert await customer.log.locator("b, img, script, a").count() == 0


@pytest.mark.spec("CHN-163", "CHN-164", "CHN-165")
async def test_links_open_where_they_belong(customer: Chat, agent: Agent, site: Site) -> None:
    await customer.open()
    await customer.says("Where do I find it?")
    conversation = await agent.conversation()
    page = customer.page
    here = page.url.split("?")[0].rstrip("/")
    secure = here.replace("http://", "https://")
    query = page.url.split("?")[1]
    await agent.says(
        conversation, f"{here}/next?{query} or {site.server}/sdk/v1/sdk.js or {secure}/y"
    )

    async with page.expect_popup() as popup:
        await customer.log.get_by_role("link", name="sdk.js").click()
    assert await (await popup.value).evaluate("window.opener") is None
    async with page.expect_popup():
        await customer.log.get_by_role("link", name=secure).click()
    await expect(customer.window).to_be_visible()

    await customer.log.get_by_role("link", name=f"{here}/next").click()
    await page.wait_for_url("**/next?**")
    await expect(customer.bubbles).to_have_count(2)
