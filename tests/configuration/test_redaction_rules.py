"""A company's own rules: a draft, tried, brought to the sandbox and then to production."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from rapport.core.identity import Role
from tests.support.company import TestCompany

pytestmark = pytest.mark.api

RULES = "/console/v1/redaction/rules"


@pytest.fixture
async def ada(acme: TestCompany) -> AsyncIterator[httpx.AsyncClient]:
    """Acme's administrator."""
    async with acme.signed_in(Role.ADMINISTRATOR) as client:
        yield client


async def add(client: httpx.AsyncClient, name: str, pattern: str = "x{3}") -> str:
    answer = await client.post(RULES, json={"name": name, "pattern": pattern})
    assert answer.status_code == 201, answer.text
    rule_id: str = answer.json()["id"]
    return rule_id


async def names(client: httpx.AsyncClient) -> list[str]:
    return [rule["name"] for rule in (await client.get(RULES)).json()["items"]]


@pytest.mark.spec("PLT-121")
async def test_rules_are_an_ordered_list(ada: httpx.AsyncClient) -> None:
    badge = await add(ada, "badge", "B-[0-9]{4}")
    await add(ada, "locker", "L-[0-9]{4}")

    listed = (await ada.get(RULES)).json()["items"]

    assert [(rule["name"], rule["pattern"]) for rule in listed] == [
        ("badge", "B-[0-9]{4}"),
        ("locker", "L-[0-9]{4}"),
    ]
    moved = await ada.patch(f"{RULES}/{badge}", json={"position": 1})
    assert moved.status_code == 200
    assert await names(ada) == ["locker", "badge"]
    await ada.patch(f"{RULES}/{badge}", json={"position": 0})
    assert await names(ada) == ["badge", "locker"]


@pytest.mark.spec("PLT-122")
async def test_names_are_unique_and_patterns_must_serve(
    ada: httpx.AsyncClient, globex: TestCompany
) -> None:
    badge = await add(ada, "badge")
    locker = await add(ada, "locker")

    for body, status in (
        ({"name": "badge", "pattern": "y"}, 409),
        ({"name": "Badge", "pattern": "y"}, 409),
        ({"name": "broken", "pattern": "("}, 400),
        ({"name": "greedy", "pattern": ".*"}, 400),
        ({"name": "behind", "pattern": "(?<=x)y"}, 400),
        ({"name": "", "pattern": "y"}, 400),
        ({"name": "nothing", "pattern": ""}, 400),
        ({"name": "nul\u0000", "pattern": "y"}, 400),
        ({"name": "extra", "pattern": "y", "state": "live"}, 400),
    ):
        answer = await ada.post(RULES, json=body)
        assert answer.status_code == status, body
    assert (await ada.patch(f"{RULES}/{locker}", json={"name": "badge"})).status_code == 409
    assert (await ada.patch(f"{RULES}/{locker}", json={"pattern": "["})).status_code == 400
    assert (await ada.patch(f"{RULES}/{badge}", json={"name": "Badge"})).status_code == 200
    assert await names(ada) == ["Badge", "locker"]
    async with globex.signed_in(Role.ADMINISTRATOR) as stranger:
        await add(stranger, "badge")


async def test_a_refusal_says_what_is_wrong_with_the_pattern(ada: httpx.AsyncClient) -> None:
    answer = await ada.post(RULES, json={"name": "broken", "pattern": "a(b"})

    assert "/pattern" in answer.json()["error"]["message"]
    assert "missing" in answer.json()["error"]["message"]


@pytest.mark.spec("PLT-123")
async def test_a_pattern_is_tried_before_it_is_saved(ada: httpx.AsyncClient) -> None:
    body = {"pattern": "B-[0-9]+", "text": "señal 😀 B-12 and B-345"}

    answer = await ada.post(f"{RULES}/test", json=body)

    assert answer.status_code == 200
    assert answer.json() == {
        "matches": [{"start": 8, "end": 12}, {"start": 17, "end": 22}],
        "redacted": "señal 😀 **** and *****",
    }
    assert await names(ada) == []
    broken = await ada.post(f"{RULES}/test", json={"pattern": "(", "text": "x"})
    assert broken.status_code == 400


