"""What holds for every route of `/autocompose`: who may call, where, and how it refuses."""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
import pytest
import yaml

from rapport.core.identity import Role
from tests.compose.test_suggestions import create, message, suggest
from tests.conversations.test_record import PATH
from tests.edge.test_environments import production
from tests.support.company import TestCompany

pytestmark = pytest.mark.api

ROUTES = "/schema/services/autocompose.yaml"


async def operations(api: httpx.AsyncClient) -> list[tuple[str, str]]:
    """Every operation of the served Compose contract: method and an address nobody has."""
    document = yaml.safe_load((await api.get(ROUTES)).text)
    found = [
        (method, re.sub(r"{\w+}", "01NONE", path))
        for path, item in document["paths"].items()
        for method in item
    ]
    assert len(found) >= 17
    return found


@asynccontextmanager
async def caller(
    acme: TestCompany, headers: Mapping[str, str], base_url: str = ""
) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=base_url or acme.server.address, headers=dict(headers), timeout=20
    ) as client:
        yield client


def check_envelope(answer: httpx.Response) -> None:
    error = answer.json()["error"]
    assert set(error) == {"requestId", "message", "code"}
    assert re.fullmatch(rf"{answer.status_code}-[0-9]{{2,3}}", error["code"])
    assert error["requestId"] == answer.headers["x-request-id"]


@pytest.mark.spec("CMP-001", "CMP-007")
async def test_no_route_opens_without_the_right_pair(
    api: httpx.AsyncClient, acme: TestCompany, globex: TestCompany
) -> None:
    key, secret = acme.headers.values()
    wrong = [
        {},
        {"asapp-api-id": key},
        {"asapp-api-secret": secret},
        {"asapp-api-id": key, "asapp-api-secret": f"{secret}x"},
        {"asapp-api-id": globex.headers["asapp-api-id"], "asapp-api-secret": secret},
    ]
    async with caller(acme, {}) as client:
        for (method, path), headers in itertools.product(await operations(api), wrong):
            answer = await client.request(
                method, path, params={"agentId": "a"}, json={}, headers=headers
            )
            assert answer.status_code == 401, (method, path)
            check_envelope(answer)
    for method, path in await operations(api):
        let_in = await api.request(method, path, params={"agentId": "a"}, json={})
        assert let_in.status_code not in {401, 403, 405, 500}, (method, path)
        if let_in.is_error:
            check_envelope(let_in)


