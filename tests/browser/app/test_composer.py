"""An agent writes, with help above the field, in it, and behind a slash."""

from __future__ import annotations

import re
import time

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.app.pages import Writing
from tests.compose.test_switches import switch

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SERVICE = "**/autocompose/v1/**"


async def height_of_composer(page: Page) -> float:
    """Where the transcript ends: what moves when the composer jumps."""
    box = await page.get_by_role("log").locator("xpath=..").bounding_box()
    assert box is not None
    return float(box["height"])


@pytest.mark.spec("CMP-156", "CMP-159", "CMP-160")
async def test_replies_stand_above_an_empty_field_by_title_or_text(writing: Writing) -> None:
    await writing.serves("Ann Ode")
    await expect(writing.suggestions).to_have_count(3)
    titled = writing.suggestions.filter(has_text="Order status")
    await expect(titled).to_have_accessible_name("Order status")
    untitled = writing.suggestions.filter(has_text="May I have your order number?")
    await expect(untitled).to_have_accessible_name("May I have your order number?")


@pytest.mark.spec("CMP-158", "CMP-164")
async def test_a_chosen_reply_takes_the_place_of_everything_and_is_sent_as_changed(
    writing: Writing,
) -> None:
    customer = await writing.serves("Bob Ode")
    await writing.types("late")
    await writing.suggestions.filter(has_text="I am sorry that your order is late.").click()
    await expect(writing.field).to_have_value("I am sorry that your order is late.")
    await writing.field.press("End")
    await writing.types(" It comes today.")
    await writing.field.press("Enter")
    await customer.hears("I am sorry that your order is late. It comes today.")


async def test_a_digit_takes_a_reply_only_while_nothing_is_written(writing: Writing) -> None:
    await writing.serves("Cid Ode")
    await expect(writing.suggestions).to_have_count(3)
    whole = await writing.suggestions.nth(1).get_attribute("title") or ""
    await writing.field.press("2")
    await expect(writing.field).to_have_value(whole.split("\n")[0])
    await writing.page.keyboard.press("Control+z")
    await expect(writing.field).to_have_value("")
    await writing.field.press("2")
    await expect(writing.field).to_have_value("2")


async def test_shift_inserts_a_reply_where_the_caret_is(writing: Writing) -> None:
    await writing.serves("Dan Ode")
    await writing.types("Oh! ")
    await expect(writing.suggestions).to_have_count(3)
    order = writing.suggestions.filter(has_text="May I have your order number?")
    await order.click(modifiers=["Shift"])
    await expect(writing.field).to_have_value("Oh! May I have your order number?")


@pytest.mark.spec("CMP-065", "CMP-165")
async def test_a_phrase_stands_grey_in_the_field_and_is_taken_by_a_key(writing: Writing) -> None:
    await writing.serves("Eve Ode")
    await writing.types("please file a")
    await expect(writing.grey).to_contain_text("missing baggage report")
    await writing.field.press("ArrowRight")
    await expect(writing.field).to_have_value(re.compile("^please file a missing baggage"))


@pytest.mark.spec("CMP-166")
async def test_a_service_that_hangs_or_fails_never_stops_who_writes(writing: Writing) -> None:
    customer = await writing.serves("Fay Ode")

    async def hang_or_fail(route: Route) -> None:
        if "spellcheck" in route.request.url:
            await route.fulfill(status=500, body="broken")

    await writing.page.route(SERVICE, hang_or_fail)
    began = time.monotonic()
    await writing.types("All well, ")
    await writing.field.press("Enter")
    await writing.types("and more")
    await expect(writing.field).to_have_value("and more")
    await customer.hears("All well,")
    assert time.monotonic() - began < 10
    await writing.page.unroute(SERVICE)


@pytest.mark.spec("CMP-161")
async def test_the_companys_responses_are_searched_for_what_is_typed(writing: Writing) -> None:
    customer = await writing.serves("Gus Ode")
    before = await height_of_composer(writing.page)
    await writing.types("your order")
    await writing.page.get_by_role("button", name="Search the company's responses").click()
    found = writing.page.get_by_role("listbox").get_by_role("option")
    await expect(found).to_have_count(4)
    assert await height_of_composer(writing.page) == before
    await writing.field.press("ArrowDown")
    chosen = await found.nth(1).inner_text()
    await writing.field.press("Enter")
    value = await writing.field.input_value()
    assert value != ""
    assert value in chosen
    writing.calls.forget()
    await writing.field.press("Enter")
    await customer.hears(value)
    sent = await writing.calls.last("message-sent")
    assert sent["augmentationType"] == ["GLOBAL_INSERT"]


async def test_the_row_above_the_field_keeps_its_height_whatever_stands_there(
    writing: Writing,
) -> None:
    await writing.serves("Hal Ode")
    await expect(writing.suggestions).to_have_count(3)
    before = await height_of_composer(writing.page)
    for text in ("Y", "Your order {CASE_ID}", "/"):
        await writing.field.fill(text)
        assert await height_of_composer(writing.page) == before
    await writing.sends("Case {CASE_ID}")
    await expect(writing.page.get_by_role("alert")).to_contain_text("{CASE_ID}")
    assert await height_of_composer(writing.page) == before
    await writing.field.fill("")


async def test_an_open_placeholder_is_sent_only_by_who_means_it(writing: Writing) -> None:
    customer = await writing.serves("Ian Ode")
    await writing.sends("Your case is {CASE_ID}")
    notice = writing.page.get_by_role("alert")
    await expect(notice).to_contain_text("{CASE_ID} is not filled in yet.")
    await notice.get_by_role("button", name="Fill in").click()
    await writing.page.keyboard.type("77")
    await expect(writing.field).to_have_value("Your case is 77")
    await expect(notice).to_have_count(0)
    await writing.sends("Write {NAME} there")
    await notice.get_by_role("button", name="Send anyway").click()
    await customer.hears("Write {NAME} there")


async def test_what_an_agent_was_writing_survives_a_reload_with_what_helped(
    writing: Writing,
) -> None:
    customer = await writing.serves("Jon Ode")
    await expect(writing.suggestions).to_have_count(3)
    await writing.suggestions.first.click()
    text = await writing.field.input_value()
    await writing.page.reload()
    await expect(writing.field).to_have_value(text)
    writing.calls.forget()
    await writing.field.press("Enter")
    await customer.hears(text)
    sent = await writing.calls.last("message-sent")
    assert sent["augmentationType"] == ["AUTOSUGGEST"]


@pytest.mark.spec("CMP-113", "CMP-116")
async def test_what_the_company_switches_off_is_not_there(writing: Writing) -> None:
    await writing.serves("Kay Ode")
    tabs = writing.side.get_by_role("tab")
    await expect(tabs).to_have_text(["Customer", "Global", "Custom", "Auto-Pilot"])
    try:
        await switch(writing.company, autopilotGreetingsDisabled=True)
        await writing.page.reload()
        await expect(tabs).to_have_text(["Customer", "Global", "Custom"])
        await switch(writing.company, autocomposeDisabled=True)
        await writing.page.reload()
        await expect(tabs).to_have_text(["Customer"])
        writing.calls.forget()
        await writing.types("Hello there ")
        await expect(writing.suggestions).to_have_count(0)
        assert writing.calls.of("suggestions") + writing.calls.of("spellcheck") == []
    finally:
        await switch(writing.company, autocomposeDisabled=False, autopilotGreetingsDisabled=False)
        await writing.page.reload()
