"""What models and conversations tell an administrator, who decides."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from rapport.compose.bootstrap.models import ResponseProposal
from rapport.compose.training.models import ComposeModel
from rapport.core import clock
from tests.browser.app.pages import Screen
from tests.support.company import TestCompany

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_model_is_rolled_back_and_put_to_work_again(
    administrator: Screen, acme: TestCompany
) -> None:
    page = administrator.page
    database = acme.database()
    async with database.writing() as session:
        for version, state in ((1, "retired"), (2, "live")):
            session.add(
                ComposeModel(
                    company_id=acme.id,
                    environment="sandbox",
                    kind="ranking",
                    version=version,
                    state=state,
                    trained_on={"conversations": 900 * version},
                    metrics={"firstOfHundred": 0.4 + 0.1 * version},
                    storage_key=f"models/{version}",
                    size_bytes=10,
                    created_at=clock.now(),
                )
            )
    await database.close()
    await administrator.go("/console/models")
    ranking = page.get_by_role("region", name="Ranking of suggestions")
    row = ranking.get_by_role("row")
    await expect(row.filter(has_text="Version 2")).to_contain_text("Live")
    await expect(row.filter(has_text="Version 2")).to_contain_text("60%")
    await expect(ranking.get_by_role("img")).to_be_visible()
    assert await administrator.violations() == []
    await ranking.get_by_role("button", name="Roll back").click()
    await page.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    await expect(row.filter(has_text="Version 1")).to_contain_text("Live")
    await ranking.get_by_role("button", name="Put to work: version 2").click()
    await page.get_by_role("dialog").get_by_role("button", name="Put to work").click()
    await expect(row.filter(has_text="Version 2")).to_contain_text("Live")
    await page.get_by_role("button", name="Train now").click()
    await expect(page.get_by_role("button", name="Done")).to_be_visible(timeout=60_000)
    await expect(page.get_by_text("There are too few conversations to learn from")).to_be_visible()
    assert administrator.complaints == []


async def test_what_is_picked_of_a_proposal_goes_into_the_draft(
    administrator: Screen, acme: TestCompany
) -> None:
    page = administrator.page
    proposed = [
        {
            "text": text,
            "wordings": [text, f"{text} Thanks!"],
            "folder": "Refunds",
            "conversations": 40,
            "coverage": 0.2,
        }
        for text in ("Your refund is on its way.", "One moment, please.", "Have a nice day.")
    ]
    database = acme.database()
    async with database.writing() as session:
        session.add(
            ResponseProposal(
                company_id=acme.id,
                environment="sandbox",
                source="all",
                state="ready",
                percent=100,
                conversations=120,
                messages=900,
                responses=proposed,
                asked_by="Administrator",
                asked_at=clock.now(),
                finished_at=clock.now(),
            )
        )
    await database.close()
    await administrator.go("/console/responses")
    await page.get_by_role("button", name="More about the list").click()
    await page.get_by_role("menuitem", name="Proposals").click()
    await page.get_by_role("table").get_by_role("link").click()
    listed = page.get_by_role("list", name="Review a proposal").get_by_role("listitem")
    await expect(listed.filter(has_text="Your refund is on its way.")).to_contain_text("Refunds")
    await page.get_by_role("checkbox", name="Select One moment, please.").uncheck()
    assert await administrator.violations() == []
    await page.get_by_role("button", name="Add 2 to the draft").click()
    rows = page.get_by_role("grid").locator("[data-index]")
    # Each in both of its wordings.
    await expect(rows).to_have_count(4)
    await expect(rows.filter(has_text="One moment")).to_have_count(0)
    await expect(page.get_by_text("Unsaved draft")).to_be_visible()
    assert administrator.complaints == []