@pytest.mark.spec("CMP-003")
async def test_sandbox_and_production_have_keys_and_data_of_their_own(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    conversation = await create(api)
    address = f"http://localhost:{acme.server.port}"
    async with caller(acme, acme.headers, address) as crossed, await production(acme) as live:
        for method, path in await operations(api):
            answer = await crossed.request(method, path, params={"agentId": "a"}, json={})
            assert answer.status_code == 401, (method, path)
        assert (await suggest(live, conversation, query="")).status_code == 404
        assert (await suggest(live, await create(live), query="")).status_code == 200
    assert (await suggest(api, conversation, query="")).status_code == 200


@pytest.mark.spec("CMP-005")
async def test_a_disabled_key_fails_at_its_next_call(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    conversation = await create(api)
    assert (await suggest(api, conversation, query="")).status_code == 200

    async with acme.signed_in(Role.DEVELOPER) as dev:
        address = f"/portal/v1/keys/{acme.headers['asapp-api-id']}/revoke"
        assert (await dev.post(address, json={})).status_code == 200

    refused = await suggest(api, conversation, query="")
    assert refused.status_code == 401
    check_envelope(refused)


@pytest.mark.spec("CMP-006")
async def test_the_contract_of_every_route_is_served_to_look_at(api: httpx.AsyncClient) -> None:
    listed = (await api.get("/schema/services")).json()["items"]
    assert ROUTES in {each["url"] for each in listed}
    document = yaml.safe_load((await api.get(ROUTES)).text)
    assert document["openapi"].startswith("3.")
    assert "/autocompose/v1/conversations/{conversationId}/suggestions" in document["paths"]
    assert (await api.get("/schema")).headers["content-type"].startswith("text/html")


@pytest.mark.spec("CMP-010", "CMP-013", "CMP-014", "CMP-015", "CMP-016")
async def test_a_virtual_agents_conversation_is_taken_over_with_all_that_was_said(
    api: httpx.AsyncClient,
) -> None:
    facts = {"queue": "billing", "CUSTOMER_TIMEZONE": "America/Chicago"}
    opened = {
        "externalId": "c-9001",
        "customer": {"externalId": "u-55", "name": "Lee Park"},
        "metadata": facts,
        "timestamp": "2026-03-02T09:00:00.120000Z",
    }
    conversation = (await api.post(PATH, json=opened)).json()["id"]
    for role, when in (
        ("customer", "2026-03-02T09:00:01.5Z"),
        ("system", "2026-03-02T09:00:02.123456Z"),
        ("customer", "2026-03-02T09:00:03Z"),
        ("agent", "2026-03-02T09:00:04.1234567Z"),
    ):
        said = {**message(f"said by {role}", role), "timestamp": when}
        answer = await api.post(f"{PATH}/{conversation}/messages", json=said)
        assert answer.status_code == 200, (role, when, answer.text)
        assert answer.json()["id"]

    record = (await api.get(f"{PATH}/{conversation}")).json()
    listed = (await api.get(f"{PATH}/{conversation}/messages")).json()["items"]
    assert record["metadata"] == facts
    assert not record.get("agent")
    assert [each["sender"]["role"] for each in listed] == [
        "customer",
        "system",
        "customer",
        "agent",
    ]
    assert listed[1]["clientTimestamp"] == "2026-03-02T09:00:02.123456Z"
    assert (await suggest(api, conversation, query="")).is_client_error


@pytest.mark.spec("CMP-252", "CMP-253")
async def test_a_conversation_is_its_companys_and_its_agents(
    api: httpx.AsyncClient, acme: TestCompany, globex: TestCompany
) -> None:
    conversation = await create(api)
    path = f"/autocompose/v1/conversations/{conversation}/suggestions"
    async with globex.api() as stranger:
        assert (await stranger.post(path, json={"query": ""})).status_code == 404
    for role in (Role.AGENT, Role.SUPERVISOR, Role.DEVELOPER):
        async with acme.signed_in(role) as person:
            answer = await person.post(path, json={"query": ""})
            assert answer.status_code in {403, 404, 409}, role
            check_envelope(answer)
    async with caller(acme, {}) as nobody:
        assert (await nobody.post(path, json={"query": ""})).status_code == 401
    # Eighty random bits and a time: nobody comes upon one by counting.
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", conversation)


@pytest.mark.spec("CMP-017", "CMP-255")
async def test_numbers_that_must_not_be_kept_are_stripped_at_every_door(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    conversation = await create(api)
    # Numbers that no other test says: the files are those of all companies of the server.
    ssn, card = "536-22-8145", "4539 5787 6362 1486"
    said = message(f"my ssn is {ssn} and my card is {card}")
    await api.post(f"{PATH}/{conversation}/messages", json=said)
    again = message(f"once more: card number {card}")
    set_id = (await suggest(api, conversation, query="", message=again)).json()["id"]
    await suggest(api, conversation, query=f"your ssn is {ssn}, right")
    await api.post(
        "/autocompose/v1/spellcheck/correction",
        json={
            "text": f"card {card} tihs ",
            "typingEvent": {"cursorStart": 29, "cursorEnd": 30},
        },
    )
    await api.post(
        f"/autocompose/v1/conversations/{conversation}/message-analytic-events",
        json={
            "type": "custom-panel-inserted",
            "suggestionsId": set_id,
            "customPanelInserted": {"text": f"pay with {card}"},
        },
    )

    listed = (await api.get(f"{PATH}/{conversation}/messages")).text
    for secret in (ssn, card, card.replace(" ", "")):
        assert secret not in listed
        assert secret.encode() not in acme.raw_files()
