"""Autopilot greetings: set by the company and its agents, offered once at the very beginning."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from rapport.core.identity import Role
from rapport.core.ids import new_id
from tests.compose.test_suggestions import CONVERSATIONS, WHEN, create, message, suggest
from tests.compose.test_switches import switch
from tests.support.company import TestCompany

pytestmark = pytest.mark.api

GREETINGS = "/autocompose/v1/autopilot/greetings"
STATUS = f"{GREETINGS}/status"
POLICY = "/console/v1/compose/greetings"
OWN = {"greetingGeneric": "Hi there!", "greetingCustomerName": "Hi {NAME}, Kim here."}
AGENT = {"agentId": "ag-1"}


async def set_policy(company: TestCompany, **wanted: Any) -> dict[str, Any]:
    """Change the company's greetings, as the administrator."""
    async with company.signed_in(Role.ADMINISTRATOR) as admin:
        answer = await admin.patch(POLICY, json=wanted)
        assert answer.status_code == 200, answer.text
        changed: dict[str, Any] = answer.json()
        return changed


async def offered(api: httpx.AsyncClient, conversation: str, **body: Any) -> dict[str, Any] | None:
    answer = await suggest(api, conversation, **body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] | None = answer.json().get("autopilotMessage")
    return found


async def create_nameless(api: httpx.AsyncClient) -> str:
    body = {
        "externalId": new_id(),
        "timestamp": WHEN,
        "customer": {"externalId": new_id()},
        "agent": {"externalId": "ag-1", "name": "Kim Lee"},
    }
    return str((await api.post(CONVERSATIONS, json=body)).json()["id"])