async def stored(company: TestCompany, text: str) -> str:
    """Say something through the API and read what was kept."""
    async with company.api() as api:
        opened = await api.post(
            "/conversation/v1/conversations",
            json={
                "externalId": text[:50],
                "timestamp": "2026-01-01T10:00:00Z",
                "customer": {"externalId": "c"},
            },
        )
        path = f"/conversation/v1/conversations/{opened.json()['id']}/messages"
        sender = {"role": "customer", "externalId": "c"}
        message = {"text": text, "sender": sender, "timestamp": "2026-01-01T10:00:01Z"}
        assert (await api.post(path, json=message)).status_code == 200
        listed = (await api.get(path)).json()
    return str(listed["items"][0]["text"])


@pytest.mark.spec("PLT-124")
async def test_rules_go_to_the_sandbox_first_and_each_environment_has_its_own(
    ada: httpx.AsyncClient, acme: TestCompany
) -> None:
    badge = await add(ada, "badge", "B-[0-9]{4}")
    assert await stored(acme, "my badge B-1234 drafted") == "my badge B-1234 drafted"
    early = await ada.post(f"{RULES}/deploy", json={"environment": "production"})
    assert early.status_code == 409

    sandbox = await ada.post(f"{RULES}/deploy", json={"environment": "sandbox", "notes": "try"})

    assert sandbox.status_code == 201
    assert (sandbox.json()["version"], sandbox.json()["notes"]) == (1, "try")
    assert await stored(acme, "my badge B-1234 deployed") == "my badge ****** deployed"
    assert await works_in(ada) == [(True, False)]
    await ada.patch(f"{RULES}/{badge}", json={"pattern": "B-[0-9]{5}"})
    assert await works_in(ada) == [(False, False)]
    assert await stored(acme, "B-1234 still the deployed rule") == "****** still the deployed rule"

    production = await ada.post(f"{RULES}/deploy", json={"environment": "production"})

    assert [rule["pattern"] for rule in production.json()["rules"]] == ["B-[0-9]{4}"]
    await ada.delete(f"{RULES}/{badge}")
    await ada.post(f"{RULES}/deploy", json={"environment": "sandbox"})
    assert await stored(acme, "B-1234 without rules") == "B-1234 without rules"
    history = (await ada.get(f"{RULES}/deployments", params={"environment": "sandbox"})).json()
    assert [one["version"] for one in history["items"]] == [2, 1]
    live = (await ada.get(f"{RULES}/deployments", params={"environment": "production"})).json()
    assert [len(one["rules"]) for one in live["items"]] == [1]


async def works_in(client: httpx.AsyncClient) -> list[tuple[bool, bool]]:
    items = (await client.get(RULES)).json()["items"]
    return [(rule["sandbox"], rule["production"]) for rule in items]


async def test_every_change_is_recorded(ada: httpx.AsyncClient) -> None:
    badge = await add(ada, "badge")
    await ada.patch(f"{RULES}/{badge}", json={"pattern": "z{3}"})
    await ada.post(f"{RULES}/deploy", json={"environment": "sandbox"})
    await ada.delete(f"{RULES}/{badge}")

    entries = (await ada.get("/console/v1/audit", params={"order": "oldest"})).json()["items"]

    seen = [
        (entry["event_type"], entry["resource_name"], entry["environment"])
        for entry in entries
        if entry["resource_type"].startswith("redaction_rule")
    ]
    assert seen == [
        ("create", "badge", None),
        ("update", "badge", None),
        ("deploy", "version 1", "sandbox"),
        ("delete", "badge", None),
    ]


async def test_a_stranger_sees_none_of_it(
    ada: httpx.AsyncClient, acme: TestCompany, globex: TestCompany
) -> None:
    badge = await add(ada, "badge")

    async with globex.signed_in(Role.ADMINISTRATOR) as stranger:
        assert await names(stranger) == []
        assert (await stranger.patch(f"{RULES}/{badge}", json={"name": "x"})).status_code == 404
        assert (await stranger.delete(f"{RULES}/{badge}")).status_code == 404
    async with acme.signed_in(Role.AGENT) as agent:
        assert (await agent.get(RULES)).status_code == 403
        assert (await agent.post(RULES, json={"name": "a", "pattern": "b"})).status_code == 403
    assert await names(ada) == ["badge"]
