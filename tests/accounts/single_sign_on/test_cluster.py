"""Two nodes on PostgreSQL and Redis: a sign-in begins on one of them and ends on the other."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from tests.accounts.conftest import PASSWORD, Served, in_a_folder, open_tenant, serving
from tests.accounts.single_sign_on.conftest import Browser, Connected, problem_in
from tests.core.conftest import postgres_url  # noqa: F401 (a fixture)
from tests.support.providers.process import Provider

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="module")]

REDIS = os.environ.get("RAPPORT_TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
BO = {"user": "e-1001", "email": "bo@acme.test", "name": "Bo Berg"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def nodes(
    postgres_url: str,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[list[Served]]:
    """Two nodes of one installation."""
    settings = in_a_folder(
        tmp_path_factory.mktemp("cluster"),
        RAPPORT_DATA_DATABASE_URL=postgres_url.replace("+asyncpg", ""),
        RAPPORT_DATA_REDIS_URL=REDIS,
        RAPPORT_SSO_PLAIN_HTTP="true",
        RAPPORT_SSO_PRODUCTION_URL="http://127.0.0.1:1",
    )
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(serving(settings)) for _ in range(2)]


@pytest_asyncio.fixture(loop_scope="module")
async def company(nodes: list[Served], provider: Provider) -> AsyncIterator[Connected]:
    """A company as the first node serves it."""
    tenant = await open_tenant(nodes[0], "Acme")
    async with tenant.browser("ada@acme.test", PASSWORD) as ada:
        yield Connected(tenant, ada, provider)


def moved(browser: Browser, node: Served) -> None:
    """Let the load balancer send a browser to another node."""
    browser.client.base_url = httpx.URL(node.url)


@pytest.mark.spec("PLT-196", "PLT-197")
@pytest.mark.parametrize("protocol", ["oidc", "saml"])
async def test_a_sign_in_goes_through_any_node(
    company: Connected, nodes: list[Served], protocol: str
) -> None:
    if protocol == "oidc":
        await company.save(oidc=company.oidc())
    else:
        await company.connect_saml()
    browser = Browser(nodes[0])
    if protocol == "oidc":
        begun = await browser.begin(company.marker)
        answered = await browser.tell(begun.headers["location"], **BO)
        moved(browser, nodes[1])
        back = await browser.come_back(answered.headers["location"])
    else:
        page = await browser.saml_answer(company.marker, **BO)
        moved(browser, nodes[1])
        posted = await browser.post_back(page)
        moved(browser, nodes[0])
        back = await browser.client.get(posted.headers["location"])
    assert problem_in(back) is None
    moved(browser, nodes[1])
    assert (await browser.me())["person"]["name"] == "Bo Berg"
    await browser.close()


async def test_who_comes_in_twice_at_the_same_moment_is_one_person(
    company: Connected, nodes: list[Served]
) -> None:
    await company.connect_saml()
    browsers = [Browser(nodes[n % 2]) for n in range(6)]
    claims = []
    for browser in browsers:
        page = await browser.saml_answer(company.marker, **BO)
        claims.append((await browser.post_back(page)).headers["location"])
    pairs = zip(browsers, claims, strict=True)
    answers = await asyncio.gather(*(browser.client.get(claim) for browser, claim in pairs))
    assert [problem_in(answer) for answer in answers] == [None] * 6
    people = {(await browser.me())["person"]["id"] for browser in browsers}
    assert len(people) == 1
    for browser in browsers:
        await browser.close()


async def test_one_callback_sent_to_both_nodes_at_once_is_used_once(
    company: Connected, nodes: list[Served]
) -> None:
    await company.save(oidc=company.oidc())
    browser = Browser(nodes[0])
    begun = await browser.begin(company.marker)
    answered = await browser.tell(begun.headers["location"], **BO)
    there = urlsplit(answered.headers["location"])
    path = f"{there.path}?{there.query}"
    tries = [browser.client.get(f"{node.url}{path}") for node in nodes * 3]
    problems = [problem_in(answer) for answer in await asyncio.gather(*tries)]
    assert sorted(map(str, problems)) == ["None", *["stale"] * 5]
    await browser.close()
