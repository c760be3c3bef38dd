"""What stands beside a conversation: the company's responses, and the agent's own."""

from __future__ import annotations

import asyncio
import json

import pytest
from playwright.async_api import Locator, Response, expect

from tests.browser.app.conftest import WIDE
from tests.browser.app.pages import Writing
from tests.browser.conftest import Profile

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.spec("CMP-167", "CMP-171")
async def test_the_companys_responses_are_browsed_searched_and_inserted(writing: Writing) -> None:
    customer = await writing.serves("Ann Ode")
    await writing.shows("Global")
    side = writing.side
    folder = side.get_by_role("button", name="After sales", exact=True)
    await folder.click()
    await expect(folder).to_have_attribute("aria-expanded", "true")
    await expect(side.get_by_text("You can return it within 30 days.")).to_be_visible()
    # Meant for others, and there all the same.
    await expect(side.get_by_text("Your order gets a seat in the lounge.")).to_be_visible()

    await side.get_by_label("Search global responses").fill("on its way")
    await expect(side.get_by_role("status")).to_have_text("1 response")
    await writing.field.fill("Hello! ")
    writing.calls.forget()
    await side.get_by_role("button", name="Order status").click()
    await expect(writing.field).to_have_value("Hello! Your order is on its way to you, Ann.")
    event = (await writing.calls.last("events"))["globalPanelInserted"]
    assert event == {"text": "Your order is on its way to you, Ann."}
    writing.calls.forget()
    await writing.field.press("Enter")
    await customer.hears("Hello! Your order is on its way to you, Ann.")
    sent = await writing.calls.last("message-sent")
    assert sent["augmentationType"] == ["GLOBAL_INSERT"]


async def test_the_side_is_folded_away_and_stays_so(writing: Writing) -> None:
    await writing.serves("Bob Ode")
    await writing.side.get_by_role("button", name="Hide this side").click()
    await expect(writing.side).to_have_count(0)
    await writing.page.reload()
    await expect(writing.field).to_be_visible()
    await expect(writing.side).to_have_count(0)
    await writing.page.keyboard.press("Alt+r")
    await expect(writing.side).to_be_visible()


@pytest.mark.spec("CMP-172")
async def test_what_an_agent_often_says_is_offered_and_listed_nowhere(writing: Writing) -> None:
    said = "Please tell me the colour of your suitcase."
    for name in ("Kim Ode", "Lea Ode"):
        customer = await writing.serves(name, "Where is my suitcase?")
        await writing.sends(said)
        await customer.hears(said)
    await writing.serves("Max Ode", "Where is my suitcase?")
    async with asyncio.timeout(60):
        while said not in await writing.suggestions.all_inner_texts():
            async with writing.page.expect_response("**/suggestions"):
                await writing.page.reload()
            await expect(writing.field).to_be_visible()

    for tab, label in (("Global", "global"), ("Custom", "my")):
        await writing.shows(tab)
        await expect(writing.side.get_by_text("suitcase")).to_have_count(0)
        await writing.side.get_by_label(f"Search {label} responses").fill("suitcase")
        await expect(writing.side.get_by_text("Nothing found for “suitcase”")).to_be_visible()
    await writing.types("suitcase")
    await writing.page.get_by_role("button", name="Search the company's responses").click()
    nothing = writing.page.get_by_text("No response of the company contains “suitcase”")
    await expect(nothing).to_be_visible()
    await writing.field.press("Escape")
    await writing.field.fill("")


async def act(writing: Writing, name: str, action: str) -> None:
    """Choose from the menu of a response or folder."""
    await writing.side.get_by_role("button", name=f"Actions for {name}").click()
    await writing.page.get_by_role("menuitem", name=action).click()


def titles(side: Locator) -> Locator:
    """The titles of the responses in sight, in order."""
    return side.locator("[draggable=true] button[title] > span:first-child")


