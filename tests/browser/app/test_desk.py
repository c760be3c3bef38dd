"""An agent answers customers."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from rapport.core.identity import Role
from tests.browser.app.customers import Arrive
from tests.browser.app.pages import Desk
from tests.support.company import TestCompany
from tests.support.responses import publish

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_message_arrives_live_and_its_answer_is_taken_by_tab(
    desk: Desk, arrive: Arrive, acme: TestCompany
) -> None:
    await publish(acme, [{"text": "Your order is on its way to you."}])
    customer = await arrive("Sam Ode", "Where is my order?")
    await desk.opens("Sam Ode")
    await expect(desk.log).to_contain_text("Where is my order?")
    await customer.says("It was due on Monday.")
    await expect(desk.log).to_contain_text("It was due on Monday.")

    await expect(desk.suggestions.first).to_have_text("Your order is on its way to you.")
    await desk.field.press_sequentially("Thanks! Your ord")
    await desk.field.press("Tab")
    await expect(desk.field).to_have_value("Thanks! Your order is on its way to you.")
    await desk.field.press("Enter")

    await customer.hears("Thanks! Your order is on its way to you.")
    await expect(desk.field).to_have_value("")
    await expect(desk.field).to_be_focused()
    assert desk.complaints == []


async def test_alt_and_a_number_insert_a_suggestion(
    desk: Desk, arrive: Arrive, acme: TestCompany
) -> None:
    await publish(acme, [{"text": "You can return it within 30 days."}])
    await arrive("Sam Ode", "Can I return a lamp?")
    await desk.opens("Sam Ode")
    await desk.field.press_sequentially("Hm")
    await expect(desk.suggestions).to_have_count(1)
    await desk.page.keyboard.press("Alt+1")
    await expect(desk.field).to_have_value("You can return it within 30 days.")
    await desk.page.keyboard.press("Control+z")
    await expect(desk.field).to_have_value("Hm")


async def test_a_message_is_on_screen_before_the_server_knows(desk: Desk, arrive: Arrive) -> None:
    customer = await arrive("Sam Ode", "Hello?")
    await desk.opens("Sam Ode")
    await desk.page.context.set_offline(True)
    await desk.page.evaluate("window.dispatchEvent(new Event('offline'))")
    await desk.field.fill("Hello Sam")
    await desk.field.press("Enter")
    await expect(desk.log.get_by_text("Hello Sam")).to_be_visible(timeout=500)
    await desk.page.context.set_offline(False)
    await customer.hears("Hello Sam")
    await expect(desk.log.get_by_text("Hello Sam")).to_have_count(1)
    await expect(desk.log).to_contain_text(re.compile("Sent|Delivered"))


async def test_typing_delivered_and_read_are_shown(desk: Desk, arrive: Arrive) -> None:
    customer = await arrive("Sam Ode", "Hello?")
    await desk.opens("Sam Ode")
    await customer.types()
    await expect(desk.rows.first).to_contain_text("typing…")
    await expect(desk.page.get_by_text("Sam Ode is typing…")).to_be_visible()
    await customer.says("Are you there?")
    await expect(desk.page.get_by_text("Sam Ode is typing…")).to_have_count(0)

    await desk.field.fill("Yes")
    await desk.field.press("Enter")
    said = await customer.hears("Yes")
    await customer.live.ask("mark", conversation=customer.conversation, delivered=said["seq"])
    await expect(desk.log).to_contain_text("Delivered")
    await customer.live.ask("mark", conversation=customer.conversation, read=said["seq"])
    await expect(desk.log).to_contain_text("Read")


async def test_a_draft_survives_a_reload(desk: Desk, arrive: Arrive) -> None:
    await arrive("Sam Ode", "Hello?")
    await desk.opens("Sam Ode")
    await desk.field.fill("I was just about to")
    await desk.page.reload()
    await expect(desk.field).to_have_value("I was just about to")


async def test_who_waits_longest_comes_first_and_no_event_takes_the_focus(
    desk: Desk, arrive: Arrive
) -> None:
    first = await arrive("Ann Lee", "One")
    await desk.opens("Ann Lee")
    await desk.field.fill("Hello Ann")
    await arrive("Bob Ray", "Two")
    await expect(desk.rows).to_have_count(2)
    await expect(desk.rows.first).to_contain_text("Ann Lee")
    await expect(desk.field).to_be_focused()
    await desk.field.press("Enter")
    await expect(desk.rows.first).to_contain_text("Bob Ray")
    await first.says("Three")
    await expect(desk.rows.nth(1)).to_contain_text("Three")
    await expect(desk.field).to_be_focused()
    await expect(desk.page).to_have_title(re.compile(r"^\(1\) Desk"))

    await desk.page.keyboard.press("Alt+ArrowUp")
    await expect(desk.page.get_by_role("heading", name="Bob Ray", level=1)).to_be_visible()
    await expect(desk.field).to_be_focused()


async def test_ending_with_a_note_frees_the_slot_for_who_waits(
    desk: Desk, arrive: Arrive, acme: TestCompany
) -> None:
    customers = [await arrive(f"Guest {number}", "Hi") for number in range(1, 5)]
    await expect(desk.rows).to_have_count(3)
    await desk.opens("Guest 1")
    await desk.page.keyboard.press("Control+e")
    dialog = desk.page.get_by_role("dialog", name="End the conversation with Guest 1?")
    await dialog.get_by_label("Note").fill("Only said hi.")
    await dialog.get_by_role("button", name="End conversation").click()

    await customers[0].live.event(customers[0].topic, "conversation.ended")
    await expect(desk.rows.filter(has_text="Guest 4")).to_be_visible()
    await expect(desk.rows.filter(has_text="Guest 1")).to_have_count(0)
    await expect(desk.page.get_by_role("heading", name="Guest 2", level=1)).to_be_visible()
    assert "Only said hi." not in str(customers[0].live.messages)

    async with acme.signed_in(Role.SUPERVISOR) as http:
        address = f"/desk/v1/conversations/{customers[0].conversation}"
        assert [note["text"] for note in (await http.get(address)).json()["notes"]] == [
            "Only said hi."
        ]


async def test_a_conversation_that_the_customer_leaves_stays_until_it_is_closed(
    desk: Desk, arrive: Arrive, acme: TestCompany
) -> None:
    customer = await arrive("Sam Ode", "Hello?")
    await desk.opens("Sam Ode")
    await expect(desk.log).to_contain_text("Hello?")
    async with acme.signed_in(Role.SUPERVISOR) as http:
        await http.post(f"/desk/v1/conversations/{customer.conversation}/end", json={})
    await expect(desk.page.get_by_text("This conversation has ended.")).to_be_visible()
    await desk.page.get_by_role("button", name="Close conversation").click()
    await expect(desk.page.get_by_role("heading", name="Waiting for customers")).to_have_count(0)
    await expect(desk.rows).to_have_count(0)


async def test_the_keys_are_listed(desk: Desk) -> None:
    await desk.page.keyboard.press("?")
    await expect(desk.page.get_by_role("dialog")).to_contain_text("End conversation")
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)
    await desk.page.keyboard.press("Alt+a")
    await expect(desk.status).to_have_attribute("aria-checked", "false")
    await expect(desk.page.get_by_text("You are away").locator("visible=true")).to_be_visible()
