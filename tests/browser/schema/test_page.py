"""The page of the contract works by itself: every asset is ours, nothing is asked of other hosts."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.async_api import expect

from tests.browser.conftest import Profile
from tests.support.server import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.spec("PLT-157")
async def test_the_contract_is_read_without_another_host(server: Running, profile: Profile) -> None:
    page = await (await profile()).new_page()
    asked: list[str] = []
    refused: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda answer: refused.append(answer.url) if not answer.ok else None)

    await page.goto(f"{server.address}/schema")

    await expect(page.get_by_role("heading", name=re.compile("Rapport"))).to_be_visible()
    operation = page.locator("#operations-Messages-createMessage")
    # So long a contract is drawn as one scrolls.
    last = page.locator(".opblock").last
    while not await operation.count():
        await last.scroll_into_view_if_needed()
        await page.mouse.wheel(0, 400)
    await expect(operation).to_contain_text("/conversation/v1/conversations/{conversationId}")
    await page.get_by_label("Select a definition").select_option(label="conversations")
    await expect(page.get_by_role("heading", name=re.compile("conversations"))).to_be_visible()
    await expect(page.locator("#operations-Messages-createMessage")).to_be_visible()
    others = [url for url in asked if not url.startswith((server.address, "data:"))]
    assert others == []
    assert refused == []


async def test_the_page_names_nothing_elsewhere(server: Running) -> None:
    async with httpx.AsyncClient(base_url=server.address) as client:
        page = await client.get("/schema")
        assets = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
        answers = [await client.get(asset) for asset in assets]

    assert "http:" not in page.text
    assert "https:" not in page.text
    assert "'unsafe-inline'" not in page.headers["content-security-policy"].split("style-src")[0]
    assert len(assets) == 4
    assert {answer.status_code for answer in answers} == {200}
