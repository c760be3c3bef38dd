"""The widget in somebody else's page: it asks for little, breaks nothing and leaves no trace."""

from __future__ import annotations

import gzip
from pathlib import Path

import httpx
import pytest
from playwright.async_api import expect

from tests.browser.conftest import Profile
from tests.browser.widget.chat import Chat, visit
from tests.browser.widget.desk import Agent
from tests.browser.widget.site import Site
from tests.support.company import TestCompany
from tests.support.server import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SCRIPT = Path(__file__).parents[3] / "src/rapport/web_assets/sdk/v1/sdk.js"

# Counts the widget's listeners on what outlives it, timers that run, and sockets that are open.
TALLY = """
window.tally = {listeners: 0, timers: new Set(), sockets: new Set()};
const outlives = (target) => new Error().stack.includes('/sdk/v1/sdk.js') && (
  target === window || target === document || target === document.documentElement ||
  target === document.body || target instanceof MediaQueryList || target === visualViewport);
const add = EventTarget.prototype.addEventListener;
const remove = EventTarget.prototype.removeEventListener;
EventTarget.prototype.addEventListener = function (...args) {
  if (outlives(this ?? window)) tally.listeners += 1;
  return add.apply(this, args);
};
EventTarget.prototype.removeEventListener = function (...args) {
  if (outlives(this ?? window)) tally.listeners -= 1;
  return remove.apply(this, args);
};
const {setTimeout: begin, clearTimeout: clear, WebSocket: Socket} = window;
window.setTimeout = (run, ms, ...args) => {
  const timer = begin(() => { tally.timers.delete(timer); run(...args); }, ms);
  tally.timers.add(timer);
  return timer;
};
window.clearTimeout = (timer) => { tally.timers.delete(timer); clear(timer); };
window.WebSocket = class extends Socket {
  constructor(...args) {
    super(...args);
    tally.sockets.add(this);
    add.call(this, 'close', () => tally.sockets.delete(this));
  }
};
"""


async def test_nothing_but_the_script_is_loaded_before_the_first_opening(
    profile: Profile, site: Site, acme: TestCompany
) -> None:
    page = await (await profile()).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    customer = await visit(page, site, acme.marker)
    await page.wait_for_load_state("networkidle")
    assert [url for url in asked if site.server in url] == [f"{site.server}/sdk/v1/sdk.js"]

    await customer.open()
    await expect(customer.window).to_contain_text("How can we help?")
    assert customer.complaints == []


async def test_destroying_leaves_no_listener_timer_socket_or_node(
    profile: Profile, site: Site, acme: TestCompany, agent: Agent
) -> None:
    page = await (await profile()).new_page()
    await page.add_init_script(TALLY)
    customer = await visit(page, site, acme.marker)
    before = await page.evaluate("document.body.children.length")
    await customer.open()
    await customer.says("Hello")
    conversation = await agent.conversation()
    await agent.says(conversation, "Hi")
    await customer.shows("Hello", "Hi")
    assert await page.evaluate("tally.sockets.size") == 1
    assert await page.evaluate("tally.listeners") > 5

    await customer.command("destroy")
    await page.wait_for_function("tally.sockets.size === 0")
    assert await page.evaluate("[tally.listeners, tally.timers.size]") == [0, 0]
    assert await page.evaluate("document.body.children.length") == before - 1
    assert (await customer.heard())[-1] == ["destroyed", None]
    assert sorted(
        await page.evaluate("Object.keys(window).filter((n) => /rapport|asapp/i.test(n))")
    ) == ["Rapport"]


@pytest.mark.spec("CHN-127", "CHN-128")
async def test_signing_out_leaves_nothing_to_the_next_customer(
    customer: Chat, agent: Agent, site: Site, acme: TestCompany
) -> None:
    await customer.open()
    await customer.says("Something private")
    await agent.hears(await agent.conversation(), "Something private")
    await customer.command("unloadAndClearSession")
    assert await customer.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert await customer.page.locator("rapport-chat").count() == 0

    await customer.command("load", {"AppId": acme.marker, "APIHostname": site.server})
    await customer.open()
    await expect(customer.window).to_contain_text("How can we help?")
    await expect(customer.bubbles).to_have_count(0)


@pytest.mark.spec("CHN-002")
async def test_a_page_made_for_another_name_is_served_as_it_is(
    profile: Profile, site: Site, acme: TestCompany
) -> None:
    page = await (await profile()).new_page()
    customer = Chat(page)
    settings = {"AppId": acme.marker, "APIHostname": site.server}
    await page.goto(site.page(settings, name="ASAPP"))
    await customer.open()
    await expect(customer.window).to_contain_text("How can we help?")

    assert [name for name, _ in await customer.heard()] == ["booted", "opened", "ready"]
    assert await page.evaluate("typeof ASAPP._ === 'undefined' || ASAPP._.length === 0")


@pytest.mark.spec("CHN-007", "CHN-008")
async def test_names_may_be_written_as_existing_pages_write_them(
    profile: Profile, site: Site, acme: TestCompany
) -> None:
    page = await (await profile()).new_page()
    customer = Chat(page)
    await page.goto(site.page({"AppId": acme.marker, "APIHostName": site.server}))
    await expect(customer.launcher).to_be_visible()
    await customer.command("Show")
    await expect(customer.window).to_be_visible()
    await customer.command("Hide")
    await expect(customer.window).to_have_count(0)

    await customer.command("unloadAndClearSession")
    await customer.command("Load", {"AppId": acme.marker, "APIHostname": site.server})
    await expect(customer.launcher).to_be_visible()
    await customer.command("SetCustomer", {"CustomerId": "cu-1"})
    known = "new Promise((told) => Rapport('GetState', (state) => told(state.hasCustomerId)))"
    assert await page.evaluate(known) is True
    assert customer.complaints == []


async def test_an_unknown_company_says_so_and_can_be_tried_again(
    profile: Profile, site: Site
) -> None:
    page = await (await profile()).new_page()
    customer = await visit(page, site, "nobody-here")
    await customer.open()

    await expect(customer.window.get_by_role("alert")).to_contain_text("could not be opened")
    await customer.window.get_by_role("button", name="Try again").click()
    await expect(customer.window.get_by_role("alert")).to_be_visible()


async def test_the_widget_looks_the_same_under_a_hostile_style_sheet(
    profile: Profile, site: Site, acme: TestCompany
) -> None:
    page = await (await profile()).new_page()
    customer = await visit(page, site, acme.marker)
    await customer.open()
    measure = (
        "(one) => { const s = getComputedStyle(one); return [s.fontSize, s.color, s.fontFamily]; }"
    )
    before = await customer.field.evaluate(measure)
    await page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('* { font-size: 40px !important; color: red !important; direction: rtl }');
          document.adoptedStyleSheets = [sheet];
        }"""
    )

    assert await customer.field.evaluate(measure) == before


async def test_the_demo_shop_has_a_chat(profile: Profile, server: Running) -> None:
    page = await (await profile()).new_page()
    customer = Chat(page)
    await page.goto(f"{server.address}/")
    await expect(page.get_by_role("heading", name="Quiet things")).to_be_visible()

    await expect(customer.launcher).to_be_visible()
    assert customer.complaints == []


async def test_the_script_stays_small(server: Running) -> None:
    async with httpx.AsyncClient(base_url=server.address) as client:
        answer = await client.get("/sdk/v1/sdk.js")
    assert answer.headers["content-type"].split(";")[0] in {
        "text/javascript",
        "application/javascript",
    }
    assert answer.content == SCRIPT.read_bytes()
    assert len(gzip.compress(answer.content)) < 60_000
