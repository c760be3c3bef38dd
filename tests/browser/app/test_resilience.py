"""The desk when the line breaks, the server dies, and the conversation is long."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from rapport.core.identity import Role
from tests.browser.app.customers import Arrive, customers_of
from tests.browser.app.pages import Desk, enter
from tests.browser.conftest import Profile
from tests.browser.widget.process import Process, server_process
from tests.support.company import TestCompany, make_company

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A server that a test may kill."""
    with server_process(tmp_path_factory.mktemp("killed")) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def company(process: Process) -> TestCompany:
    """A company on that server."""
    return await make_company(process.running)


@pytest_asyncio.fixture(loop_scope="session")
async def agent(profile: Profile, company: TestCompany) -> AsyncIterator[Desk]:
    """The desk of an active agent of that company."""
    desk = Desk(await enter(await profile(), company, Role.AGENT), company)
    await desk.go("/desk")
    await desk.go_active()
    yield desk


@pytest.mark.spec("PLT-248")
async def test_the_banner_is_red_yellow_and_green_and_the_desk_goes_on(
    agent: Desk, company: TestCompany, process: Process
) -> None:
    async with customers_of(company) as arrive:
        await arrive("Sam Ode", "Before")
        await agent.opens("Sam Ode")
    banner = agent.page.locator("[data-health]")
    process.end(signal.SIGKILL)
    try:
        await agent.page.wait_for_timeout(3_000)
        await expect(banner).to_have_count(0)
        await expect(banner).to_have_attribute("data-health", "lost", timeout=4_000)
        await expect(banner).to_have_text("Attempting to reconnect..", timeout=4_000)
        await agent.field.fill("Written while nobody listened")
        await agent.field.press("Enter")
        await expect(agent.log).to_contain_text("Written while nobody listened")
        await expect(agent.log).to_contain_text("Sending…")
        await expect(banner).to_have_text("Attempting to reconnect..")
    finally:
        process.start()
    await expect(banner).to_have_attribute("data-health", "recovered", timeout=15_000)
    await expect(agent.log.get_by_text("Written while nobody listened")).to_have_count(1)
    await expect(agent.log).not_to_contain_text("Sending…")
    await expect(banner).to_have_count(0, timeout=5_000)
    async with company.signed_in(Role.AGENT) as http:
        [row] = (await http.get("/desk/v1/inbox")).json()["conversations"]
    assert row["last_text"] == "Written while nobody listened"


@pytest.mark.spec("PLT-249")
async def test_the_desk_asks_for_204_from_time_to_time(desk: Desk) -> None:
    # The clock is the page's own: three beats pass in no time.
    await desk.page.clock.install()
    answers: list[int] = []
    desk.page.on(
        "response",
        lambda said: answers.append(said.status) if said.url.endswith("/heartbeat") else None,
    )
    await desk.page.reload()
    await expect(desk.status).to_be_visible()
    for _ in range(2):
        await desk.page.clock.run_for(17_500)
        await desk.page.wait_for_timeout(300)
    assert len(answers) >= 3
    assert set(answers) == {204}


async def test_two_hundred_messages_scroll_smoothly(desk: Desk, arrive: Arrive) -> None:
    customer = await arrive("Sam Ode", "Message 0")
    for first in range(1, 240, 20):
        await asyncio.gather(
            *(
                customer.says(f"Message {n}: " + "word " * (n % 30))
                for n in range(first, first + 20)
            )
        )
    await desk.opens("Sam Ode")
    await expect(desk.log.get_by_role("paragraph")).to_have_count(241)
    box = desk.page.get_by_role("group", name="Messages")
    near_end = "(box) => box.scrollHeight - box.scrollTop - box.clientHeight < 5"
    assert await box.evaluate(near_end)

    longest = await box.evaluate(
        """async (box) => {
          const frame = () => new Promise(requestAnimationFrame);
          let longest = 0;
          const watch = new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration);
          });
          watch.observe({ entryTypes: ["longtask"] });
          for (let step = 0; step < 120; step += 1) {
            box.scrollTop -= 120;
            await frame();
          }
          await new Promise((resolve) => setTimeout(resolve, 200));
          watch.disconnect();
          return longest;
        }"""
    )
    # No task may hold the page longer than three frames while one scrolls.
    assert longest < 50, f"a task of {longest} ms"

    await box.evaluate("(box) => box.scrollTo(0, 600)")
    before = await box.evaluate("(box) => box.scrollTop")
    await customer.says("A late one")
    await expect(desk.page.get_by_role("button", name="1 new message")).to_be_visible()
    assert await box.evaluate("(box) => box.scrollTop") == before
    await desk.page.get_by_role("button", name="1 new message").click()
    await expect(desk.log.get_by_text("A late one")).to_be_in_viewport()
    await customer.says("And another")
    await expect(desk.log.get_by_text("And another")).to_be_in_viewport()