async def keep(writing: Writing, title: str, text: str, folder: str = "") -> None:
    """Make a response of one's own."""
    await writing.side.get_by_role("button", name="New response").first.click()
    dialog = writing.page.get_by_role("dialog", name="New response")
    await dialog.get_by_label("Title").fill(title)
    await dialog.get_by_label("Text").fill(text)
    if folder:
        await dialog.get_by_role("combobox", name="Folder").click()
        await writing.page.get_by_role("option", name=folder).click()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)


@pytest.mark.spec("CMP-168", "CMP-169")
async def test_own_responses_and_folders_are_kept_in_order(writing: Writing) -> None:
    customer = await writing.serves("Cid Ode")
    await writing.shows("Custom")
    side, page = writing.side, writing.page
    await side.get_by_role("button", name="New folder").click()
    await page.get_by_role("dialog").get_by_label("Name of the folder").fill("Money")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await keep(writing, "Refund", "It takes five days, {NAME}.", "Money")
    await keep(writing, "Bye", "Have a good day.")
    await keep(writing, "Again", "Anything else?")

    # Inserted as it would be said here.
    await side.get_by_role("button", name="Money", exact=True).click()
    await side.get_by_role("button", name="Refund It takes five days, Cid.").click()
    await expect(writing.field).to_have_value("It takes five days, Cid.")
    writing.calls.forget()
    await writing.field.press("Enter")
    await customer.hears("It takes five days, Cid.")
    assert (await writing.calls.last("message-sent"))["augmentationType"] == ["CUSTOM_INSERT"]

    # In an order of one's own, by menu or keys; edited, moved, found.
    await expect(titles(side)).to_have_text(["Refund", "Bye", "Again"])
    await act(writing, "Again", "Move up")
    await expect(titles(side)).to_have_text(["Refund", "Again", "Bye"])
    await act(writing, "Bye", "Edit")
    dialog = page.get_by_role("dialog", name="Edit response")
    await dialog.get_by_label("Title").fill("Goodbye")
    await dialog.get_by_role("combobox", name="Folder").click()
    await page.get_by_role("option", name="Money").click()
    await dialog.get_by_role("button", name="Save").click()
    await expect(titles(side)).to_have_text(["Refund", "Goodbye", "Again"])
    await side.get_by_label("Search my responses").fill("good day")
    await expect(titles(side)).to_have_text(["Goodbye"])
    await side.get_by_label("Search my responses").fill("")

    # Deleted, and taken back to where it was.
    await act(writing, "Refund", "Delete")
    await expect(titles(side)).to_have_text(["Goodbye", "Again"])
    await page.get_by_role("button", name="Undo").click()
    await expect(titles(side)).to_have_text(["Refund", "Goodbye", "Again"])

    # A folder is renamed; it goes with what is in it, and says so.
    await act(writing, "Money", "Rename")
    await page.get_by_role("dialog").get_by_label("Name of the folder").fill("Refunds")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await act(writing, "Refunds", "Delete")
    confirm = page.get_by_role("dialog", name="Delete the folder “Refunds”?")
    await expect(confirm).to_contain_text("2 responses in it are deleted with it.")
    await confirm.get_by_role("button", name="Delete").click()
    await expect(titles(side)).to_have_text(["Again"])


def order_in(answer: Response) -> list[str]:
    """The order that the server was asked to keep."""
    ids: list[str] = json.loads(answer.request.post_data or "{}")["responseIds"]
    return ids


