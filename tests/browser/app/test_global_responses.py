"""The list of the company's responses, as its administrators write, save and deploy it."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from rapport.core.identity import Role
from tests.browser.app.conftest import WIDE
from tests.browser.app.pages import Screen, enter
from tests.browser.conftest import Profile
from tests.support.company import TestCompany
from tests.support.responses import LIST, publish, state_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RESPONSES: list[dict[str, Any]] = [
    {"text": "Sure {NAME}, happy to help.", "title": "Hold", "folderPath": "Smalltalk"},
    {"text": "One moment, please.", "title": "Hold", "folderPath": "Smalltalk"},
    {
        "text": "Your refund takes seven days.",
        "folderPath": "Billing > Refunds",
        "metadata": [{"name": "queue_name", "allowedValues": ["billing", "refunds"]}],
    },
    {"text": "Please file a baggage report."},
]


def rows(page: Page) -> Locator:
    """The responses in sight."""
    return page.get_by_role("grid").locator("[data-index]")


async def choose(page: Page, label: str, option: str) -> None:
    await page.get_by_role("combobox", name=label, exact=True).click()
    await page.get_by_role("option", name=option, exact=True).click()


@pytest.mark.spec("CMP-175", "CMP-180", "CMP-181", "CMP-182", "CMP-183")
async def test_the_list_is_searched_and_narrowed(administrator: Screen, acme: TestCompany) -> None:
    page = administrator.page
    await publish(acme, RESPONSES)
    await administrator.go("/console/responses")
    await expect(rows(page)).to_have_count(4)
    refund = rows(page).filter(has_text="Your refund takes seven days.")
    await expect(refund).to_contain_text("queue_name billing, refunds")
    await expect(refund).to_contain_text("Billing > Refunds")
    await expect(rows(page).filter(has_text="Hold")).to_have_count(2)
    assert await administrator.violations() == []

    search = page.get_by_role("searchbox", name="Search in texts")
    await search.fill("takes REFUND")
    await expect(rows(page)).to_have_text([re.compile("Your refund")])
    await search.fill("hold")
    await expect(page.get_by_text("Nothing matches")).to_be_visible()
    await page.get_by_role("button", name="Clear").click()
    await choose(page, "Folder path", "Smalltalk")
    await expect(rows(page)).to_have_count(2)
    await choose(page, "Folder path", "Billing > Refunds")
    await expect(rows(page)).to_have_text([re.compile("Your refund")])
    await choose(page, "Folder path", "Billing > Refunds")
    await choose(page, "Metadata filters", "queue_name")
    await expect(rows(page)).to_have_text([re.compile("Your refund")])
    assert administrator.complaints == []


@pytest.mark.spec("CMP-176", "CMP-177", "CMP-194")
async def test_a_response_is_written_changed_saved_and_deployed(
    administrator: Screen, acme: TestCompany
) -> None:
    page = administrator.page
    await administrator.go("/console/responses")
    await page.get_by_role("button", name="Add a response").first.click()
    dialog = page.get_by_role("dialog", name="Add a response")
    add = dialog.get_by_role("button", name="Add", exact=True)
    await expect(add).to_be_disabled()
    await dialog.get_by_label("Text").fill("Your {parcel} is on its way, ")
    await expect(dialog.get_by_role("alert")).to_contain_text("{parcel} is not in the metadata")
    await dialog.get_by_label("Text").fill("Your parcel is on its way, ")
    await dialog.get_by_role("button", name="Insert").click()
    await page.get_by_role("menuitem", name="{NAME}").click()
    await expect(dialog.get_by_label("Text")).to_have_value("Your parcel is on its way, {NAME}")
    await dialog.get_by_label("Title").fill("On its way")
    await dialog.get_by_label("Folder path").fill("Orders > Parcels")
    await dialog.get_by_role("button", name="Add a filter").click()
    await dialog.get_by_label("Key 1", exact=True).fill("queue_name")
    await dialog.get_by_label("Values of key 1").fill("orders")
    await dialog.get_by_label("Values of key 1").press("Enter")
    assert await administrator.violations() == []
    await add.click()
    row = rows(page).filter(has_text="On its way")
    await expect(row).to_contain_text("Orders > Parcels")
    await expect(row).to_contain_text("queue_name orders")
    await expect(page.get_by_text("Unsaved draft")).to_be_visible()

    await page.get_by_role("button", name="Save version").click()
    await page.get_by_role("dialog").get_by_label("Description").fill("Parcels")
    await page.get_by_role("dialog").get_by_role("button", name="Save version").click()
    await expect(page.get_by_text("Saved draft")).to_be_visible()

    await row.focus()
    await row.press("Enter")
    dialog = page.get_by_role("dialog", name="Edit a response")
    await dialog.get_by_label("Text").fill("Your parcel left today, {NAME}")
    await dialog.get_by_role("button", name="Change").click()
    await expect(page.get_by_text("Unsaved draft")).to_be_visible()
    await expect(row).to_contain_text("Changed")
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        assert (await state_of(admin))["changes"] == {"added": 0, "changed": 1, "removed": 0}
    assert administrator.complaints == []


@pytest.mark.spec("CMP-197", "CMP-198", "CMP-199")
async def test_versions_are_deployed_compared_and_restored(
    administrator: Screen, acme: TestCompany
) -> None:
    page = administrator.page
    first = await publish(acme, RESPONSES[:2])
    await publish(acme, RESPONSES[2:3], "production")
    await administrator.go("/console/responses")
    await expect(page.get_by_text("Live in testing: version 1")).to_be_visible()
    await expect(page.get_by_text("Live in production: version 2")).to_be_visible()

    await page.get_by_role("button", name="Deploy", exact=True).click()
    dialog = page.get_by_role("dialog", name="Deploy a version")
    await expect(dialog.get_by_role("status")).to_contain_text("1 added")
    await dialog.get_by_role("button", name="Deploy to testing").click()
    await expect(page.get_by_text("Live in testing: version 2")).to_be_visible()

    await page.get_by_role("button", name="More about the list").click()
    await page.get_by_role("menuitem", name="Past versions").click()
    listed = page.get_by_role("row").filter(has_text="Version 2")
    await expect(listed).to_contain_text("Live in testing")
    await expect(listed).to_contain_text("Live in production")
    await page.get_by_role("link", name="Version 1").click()
    await expect(page).to_have_url(re.compile(f"/versions/{first}$"))
    await expect(rows(page)).to_have_count(2)
    await expect(page.get_by_role("button", name=re.compile("^(Edit|Delete)"))).to_have_count(0)
    await page.get_by_text("Compare", exact=True).click()
    await expect(page.get_by_text("From version 1 to version 2: 1 added")).to_be_visible()
    await expect(page.get_by_role("region", name="Compare")).to_contain_text("Your refund")
    assert await administrator.violations() == []

    await page.get_by_role("button", name="Restore").click()
    await page.get_by_role("dialog").get_by_role("button", name="Restore").click()
    await expect(rows(page)).to_have_count(2)
    await expect(page.get_by_text("Unsaved draft")).to_be_visible()
    await page.get_by_role("button", name="Save version").click()
    await page.get_by_role("dialog").get_by_role("button", name="Save version").click()
    await page.get_by_role("button", name="Deploy", exact=True).click()
    await dialog.get_by_label("Production").click()
    await dialog.get_by_role("button", name="Deploy to production").click()
    await expect(page.get_by_text("Live in production: version 3")).to_be_visible()
    assert administrator.complaints == []


async def test_several_are_moved_and_deleted_unless_that_is_undone(
    administrator: Screen, acme: TestCompany
) -> None:
    page = administrator.page
    await publish(acme, RESPONSES)
    await administrator.go("/console/responses")
    for title in ("Sure", "One moment"):
        await page.get_by_role("checkbox", name=re.compile("Select Hold")).nth(0).wait_for()
        row = rows(page).filter(has_text=title)
        await row.focus()
        await row.press(" ")
    await expect(page.get_by_text("2 selected")).to_be_visible()
    await page.get_by_role("button", name="Move").click()
    dialog = page.get_by_role("dialog", name="Move 2 responses")
    await dialog.get_by_label("Folder path").fill("Smalltalk > Waiting")
    await dialog.get_by_role("button", name="Move").click()
    await expect(rows(page).filter(has_text="Smalltalk > Waiting")).to_have_count(2)

    row = rows(page).filter(has_text="Please file")
    await row.focus()
    await row.press("Delete")
    await expect(rows(page)).to_have_count(3)
    await page.get_by_role("button", name="Undo").click()
    await expect(rows(page)).to_have_count(4)
    await row.get_by_role("button", name=re.compile("^Delete")).click()
    await expect(rows(page)).to_have_count(3)
    # What is saved is what one sees: nobody has to wait for the offer to pass.
    await page.get_by_role("button", name="Save version").click()
    await expect(page.get_by_role("dialog")).to_contain_text("1 removed")
    assert administrator.complaints == []


async def test_two_who_write_the_same_are_shown_what_the_other_did(
    administrator: Screen, profile: Profile, acme: TestCompany
) -> None:
    page = administrator.page
    await publish(acme, RESPONSES[:1])
    await administrator.go("/console/responses")
    await page.get_by_role("button", name="Edit Hold").click()
    dialog = page.get_by_role("dialog", name="Edit a response")
    await dialog.get_by_label("Text").fill("Sure {NAME}, gladly.")

    colleague = await acme.add_person(Role.ADMINISTRATOR, name="Bo Lind")
    async with acme.signed_in(colleague) as bo:
        draft = (await bo.get(f"{LIST}/draft/responses")).json()
        theirs = {"revision": draft["revision"], "text": "Of course {NAME}."}
        path = f"{LIST}/draft/responses/{draft['items'][0]['id']}"
        assert (await bo.patch(path, json=theirs)).status_code == 200

    await dialog.get_by_role("button", name="Change").click()
    await expect(dialog.get_by_role("alert")).to_have_text(
        re.compile(r"^Bo Lind changed it at .+ [AP]M, after you had opened it\.$")
    )
    await expect(dialog.get_by_role("alert")).to_be_focused()
    await expect(dialog.get_by_role("region", name="Text")).to_contain_text("Of course {NAME}.")
    await dialog.get_by_role("button", name="Keep mine").click()
    await expect(rows(page)).to_have_text([re.compile(r"Sure \{NAME\}, gladly\.")])
    assert administrator.complaints == []


@pytest.mark.spec("CMP-173")
async def test_without_the_permission_it_is_hidden_and_refused(
    profile: Profile, acme: TestCompany
) -> None:
    for role in (Role.AGENT, Role.SUPERVISOR, Role.DEVELOPER):
        screen = Screen(await enter(await profile(**WIDE), acme, role), acme)
        await screen.go("/console/responses")
        await expect(screen.page.get_by_text("There is no page here")).to_be_visible()
        await expect(screen.page.get_by_role("link", name="Global responses")).to_have_count(0)
        async with acme.signed_in(role) as client:
            for path in ("", "/draft/responses", "/versions"):
                assert (await client.get(LIST + path)).status_code == 403
            new = {"text": "Hello"}
            assert (await client.post(f"{LIST}/draft/responses", json=new)).status_code == 403


@pytest.mark.spec("CMP-184", "CMP-185", "CMP-186", "CMP-192")
async def test_the_list_goes_to_a_spreadsheet_and_comes_back(
    administrator: Screen, acme: TestCompany
) -> None:
    page = administrator.page
    await publish(acme, RESPONSES)
    await administrator.go("/console/responses")
    content = await downloaded(page, "As CSV")
    assert content.splitlines()[0].startswith("Text,Folder path,Title,Metadata filter key")

    # What was downloaded changes nothing.
    report = await upload(page, content)
    await expect(report).to_contain_text("no changes, 4 unchanged")
    # One row is gone, one is new, one has no text.
    kept = [line for line in content.splitlines() if "baggage" not in line]
    report = await upload(page, "\r\n".join([*kept, ",Smalltalk,No text,,", ""]))
    await expect(report.get_by_role("alert")).to_contain_text("1 row needs another look")
    await expect(report.get_by_role("alert")).to_contain_text("Row 5")
    await expect(report.get_by_role("button", name="Replace and save")).to_be_disabled()
    assert await administrator.violations() == []
    report = await upload(page, "\r\n".join([*kept, "A new one,,,,", ""]))
    await expect(report).to_contain_text("1 added, 1 removed, 3 unchanged")
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        assert (await state_of(admin))["state"] == "saved"
    await report.get_by_label("Description").fill("From a sheet")
    await report.get_by_role("button", name="Replace and save").click()
    await expect(rows(page).filter(has_text="A new one")).to_be_visible()
    await expect(rows(page).filter(has_text="baggage")).to_have_count(0)
    await expect(page.get_by_text("Saved draft")).to_be_visible()
    await expect(page.get_by_text("Version 2", exact=False).first).to_be_visible()

    template = await downloaded(page, "Template")
    report = await upload(page, template)
    await expect(report.get_by_role("button", name="Replace and save")).to_be_enabled()
    assert administrator.complaints == []


async def downloaded(page: Page, item: str) -> str:
    """Choose a file of the download menu and return its text."""
    await page.get_by_role("button", name="Download").click()
    async with page.expect_download() as download:
        await page.get_by_role("menuitem", name=item).click()
    path = Path(await (await download.value).path())
    return await asyncio.to_thread(path.read_text, "utf-8-sig")


async def upload(page: Page, content: str) -> Locator:
    """Choose a file in the upload dialog, which is opened where it is not; returns the dialog."""
    dialog = page.get_by_role("dialog", name="Upload")
    if not await dialog.is_visible():
        await page.get_by_role("button", name="Upload", exact=True).click()
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": content.encode()}
    await page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    return dialog


@pytest.mark.spec("CMP-206")
async def test_five_thousand_responses_are_uploaded_shown_and_searched(
    administrator: Screen, acme: TestCompany
) -> None:
    page = administrator.page
    await administrator.go("/console/responses")
    lines = [
        f"Answer {n} about {('refunds', 'bags', 'seats')[n % 3]}.,Folder {n % 40} > Part,Title {n},,"
        for n in range(5_000)
    ]
    header = "Text,Folder path,Title,Metadata filter key,Metadata filter value"
    dialog = await upload(page, "\r\n".join([header, *lines, ""]))
    await expect(dialog).to_contain_text("5,000 added", timeout=60_000)
    await dialog.get_by_role("button", name="Replace and save").click()
    await expect(dialog).to_have_count(0, timeout=60_000)
    await expect(page.get_by_text("5,000 responses", exact=True)).to_be_visible(timeout=60_000)
    # Only what is in sight is drawn, and a search looks everywhere without asking the server.
    assert await rows(page).count() < 60
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.get_by_role("searchbox", name="Search in texts").fill("answer 4999")
    await expect(rows(page)).to_have_text([re.compile("Answer 4999 about")])
    await page.get_by_role("searchbox", name="Search in texts").fill("")
    await expect(rows(page).first).to_contain_text("Answer 0 about")
    await rows(page).first.focus()
    await page.keyboard.press("End")
    await expect(rows(page).filter(has_text="Answer 4999 about")).to_be_focused()
    assert [url for url in asked if "/draft/responses" in url] == []
    assert administrator.complaints == []
