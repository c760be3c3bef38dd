"""What holds for every call: keys, envelopes, ids, limits, health."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from rapport.accounts.portal.models import ApiKey
from tests.conversations.test_record import PATH, create, events_of, record
from tests.support.company import TestCompany, make_company
from tests.support.server import Running, running

pytestmark = pytest.mark.api


def envelope(answer: httpx.Response) -> dict[str, Any]:
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"requestId", "message", "code"}
    assert body["error"]["code"].startswith(f"{answer.status_code}-")
    assert body["error"]["requestId"] == answer.headers["x-request-id"]
    error: dict[str, Any] = body["error"]
    return error


@pytest.mark.spec("PLT-001")
async def test_answers_are_json(api: httpx.AsyncClient) -> None:
    conversation = await create(api)
    message = {
        "text": "x",
        "sender": {"role": "customer", "externalId": "c"},
        "timestamp": "2026-03-04T09:10:11Z",
    }
    answers = [
        await api.get("/v1/health"),
        await api.post(PATH, json=record("another")),
        await api.post(f"{PATH}/{conversation}/messages", json=message),
        await api.get(f"{PATH}/{conversation}/messages"),
        await api.get("/configuration/v1/redaction-entities"),
        await api.post(f"/autocompose/v1/conversations/{conversation}/suggestions", json={}),
        await api.get(f"{PATH}/nothing"),
    ]
    for answer in answers:
        assert answer.headers["content-type"].startswith("application/json")
        answer.json()


@pytest.mark.spec("PLT-004", "PLT-005", "PLT-011", "PLT-012", "PLT-153")
async def test_both_headers_are_needed_and_right(
    server: Running, acme: TestCompany, globex: TestCompany
) -> None:
    key, secret = acme.headers["asapp-api-id"], acme.headers["asapp-api-secret"]
    wrong = [
        {},
        {"asapp-api-id": key},
        {"asapp-api-secret": secret},
        {"asapp-api-id": key, "asapp-api-secret": "wrong"},
        {"asapp-api-id": "01NONE", "asapp-api-secret": secret},
        {"asapp-api-id": globex.headers["asapp-api-id"], "asapp-api-secret": secret},
    ]
    right = [
        acme.headers,
        {"ASAPP-API-ID": key, "Asapp-Api-Secret": secret},
        {"rapport-api-id": key, "rapport-api-secret": secret},
    ]
    async with httpx.AsyncClient(base_url=server.address) as client:
        for headers in wrong:
            answer = await client.get("/v1/health", headers=headers)
            assert answer.status_code == 401
            envelope(answer)
        for headers in right:
            assert (await client.get("/v1/health", headers=headers)).status_code == 200


@pytest.mark.spec("PLT-010", "PLT-011", "PLT-012")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"externalId":', "400-02"),
        (b"", "400-02"),
        (b"[]", "400-03"),
        (b'{"externalId": {}}', "400-03"),
        (b'"text"', "400-03"),
        (b"\xff\xfe", "400-02"),
    ],
)
async def test_malformed_bodies(
    api: httpx.AsyncClient, acme: TestCompany, content: bytes, code: str
) -> None:
    answer = await api.post(PATH, content=content, headers={"content-type": "application/json"})

    assert answer.status_code == 400
    assert envelope(answer)["code"] == code
    assert await events_of(acme) == 0


@pytest.mark.spec("PLT-024")
async def test_an_oversized_body_is_413(api: httpx.AsyncClient, acme: TestCompany) -> None:
    answer = await api.post(PATH, json=record(metadata={"big": "x" * 1_100_000}))

    assert answer.status_code == 413
    envelope(answer)
    assert await events_of(acme) == 0


async def test_unknown_routes_and_methods_use_the_envelope(api: httpx.AsyncClient) -> None:
    assert envelope(await api.get("/conversation/v1/nothing"))["code"] == "404-01"
    assert envelope(await api.delete(PATH))["code"] == "405-01"


@pytest.mark.spec("PLT-014")
async def test_a_wrong_value_is_named_with_its_path(api: httpx.AsyncClient) -> None:
    body = record()
    body["customer"]["externalId"] = ["list"]

    error = envelope(await api.post(PATH, json=body))

    assert error["code"] == "400-03"
    assert error["message"].startswith("ERROR - [Path '/customer/externalId']")


@pytest.mark.spec("PLT-013")
async def test_every_request_has_an_id_that_the_log_knows(
    api: httpx.AsyncClient, server: Running
) -> None:
    answers = [await api.get(f"{PATH}/nothing") for _ in range(3)]

    ids = {envelope(answer)["requestId"] for answer in answers}
    assert len(ids) == 3
    log = server.log
    assert all(request_id in log for request_id in ids)


@pytest.mark.spec("PLT-026", "PLT-028")
async def test_health(api: httpx.AsyncClient, acme: TestCompany) -> None:
    answer = await api.get("/v1/health")

    assert (answer.status_code, answer.json()) == (200, {"healthCheck": "SUCCESS"})
    assert await events_of(acme) == 0


@pytest.mark.spec("PLT-029", "CMP-008")
async def test_the_101st_request_in_a_second_is_refused(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await limit(acme, rate_per_second=100, burst=100)
    await api.get("/v1/health")
    await asyncio.sleep(1.2)

    below = await asyncio.gather(*[api.get("/v1/health") for _ in range(90)])
    await asyncio.sleep(1.2)
    before = await events_of(acme)
    above = await asyncio.gather(*[api.post(PATH, json=record(f"c{n}")) for n in range(150)])

    assert {answer.status_code for answer in below} == {200}
    refused = [answer for answer in above if answer.status_code == 429]
    assert refused
    assert envelope(refused[0])["code"] == "429-01"
    assert int(refused[0].headers["retry-after"]) >= 1
    accepted = len(above) - len(refused)
    assert await events_of(acme) == before + accepted
    await asyncio.sleep(int(refused[0].headers["retry-after"]))
    assert (await api.get("/v1/health")).status_code == 200


@pytest.mark.spec("PLT-030")
async def test_a_keys_limit_is_its_own(
    api: httpx.AsyncClient, acme: TestCompany, globex: TestCompany
) -> None:
    await limit(acme, rate_per_second=5, burst=5)
    await asyncio.sleep(0.1)

    mine = await asyncio.gather(*[api.get("/v1/health") for _ in range(20)])
    async with globex.api() as stranger:
        theirs = await asyncio.gather(*[stranger.get("/v1/health") for _ in range(20)])

    assert sum(answer.status_code == 200 for answer in mine) <= 10
    assert {answer.status_code for answer in theirs} == {200}


@pytest.mark.spec("PLT-007", "PLT-009")
async def test_a_sandbox_key_is_nothing_in_production(acme: TestCompany) -> None:
    production = f"http://localhost:{acme.server.port}"
    async with httpx.AsyncClient(headers=acme.headers) as client:
        assert (await client.get(f"{acme.server.address}/v1/health")).status_code == 200
        answer = await client.get(f"{production}/v1/health")

    assert answer.status_code == 401
    envelope(answer)


@pytest.mark.spec("PLT-006", "CMP-002")
async def test_plain_http_is_refused_and_never_redirected(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("https")
    with running(folder, RAPPORT_SERVER_REQUIRE_HTTPS="true") as server:
        company = await make_company(server)
        async with company.api() as client:
            plain = await client.get("/v1/health", follow_redirects=False)
            behind_proxy = await client.get(
                "/v1/health", headers={"X-Forwarded-Proto": "https"}, follow_redirects=False
            )

    assert plain.status_code == 403
    assert "location" not in plain.headers
    assert behind_proxy.status_code == 200


@pytest.mark.spec("PLT-157")
async def test_the_contract_is_served(api: httpx.AsyncClient) -> None:
    contract = json.loads((await api.get("/schema/openapi.json")).content)

    assert f"{PATH}/{{conversationId}}/messages" in contract["paths"]
    assert contract["components"]["securitySchemes"]["ApiId"]["name"] == "asapp-api-id"


async def limit(acme: TestCompany, **values: int) -> None:
    database = acme.database()
    async with database.writing() as session:
        statement = update(ApiKey).where(ApiKey.id == acme.headers["asapp-api-id"])
        await session.execute(statement.values(**values))
    await database.close()