async def test_the_order_of_ones_own_responses_is_the_same_in_every_browser(
    writing: Writing, profile: Profile
) -> None:
    await writing.serves("Fay Ode")
    await writing.shows("Custom")
    side, page = writing.side, writing.page
    for title in ("Alpha", "Beta", "Gamma"):
        await keep(writing, title, f"This is {title}.")
    await side.get_by_label("Search my responses").fill("this is")
    mine = titles(side)
    await expect(mine).to_have_text(["Alpha", "Beta", "Gamma"])
    async with page.expect_response("**/customs/order") as stored:
        await mine.filter(has_text="Gamma").drag_to(mine.filter(has_text="Alpha"))
    await expect(mine).to_have_text(["Gamma", "Alpha", "Beta"])
    order = order_in(await stored.value)
    gamma, alpha, beta = order[-3:]

    # Whoever cannot be reached has stored nothing, and that is what one sees.
    row = side.get_by_role("button", name="Gamma This is Gamma.")
    await page.route("**/customs/order", lambda route: route.abort())
    await row.press("Alt+Shift+ArrowDown")
    await expect(
        page.get_by_text("The order is as it was. Rapport cannot be reached")
    ).to_be_visible()
    await expect(mine).to_have_text(["Gamma", "Alpha", "Beta"])
    await page.unroute("**/customs/order")

    # Of several steps at once the last one counts.
    def is_last(answer: Response) -> bool:
        if not answer.url.endswith("/customs/order"):
            return False
        return order_in(answer) == [*order[:-3], alpha, beta, gamma]

    async with page.expect_response(is_last):
        await row.press("Alt+Shift+ArrowDown")
        await page.keyboard.press("Alt+Shift+ArrowDown")
    await expect(mine).to_have_text(["Alpha", "Beta", "Gamma"])

    elsewhere = await profile(**WIDE)
    await elsewhere.add_cookies(await page.context.cookies())  # type: ignore[arg-type]
    other = Writing(await elsewhere.new_page(), writing.company, writing.calls, writing.arrive)
    await other.go("/desk")
    await other.opens("Fay Ode")
    await other.shows("Custom")
    await other.side.get_by_label("Search my responses").fill("this is")
    await expect(titles(other.side)).to_have_text(["Alpha", "Beta", "Gamma"])


@pytest.mark.spec("CMP-162", "CMP-163")
async def test_a_slash_opens_ones_own_responses_in_an_empty_field_only(writing: Writing) -> None:
    customer = await writing.serves("Dan Ode")
    await writing.shows("Custom")
    await keep(writing, "Opening hours", "We are here from nine to five, {NAME}.")
    await keep(writing, "Phone", "Call us at any hour.")
    rows = writing.page.get_by_role("listbox", name="My responses").get_by_role("option")
    await writing.types("/")
    await expect(rows.filter(has_text="Phone")).to_be_visible()
    await writing.types("opening")
    await expect(rows).to_have_count(1)
    await writing.field.fill("/any hour")
    await expect(rows).to_contain_text(["Phone"])
    await writing.field.press("Escape")
    await expect(writing.field).to_have_value("")
    await writing.types("/")
    await writing.field.press("Backspace")
    await expect(rows).to_have_count(0)

    await writing.types("/hours")
    await expect(rows).to_have_count(1)
    await writing.field.press("Enter")
    await expect(writing.field).to_have_value("We are here from nine to five, Dan.")
    await writing.types(" Mo/Fr")
    await expect(rows).to_have_count(0)
    writing.calls.forget()
    await writing.field.press("Enter")
    await customer.hears("We are here from nine to five, Dan. Mo/Fr")
    assert (await writing.calls.last("message-sent"))["augmentationType"] == ["CUSTOM_DRAWER"]


@pytest.mark.spec("CMP-170")
async def test_what_is_written_or_was_sent_is_kept_as_ones_own(writing: Writing) -> None:
    customer = await writing.serves("Eve Ode")
    await writing.sends("I have looked into it for you.")
    await customer.hears("I have looked into it for you.")
    sent = writing.log.get_by_text("I have looked into it for you.")
    await sent.hover()
    await writing.log.get_by_role("button", name="Save as my response").click()
    dialog = writing.page.get_by_role("dialog", name="New response")
    await expect(dialog.get_by_label("Title")).to_have_value("I have looked into it for")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)

    await writing.field.fill("Please wait a moment, I will be back.")
    await writing.field.press("ControlOrMeta+a")
    await writing.page.get_by_role("button", name="Save as my response").last.click()
    await dialog.get_by_label("Title").fill("Wait")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    await writing.shows("Custom")
    await writing.side.get_by_label("Search my responses").fill("moment")
    await expect(titles(writing.side)).to_have_text(["Wait"])
    await writing.side.get_by_label("Search my responses").fill("looked into")
    await expect(titles(writing.side)).to_have_text(["I have looked into it for"])
