"""What belongs to another company is to a stranger as if it did not exist, on every route with an id."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest

from rapport.core.identity import Role
from tests.contract.things import body_for, made_for, query_for, state_of
from tests.edge.test_conventions import envelope
from tests.support.company import TestCompany
from tests.support.server import Running

pytestmark = pytest.mark.api

MISSING = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
# The catalogue is the same for every company; nobody's id stands in these paths.
SHARED = {"entityId"}
CALLERS: dict[str, Role | None] = {
    "/autocompose/": None,
    "/conversation/": None,
    "/configuration/": None,
    "/console/": Role.ADMINISTRATOR,
    "/portal/v1/promotions/": Role.ADMINISTRATOR,
    "/portal/": Role.DEVELOPER,
    "/desk/": Role.SUPERVISOR,
}


class Callers:
    """Everybody of a company who may call something, signed in."""

    def __init__(self, clients: dict[Role | None, httpx.AsyncClient]) -> None:
        self._clients = clients

    @classmethod
    @asynccontextmanager
    async def of(cls, company: TestCompany) -> AsyncIterator[Callers]:
        """Sign everybody in."""
        async with AsyncExitStack() as stack:
            clients: dict[Role | None, httpx.AsyncClient] = {
                role: await stack.enter_async_context(company.signed_in(role))
                for role in company.people
            }
            clients[None] = await stack.enter_async_context(company.api())
            yield cls(clients)

    async def call(self, method: str, path: str, ids: dict[str, str]) -> httpx.Response:
        """Call a route as who may call it."""
        role = next(role for beginning, role in CALLERS.items() if path.startswith(beginning))
        return await self._clients[role].request(
            method,
            path.format_map(ids),
            params=query_for(method, path),
            json=body_for(method, path),
        )


async def routes_with_ids(server: Running) -> list[tuple[str, str]]:
    """Return method and path of every route whose path names something of a company."""
    async with httpx.AsyncClient(base_url=server.address) as client:
        contract = (await client.get("/schema/openapi.json")).json()
    return [
        (method, path)
        for path, item in contract["paths"].items()
        for method in item
        if set(re.findall(r"{(\w+)}", path)) - SHARED
    ]


@pytest.mark.spec("PLT-162")
async def test_on_every_route_with_an_id(
    server: Running, acme: TestCompany, globex: TestCompany
) -> None:
    things = await made_for(acme)
    before = await state_of(acme, things.all_ids())
    tried = 0

    async with Callers.of(globex) as strangers:
        for method, path in await routes_with_ids(server):
            ids = things.ids_for(path)
            foreign = await strangers.call(method, path, ids)
            missing = await strangers.call(method, path, dict.fromkeys(ids, MISSING))

            assert foreign.status_code == missing.status_code == 404, (method, path, foreign.text)
            told = {**envelope(foreign), "requestId": ""}
            assert told == {**envelope(missing), "requestId": ""}, (method, path)
            assert foreign.headers.keys() == missing.headers.keys()
            tried += 1

    assert tried >= 35
    assert await state_of(acme, things.all_ids()) == before


async def test_owners_find_what_strangers_do_not(acme: TestCompany) -> None:
    """Otherwise every call above might fail for another reason."""
    things = await made_for(acme)
    paths = (
        "/conversation/v1/conversations/{conversationId}",
        "/conversation/v1/conversations/{conversationId}/messages/{messageId}",
        "/desk/v1/conversations/{conversationId}",
        "/console/v1/people/{personId}",
        "/portal/v1/teams/{teamId}/members",
        "/portal/v1/apps/{appId}/keys",
    )
    async with Callers.of(acme) as owners:
        for path in paths:
            answer = await owners.call("get", path, things.ids_for(path))
            assert answer.status_code == 200, (path, answer.text)
        for method, path in (
            ("patch", "/console/v1/redaction/rules/{ruleId}"),
            ("patch", "/console/v1/global-responses/draft/responses/{responseId}"),
            ("delete", "/console/v1/identity-keys/{keyId}"),
            ("patch", "/portal/v1/keys/{keyId}"),
            ("post", "/portal/v1/promotions/{promotionId}/decline"),
        ):
            answer = await owners.call(method, path, things.ids_for(path))
            assert answer.status_code in {200, 204}, (path, answer.text)
