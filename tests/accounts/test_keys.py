"""API keys prove who calls, in one environment, within what is switched on and allowed."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import httpx
import pytest

from rapport.accounts import operator
from rapport.accounts.authentication import KeyAuthenticator
from rapport.accounts.companies.models import Company
from rapport.accounts.companies.service import switch_product
from rapport.accounts.portal import keys
from rapport.accounts.portal.access import key_of_installation
from rapport.accounts.portal.events import ApiKeyRevoked, company_stream
from rapport.accounts.portal.keys import LimitChange
from rapport.accounts.portal.secrets import secret_hash
from rapport.accounts.portal.teams import create_team
from rapport.accounts.settings import AccountsSettings
from rapport.core import clock
from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId
from tests.accounts.conftest import Tenant

pytestmark = [pytest.mark.api, pytest.mark.asyncio(loop_scope="module")]

FIRST_CALL = "/conversation/v1/conversations"


def pair(key_id: str, secret: str) -> dict[str, str]:
    return {"asapp-api-id": key_id, "asapp-api-secret": secret}


async def called(acme: Tenant, headers: dict[str, str] | None = None, **more: str) -> int:
    return (await acme.call(headers, **more)).status_code


@pytest.mark.spec("PLT-004")
async def test_only_the_right_pair_opens(acme: Tenant) -> None:
    key = acme.account.sandbox.key
    right = pair(key.key.id, key.secret)
    assert await called(acme, right) == 200
    wrong = [
        {"asapp-api-id": key.key.id},
        {"asapp-api-secret": key.secret},
        {"x-nothing": "at all"},
        {**right, "asapp-api-secret": "rapport_guess"},
        {**right, "asapp-api-id": "01JNFQ2X8Z6T0V4M9S3B7D5KCE"},
    ]
    for headers in wrong:
        answer = await acme.call(headers)
        assert answer.status_code == 401
        assert set(answer.json()["error"]) == {"requestId", "message", "code"}
        assert answer.json()["error"]["code"] == "401-01"


async def test_a_secret_of_any_bytes_is_only_wrong(acme: Tenant) -> None:
    headers = [
        (b"host", b"sandbox.localhost"),
        (b"asapp-api-id", acme.account.sandbox.key.key.id.encode()),
        (b"asapp-api-secret", b"\xff\xfe geheim"),
    ]
    async with httpx.AsyncClient(base_url=acme.served.url) as client:
        request = httpx.Request("GET", client.base_url.join(FIRST_CALL), headers=headers)
        assert (await client.send(request)).status_code == 401


@pytest.mark.spec("PLT-005")
async def test_header_names_have_no_case_and_two_spellings(acme: Tenant) -> None:
    key = acme.account.sandbox.key
    for id_name, secret_name in (
        ("ASAPP-API-ID", "Asapp-Api-Secret"),
        ("rapport-api-id", "rapport-api-secret"),
        ("Rapport-Api-Id", "asapp-api-SECRET"),
    ):
        assert await called(acme, {id_name: key.key.id, secret_name: key.secret}) == 200


@pytest.mark.spec("PLT-009")
async def test_keys_do_not_cross_environments(acme: Tenant) -> None:
    async with acme.served.node.database.writing() as session:
        made = await create_team(
            session,
            operator(acme.account.company.id),
            environment=Environment.PRODUCTION,
            name="Acme production",
            owner=acme.account.developer.person,
        )
    production = pair(made.key.key.id, made.key.secret)
    assert await called(acme, host="sandbox.localhost") == 200
    assert await called(acme, host="production.localhost") == 401
    assert await called(acme, production, host="production.localhost") == 200
    assert await called(acme, production, host="sandbox.localhost") == 401


@pytest.mark.spec("PLT-020")
async def test_a_product_opens_when_it_is_switched_on(acme: Tenant) -> None:
    await switch(acme, Environment.SANDBOX, on=False)
    refused = await acme.call()
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "403-01"
    await switch(acme, Environment.SANDBOX, on=True)
    assert await called(acme) == 200
    await switch(acme, Environment.PRODUCTION, on=False)
    assert await called(acme) == 200


async def switch(acme: Tenant, environment: Environment, *, on: bool) -> None:
    node = acme.served.node
    async with node.database.writing() as session:
        company = await session.get_one(Company, acme.account.company.id)
        by = operator(company.id, environment)
        switch_product(session, by, node.bus, company, "conversation", on=on)


async def test_a_key_may_be_narrowed_to_some_products(acme: Tenant, dev: httpx.AsyncClient) -> None:
    app = acme.account.sandbox.app.id
    body = {"name": "health only", "products": ["health"]}
    made = (await dev.post(f"/portal/v1/apps/{app}/keys", json=body)).json()
    narrow = pair(made["key"]["id"], made["secret"])
    assert await called(acme, narrow) == 403
    path = f"/portal/v1/keys/{made['key']['id']}"
    await dev.patch(path, json={"products": ["health", "conversation"]})
    assert await called(acme, narrow) == 200
    refused = await dev.patch(path, json={"products": ["juggling"]})
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "400-03"


@pytest.mark.spec("PLT-030")
async def test_an_operator_adjusts_a_limit(acme: Tenant) -> None:
    await limit(acme, LimitChange(rate_per_second=0.1, burst=2))
    assert [await called(acme) for _ in range(3)] == [200, 200, 429]
    await limit(acme, LimitChange(rate_per_second=1000, burst=1000))
    assert {await called(acme) for _ in range(5)} == {200}


async def limit(acme: Tenant, wanted: LimitChange) -> None:
    node = acme.served.node
    async with node.database.writing() as session:
        key = await key_of_installation(session, acme.account.sandbox.key.key.id)
        keys.limit(session, operator(key.company_id), node.bus, key, wanted)


@pytest.mark.spec("PLT-032")
async def test_a_revoked_key_fails_at_once_and_leaves_a_notice(
    acme: Tenant, dev: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    key = acme.account.sandbox.key.key
    assert await called(acme) == 200
    revoked = await dev.post(f"/portal/v1/keys/{key.id}/revoke", json={"reason": "leaked"})
    assert revoked.json()["revoked_at"] is not None
    assert await called(acme) == 401
    scope = Scope(CompanyId(key.company_id), Environment.SANDBOX)
    notices = await acme.served.node.tail.stream(company_stream(scope), 0)
    assert [one.decode(ApiKeyRevoked) for one in notices] == [
        ApiKeyRevoked(key=key.id, name="First key", reason="leaked")
    ]
    audit = (await ada.get("/console/v1/audit", params={"event_type": "delete"})).json()["items"]
    assert [(one["resource_name"], one["user"]) for one in audit] == [("First key", "Developer")]
    again = await dev.post(f"/portal/v1/keys/{key.id}/revoke", json={})
    assert again.status_code == 200
    assert len(await acme.served.node.tail.stream(company_stream(scope), 0)) == 1
    rotated = await dev.post(f"/portal/v1/keys/{key.id}/rotate", json={})
    assert rotated.status_code == 409


async def test_rotation_ends_the_old_secret_at_once_or_after_its_grace(
    acme: Tenant, dev: httpx.AsyncClient
) -> None:
    key, first = acme.account.sandbox.key
    now = clock.ManualClock(clock.now())
    with clock.running_on(now):
        second = await rotate(dev, key.id, grace_seconds=600)
        assert await called(acme, pair(key.id, first)) == 200
        assert await called(acme, pair(key.id, second)) == 200
        now.advance(timedelta(seconds=601))
        assert await called(acme, pair(key.id, first)) == 401
        assert await called(acme, pair(key.id, second)) == 200
        third = await rotate(dev, key.id, grace_seconds=0)
        assert await called(acme, pair(key.id, second)) == 401
        assert await called(acme, pair(key.id, third)) == 200


async def rotate(dev: httpx.AsyncClient, key_id: str, *, grace_seconds: int) -> str:
    body = {"grace_seconds": grace_seconds}
    answer = await dev.post(f"/portal/v1/keys/{key_id}/rotate", json=body)
    assert answer.status_code == 200, answer.text
    secret: str = answer.json()["secret"]
    return secret


async def test_the_secret_is_shown_once_and_kept_as_a_hash(
    acme: Tenant, dev: httpx.AsyncClient
) -> None:
    app = acme.account.sandbox.app.id
    made = (await dev.post(f"/portal/v1/apps/{app}/keys", json={"name": "second"})).json()
    listed = await dev.get(f"/portal/v1/apps/{app}/keys")
    assert [key["name"] for key in listed.json()["items"]] == ["First key", "second"]
    secret = made["secret"]
    assert secret not in listed.text
    assert secret_hash(secret) not in listed.text
    stored = acme.served.stored()
    assert secret_hash(secret).encode() in stored
    assert secret.encode() not in stored


async def test_use_is_noted_coarsely(acme: Tenant, dev: httpx.AsyncClient) -> None:
    path = f"/portal/v1/apps/{acme.account.sandbox.app.id}/keys"
    assert (await dev.get(path)).json()["items"][0]["last_used_at"] is None
    await called(acme)
    noted = (await dev.get(path)).json()["items"][0]["last_used_at"]
    assert noted is not None
    await called(acme)
    assert (await dev.get(path)).json()["items"][0]["last_used_at"] == noted


class _Connection:
    """What an authenticator reads of a connection: its scope."""

    def __init__(self, headers: list[tuple[bytes, bytes]]) -> None:
        self.scope: dict[str, Any] = {
            "headers": headers,
            "rapport.environment": Environment.SANDBOX,
        }


async def test_a_known_key_costs_microseconds(acme: Tenant) -> None:
    node = acme.served.node
    authenticate: Any = KeyAuthenticator(
        node.database, node.bus, AccountsSettings(remember_seconds=60)
    )
    key, secret = acme.account.sandbox.key
    connection = _Connection(
        [
            (b"host", b"sandbox.localhost"),
            (b"content-type", b"application/json"),
            (b"asapp-api-id", key.id.encode()),
            (b"asapp-api-secret", secret.encode()),
            (b"user-agent", b"rapport"),
        ]
    )
    await authenticate(connection)
    best = 1.0
    for _ in range(5):
        started = time.perf_counter()
        for _ in range(1000):
            await authenticate(connection)
        best = min(best, (time.perf_counter() - started) / 1000)
    assert best < 30e-6