@pytest.mark.spec("CMP-144", "CMP-149")
async def test_an_agent_without_own_texts_has_the_companys(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    texts = {"greetingGeneric": "Welcome.", "greetingCustomerName": "Welcome, {NAME}."}
    await set_policy(acme, enabled=True, **texts)
    await api.put(GREETINGS, params={"agentId": "ag-2"}, json=OWN)

    shown = await api.get(GREETINGS, params=AGENT)

    assert shown.status_code == 200
    assert shown.json() == texts
    assert (await api.get(GREETINGS, params={"agentId": "ag-2"})).json() == OWN
    greeting = await offered(api, await create(api))
    assert greeting is not None
    assert greeting["text"] == "Welcome, Sarah."
    of_another = await offered(api, await create(api, agent="ag-2"))
    assert of_another is not None
    assert of_another["text"] == "Hi Sarah, Kim here."


@pytest.mark.spec("CMP-145")
async def test_an_agents_own_texts_are_used_the_next_time(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await set_policy(acme, enabled=True)
    before = await offered(api, await create(api))

    stored = await api.put(GREETINGS, params=AGENT, json=OWN)
    after = await offered(api, await create(api))

    assert stored.status_code == 200
    assert stored.json() == OWN
    assert before is not None
    assert after is not None
    assert before["text"] != after["text"] == "Hi Sarah, Kim here."
    emptied = {"greetingGeneric": "", "greetingCustomerName": ""}
    assert (await api.put(GREETINGS, params=AGENT, json=emptied)).json() == emptied
    again = await offered(api, await create(api))
    assert again is not None
    assert again["text"] == before["text"]


@pytest.mark.spec("CMP-031")
async def test_the_first_set_brings_a_greeting_with_its_two_delays(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await set_policy(acme, enabled=True, delaySeconds=12, triggerAfterSeconds=4)
    await api.put(GREETINGS, params=AGENT, json=OWN)
    conversation = await create(api)
    await api.post(f"{CONVERSATIONS}/{conversation}/messages", json=message("My bag is lost"))

    first = await offered(api, conversation, query="")
    second = await offered(api, conversation, query="")

    assert first == {
        "text": "Hi Sarah, Kim here.",
        "templateText": "Hi {NAME}, Kim here.",
        "title": "",
        "delaySeconds": 12,
        "triggerAfterSeconds": 4,
    }
    assert second is None


async def test_of_many_first_sets_at_once_one_greets(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await set_policy(acme, enabled=True)
    conversation = await create(api)

    sets = await asyncio.gather(*(offered(api, conversation) for _ in range(12)))

    assert sum(greeting is not None for greeting in sets) == 1


@pytest.mark.spec("CMP-153")
async def test_the_named_text_is_for_customers_whose_name_is_known(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await set_policy(acme, enabled=True)
    await api.put(GREETINGS, params=AGENT, json=OWN)

    named = await offered(api, await create(api))
    nameless = await offered(api, await create_nameless(api))

    assert named is not None
    assert nameless is not None
    assert (named["text"], named["templateText"]) == (
        "Hi Sarah, Kim here.",
        "Hi {NAME}, Kim here.",
    )
    assert nameless["text"] == "Hi there!"


async def test_a_text_that_cannot_be_filled_gives_way(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await set_policy(acme, enabled=True)
    texts = {"greetingGeneric": "Hi!", "greetingCustomerName": "Hi {NAME} of {unknown_key}!"}
    await api.put(GREETINGS, params=AGENT, json=texts)

    greeting = await offered(api, await create(api))

    assert greeting is not None
    assert greeting["text"] == "Hi!"


@pytest.mark.spec("CMP-154")
async def test_there_is_no_greeting_once_an_agent_has_spoken_or_typed(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await set_policy(acme, enabled=True)
    spoken = await create(api)
    said = message("Good morning", "agent")
    await api.post(f"{CONVERSATIONS}/{spoken}/messages", json=said)
    with_it = await create(api)
    typed = await create(api)
    served = await create(api)

    assert await offered(api, spoken) is None
    assert await offered(api, with_it, message=said) is None
    assert await offered(api, with_it) is None
    assert await offered(api, typed, query="Hel") is None
    assert await offered(api, typed, query="") is None
    assert await offered(api, served) is not None
    await api.post(f"{CONVERSATIONS}/{served}/messages", json=message("Thanks"))
    assert await offered(api, served) is None


@pytest.mark.spec("CMP-147")
async def test_the_company_switches_greetings_on_and_off(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    assert await offered(api, await create(api)) is None

    switched_on = await set_policy(acme, enabled=True)
    greeted = await offered(api, await create(api))
    await set_policy(acme, enabled=False)
    after = await offered(api, await create(api))

    assert switched_on["enabled"] is True
    assert greeted is not None
    assert after is None
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        entries = (await admin.get("/console/v1/audit")).json()["items"]
    ours = [entry["event_type"] for entry in entries if entry["resource_type"] == "greetings"]
    assert ours == ["update", "update"]


@pytest.mark.spec("CMP-148")
async def test_another_countdown_holds_for_the_next_conversation(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await set_policy(acme, enabled=True, delaySeconds=5)
    before = await offered(api, await create(api))
    await set_policy(acme, delaySeconds=20)
    after = await offered(api, await create(api))

    assert before is not None
    assert after is not None
    assert (before["delaySeconds"], after["delaySeconds"]) == (5, 20)


@pytest.mark.spec("CMP-146")
async def test_an_agent_reads_and_switches_its_own_status(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    assert (await api.get(STATUS, params=AGENT)).json() == {"enabled": False}
    await set_policy(acme, enabled=True)
    assert (await api.get(STATUS, params=AGENT)).json() == {"enabled": True}

    switched = await api.put(STATUS, params=AGENT, json={"enabled": False})

    assert switched.status_code == 200
    assert switched.json() == {"enabled": False}
    assert (await api.get(STATUS, params=AGENT)).json() == {"enabled": False}
    assert (await api.get(STATUS, params={"agentId": "ag-2"})).json() == {"enabled": True}
    assert await offered(api, await create(api)) is None
    assert await offered(api, await create(api, agent="ag-2")) is not None
    await api.put(STATUS, params=AGENT, json={"enabled": True})
    assert await offered(api, await create(api)) is not None


async def test_a_person_has_its_own_greetings_and_sees_nobody_elses(acme: TestCompany) -> None:
    async with acme.signed_in(Role.AGENT) as agent:
        stored = await agent.put(GREETINGS, json=OWN)
        foreign = await agent.put(GREETINGS, params={"agentId": "ag-2"}, json=OWN)
        own = (await agent.get(GREETINGS)).json()

    assert stored.status_code == 200
    assert own == OWN
    assert foreign.status_code == 404


async def test_where_greetings_are_switched_off_for_clients_none_is_offered(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await set_policy(acme, enabled=True)
    await switch(acme, autopilotGreetingsDisabled=True)
    assert await offered(api, await create(api)) is None
    await switch(acme, autopilotGreetingsDisabled=False, autocomposeDisabled=True)
    assert await offered(api, await create(api)) is None


async def test_what_must_not_be_kept_is_masked_in_greetings(api: httpx.AsyncClient) -> None:
    secret = {**OWN, "greetingGeneric": "My card is 4111 1111 1111 1111."}

    stored = await api.put(GREETINGS, params=AGENT, json=secret)

    assert "4111" not in stored.text
    assert (await api.get(GREETINGS, params=AGENT)).json() == stored.json()


async def test_bad_greetings_change_nothing(
    api: httpx.AsyncClient, acme: TestCompany, globex: TestCompany
) -> None:
    await api.put(GREETINGS, params=AGENT, json=OWN)

    refused = [
        await api.put(GREETINGS, json=OWN),
        await api.put(GREETINGS, params=AGENT, json={"greetingGeneric": "Hi"}),
        await api.put(GREETINGS, params=AGENT, json={**OWN, "greetingGeneric": "x" * 2_001}),
        await api.put(GREETINGS, params=AGENT, json={**OWN, "greetingGeneric": None}),
        await api.put(STATUS, params=AGENT, json={}),
        await api.put(STATUS, params=AGENT, json={"enabled": "sometimes"}),
        await api.get(GREETINGS),
        await api.get(STATUS),
    ]
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        before = (await admin.get(POLICY)).json()
        refused += [
            await admin.patch(POLICY, json={"delaySeconds": -1}),
            await admin.patch(POLICY, json={"greetingGeneric": ""}),
        ]
        assert (await admin.get(POLICY)).json() == before
    async with acme.signed_in(Role.AGENT) as agent:
        assert (await agent.patch(POLICY, json={"enabled": True})).status_code == 403

    assert [answer.status_code for answer in refused] == [400] * len(refused)
    assert (await api.get(GREETINGS, params=AGENT)).json() == OWN
    async with globex.api() as stranger:
        assert (await stranger.get(GREETINGS, params=AGENT)).json() != OWN
