"""Which texts may be offered in which conversation, over the HTTP API."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from rapport.core.identity import Role
from rapport.core.ids import new_id
from tests.compose.test_suggestions import CONVERSATIONS, WHEN, message, suggest, texts
from tests.support.company import TestCompany
from tests.support.responses import LIST, deploy, publish, save, state_of

pytestmark = pytest.mark.api

CUSTOMS = "/autocompose/v1/responses/customs"
GLOBALS = "/autocompose/v1/responses/globals"


async def converse(
    api: httpx.AsyncClient,
    *,
    external_id: str | None = None,
    agent: str | None = "ag-1",
    customer: str = "cu-1",
    metadata: dict[str, str | None] | None = None,
) -> str:
    body: dict[str, Any] = {
        "externalId": external_id or new_id(),
        "timestamp": WHEN,
        "customer": {"externalId": customer, "name": "Sarah Jones"},
        "metadata": metadata or {},
    }
    if agent is not None:
        body["agent"] = {"externalId": agent, "name": "Kim Lee"}
    answer = await api.post(CONVERSATIONS, json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def say(api: httpx.AsyncClient, conversation: str, role: str, text: str) -> httpx.Response:
    path = f"{CONVERSATIONS}/{conversation}/messages"
    answer = await api.post(path, json=message(text, role))
    assert answer.status_code == 200, answer.text
    return answer


async def write(api: httpx.AsyncClient, agent: str, text: str, **more: Any) -> str:
    """Have an agent keep a response of its own."""
    body = {"text": text, "title": "Mine", **more}
    answer = await api.post(f"{CUSTOMS}/response", params={"agentId": agent}, json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def condition(name: str, *allowed: str) -> dict[str, Any]:
    return {"name": name, "allowedValues": list(allowed)}


@pytest.mark.spec("CMP-013", "CMP-045", "CMP-046")
async def test_a_response_for_one_queue_or_skill_is_offered_nowhere_else(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    responses: list[dict[str, Any]] = [
        {"text": "Your bill is ready.", "metadata": [condition("queue", "billing")]},
        {"text": "Your upgrade is ready.", "metadata": [condition("skill", "sales")]},
        {"text": "Your call is important.", "metadata": []},
    ]
    await publish(acme, responses)
    bill, upgrade, call = (str(each["text"]) for each in responses)

    async def offered(conversation: str) -> set[str]:
        asked = [await texts(api, conversation, query=query) for query in ("", "Your", "your b")]
        return {text for found in asked for text in found}

    nobody = await converse(api)
    billing = await converse(api, metadata={"queue": "billing"})
    general = await converse(api, metadata={"queue": "general", "skill": "sales"})

    assert await offered(nobody) == {call}
    assert await offered(billing) == {bill, call}
    assert await offered(general) == {upgrade, call}


async def test_a_conversation_that_moves_to_another_queue_gets_what_is_for_that(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    responses: list[dict[str, Any]] = [
        {"text": f"This is {queue}.", "metadata": [condition("queue", queue)]}
        for queue in ("billing", "sales")
    ]
    await publish(acme, responses)
    key = new_id()
    conversation = await converse(api, external_id=key, metadata={"queue": "billing"})
    assert await texts(api, conversation) == ["This is billing."]

    await converse(api, external_id=key, metadata={"queue": "sales"})

    assert await texts(api, conversation) == ["This is sales."]


@pytest.mark.spec("CMP-033", "CMP-043")
async def test_what_is_deployed_is_offered_with_the_next_request(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    first = await publish(acme, [{"text": "The first list says hello."}])
    conversation = await converse(api)
    assert await texts(api, conversation) == ["The first list says hello."]
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        path = f"{LIST}/draft/responses"
        added = await admin.post(path, json={"text": "The second list says hello, too."})
        assert added.status_code == 201
        second = await save(admin)
        assert await texts(api, conversation, query="The") == ["The first list says hello."]
        async with asyncio.timeout(30):
            waiting = True
            while waiting:
                await asyncio.sleep(0.02)
                waiting = (await state_of(admin))["waiting"] > 0

        shown = []
        for version in (second, first, second):
            await deploy(admin, version)
            shown.append(len(await texts(api, conversation, query="")))

    # The two mean the same, so that one stands for both: the words tell them apart.
    assert shown == [1, 1, 1]
    assert "The second list says hello, too." in await texts(api, conversation, query="The second")


@pytest.mark.spec("CMP-012", "CMP-034", "CMP-059")
async def test_an_agents_own_responses_are_offered_to_it_alone(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    key = new_id()
    conversation = await converse(api, external_id=key, metadata={"queue": "bags", "bag": "red"})
    await say(api, conversation, "customer", "My bag is lost")
    assert await texts(api, conversation) == []

    bound = [condition("WHAT", "metadata.bag"), condition("queue", "bags")]
    await write(api, "ag-1", "Hi {NAME}, I look for the {WHAT} bag.", metadata=bound)
    elsewhere = [condition("queue", "seats")]
    await write(api, "ag-1", "Let me look for another bag of yours.", metadata=elsewhere)
    await write(api, "ag-2", "Lou looks for your bag.")

    [own] = (await suggest(api, conversation)).json()["suggestions"]
    assert own == {
        "text": "Hi Sarah, I look for the red bag.",
        "templateText": "Hi {NAME}, I look for the {WHAT} bag.",
        "title": "Mine",
    }
    await converse(api, external_id=key, agent="ag-2")
    assert await texts(api, conversation) == ["Lou looks for your bag."]
    assert await texts(api, conversation, query="H") == ["Lou looks for your bag."]
    await converse(api, external_id=key, agent="ag-3")
    assert await texts(api, conversation) == []


@pytest.mark.spec("CMP-035", "CMP-037", "CMP-038")
async def test_what_an_agent_often_says_is_offered_and_listed_nowhere(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    said = "I am sorry, please report the missing bag at the desk."
    for customer in ("cu-1", "cu-2"):
        earlier = await converse(api, customer=customer)
        await say(api, earlier, "customer", "Where is my suitcase?")
        await say(api, earlier, "agent", said)
    conversation = await converse(api, customer="cu-3")
    await say(api, conversation, "customer", "My suitcase has not come")

    async with asyncio.timeout(30):
        offered: list[str] = []
        while said not in offered:
            await asyncio.sleep(0.1)
            offered = await texts(api, conversation)

    assert await texts(api, await converse(api, agent="ag-2", customer="cu-4")) == []
    listed = [
        await api.get(CUSTOMS, params={"agentId": "ag-1"}),
        await api.get(CUSTOMS, params={"agentId": "ag-1", "searchTerm": "bag"}),
        await api.get(GLOBALS, params={"searchTerm": "bag"}),
    ]
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        listed.append(await admin.get(f"{LIST}/draft/responses"))
    assert [each.status_code for each in listed] == [200] * 4
    assert not any("missing bag" in each.text for each in listed)


@pytest.mark.spec("CMP-010", "CMP-015")
async def test_what_a_virtual_agent_said_is_context_and_nobodys_part(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(
        acme, [{"text": "We will find your suitcase."}, {"text": "Your money is on its way."}]
    )
    first = []
    for topic in ("You have lost a suitcase, is that so?", "You want a refund, is that so?"):
        key = new_id()
        conversation = await converse(api, external_id=key, agent=None)
        await say(api, conversation, "system", topic)
        await say(api, conversation, "customer", "Yes, that is what it is about.")
        alone = (await api.get(f"{CONVERSATIONS}/{conversation}")).json()
        assert "agent" not in alone or alone["agent"] is None
        assert (await suggest(api, conversation)).status_code == 400
        assert await converse(api, external_id=key) == conversation
        first.append((await texts(api, conversation))[0])

    assert first == ["We will find your suitcase.", "Your money is on its way."]


@pytest.mark.spec("CMP-014", "CMP-016")
@pytest.mark.parametrize("role", ["agent", "customer", "system"])
async def test_messages_of_every_role_and_fraction_of_a_second_are_taken(
    api: httpx.AsyncClient, role: str
) -> None:
    conversation = await converse(api)
    stamps = [
        f"2026-03-04T09:10:11{fraction}Z" for fraction in ("", ".5", ".25", ".123456", ".1234567")
    ]

    for number, stamp in enumerate(stamps):
        said = {**message(f"number {number}", role), "timestamp": stamp}
        answer = await suggest(api, conversation, message=said)
        assert answer.status_code == 200, answer.text
        assert answer.json()["message"]["id"]
