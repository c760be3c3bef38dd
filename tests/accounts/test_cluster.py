"""Two nodes on PostgreSQL and Redis: what one of them changes, the other knows at once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from rapport.accounts.sign_in.sessions import COOKIE
from tests.accounts.conftest import (
    PASSWORD,
    Served,
    Tenant,
    in_a_folder,
    open_tenant,
    serving,
    sign_in,
)
from tests.core.conftest import postgres_url  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.cluster, pytest.mark.asyncio(loop_scope="module")]

REDIS = os.environ.get("RAPPORT_TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
ME = "/accounts/v1/me"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def nodes(
    postgres_url: str,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[list[Served]]:
    """Two nodes that would trust what they remember for an hour, if nobody told them."""
    folder: Path = tmp_path_factory.mktemp("cluster")
    settings = in_a_folder(
        folder,
        RAPPORT_DATA_DATABASE_URL=postgres_url.replace("+asyncpg", ""),
        RAPPORT_DATA_REDIS_URL=REDIS,
        RAPPORT_ACCOUNTS_REMEMBER_SECONDS="3600",
    )
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(serving(settings)) for _ in range(2)]


@pytest_asyncio.fixture(loop_scope="module")
async def acme(nodes: list[Served]) -> Tenant:
    """A company as the first node serves it."""
    return await open_tenant(nodes[0], "Acme")


async def becomes(status: int, call: Callable[[], Awaitable[httpx.Response]]) -> None:
    """Wait, at most as long as a message may take between nodes, for an answer's status."""
    async with asyncio.timeout(5):
        while (await call()).status_code != status:  # noqa: ASYNC110 (the other node tells nobody)
            await asyncio.sleep(0.01)


async def test_a_key_revoked_on_one_node_fails_on_the_other(
    nodes: list[Served], acme: Tenant
) -> None:
    there = Tenant(nodes[1], acme.account)
    assert (await acme.call()).status_code == 200
    assert (await there.call()).status_code == 200
    key = acme.account.sandbox.key.key.id
    async with acme.browser("dev@acme.test") as dev:
        revoked = await dev.post(f"/portal/v1/keys/{key}/revoke", json={})
        assert revoked.status_code == 200
    assert (await acme.call()).status_code == 401
    await becomes(401, there.call)


async def test_a_session_is_one_on_every_node(nodes: list[Served], acme: Tenant) -> None:
    async with acme.browser("dev@acme.test") as dev, acme.browser("ada@acme.test") as ada:
        cookies = {COOKIE: dev.cookies[COOKIE]}
        async with httpx.AsyncClient(base_url=nodes[1].url, cookies=cookies) as there:
            assert (await there.get(ME)).json()["person"]["email"] == "dev@acme.test"
            person = acme.account.developer.person.id
            await ada.post(f"/console/v1/people/{person}/disable", json={})
            assert (await dev.get(ME)).status_code == 401
            await becomes(401, lambda: there.get(ME))


async def test_guesses_on_all_nodes_are_counted_together(nodes: list[Served], acme: Tenant) -> None:
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(httpx.AsyncClient(base_url=node.url)) for node in nodes
        ]
        guesses = [
            sign_in(client, acme.marker, "nobody@acme.test", f"guess {n}")
            for n in range(6)
            for client in clients
        ]
        statuses = [answer.status_code for answer in await asyncio.gather(*guesses)]
        right = await sign_in(clients[1], acme.marker, "ada@acme.test", PASSWORD)
    assert sorted(statuses) == [401] * 5 + [429] * 7
    assert right.status_code == 200


async def test_an_address_invited_on_both_nodes_at_once_is_one_person(
    nodes: list[Served], acme: Tenant
) -> None:
    body = {"people": [{"email": "iris@acme.test", "name": "Iris", "role": "agent"}]}
    there = Tenant(nodes[1], acme.account)
    async with acme.browser("ada@acme.test") as one, there.browser("ada@acme.test") as two:
        for _ in range(5):
            invites = [client.post("/console/v1/people", json=body) for client in (one, two)]
            answers = await asyncio.gather(*invites)
            assert sorted(answer.status_code for answer in answers) == [201, 409]
            invited = next(answer for answer in answers if answer.status_code == 201)
            person = invited.json()["items"][0]["person"]["id"]
            assert (await one.delete(f"/console/v1/people/{person}")).status_code == 204


async def test_the_console_and_the_portal_answer_alike_on_postgresql(acme: Tenant) -> None:
    async with acme.browser("ada@acme.test") as ada:
        iris = await acme.invite(ada, "Iris", "agent")
        change = {"slots": 7, "role": "supervisor"}
        changed = await ada.patch(f"/console/v1/people/{iris['id']}", json=change)
        assert changed.json()["slots"] == 7
        audit = (await ada.get("/console/v1/audit", params={"limit": 1})).json()
        assert audit["items"][0]["resource_name"] == "iris@acme.test"
        following = {"limit": 1, "cursor": audit["nextCursor"], "search": "iris@acme.test"}
        second = (await ada.get("/console/v1/audit", params=following)).json()["items"][0]
        assert second["event_type"] == "create"
        team = f"/portal/v1/teams/{acme.account.sandbox.team.id}"
        asked = await ada.post(f"{team}/promotion", json={"admin_email": "dev@acme.test"})
        path = f"/portal/v1/promotions/{asked.json()['id']}/approve"
        approved = await ada.post(path, json={})
        assert approved.json()["password"] is None
        assert (await ada.delete(f"/console/v1/people/{iris['id']}")).status_code == 204
