"""Suggestions over the HTTP API, at the desk and from the console's library."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from rapport.accounts.companies.models import Company
from rapport.core.identity import Role
from rapport.core.ids import new_id
from tests.support.company import TestCompany
from tests.support.customers import let_in
from tests.support.responses import publish

pytestmark = pytest.mark.api

CONVERSATIONS = "/conversation/v1/conversations"
WHEN = "2026-03-04T09:10:11.250Z"
LIBRARY: list[dict[str, Any]] = [
    {"text": "Please file a missing baggage report at the airport.", "title": "Lost bag"},
    {"text": "Your refund will arrive within seven days.", "title": "Refund"},
    {"text": "Sure {NAME}, happy to help with that."},
    {"text": "Sure, may I have your booking number?"},
    {"text": "Check-in opens 24 hours before departure."},
    {
        "text": "Your {membership} status is {unknown_key}.",
        "metadata": [
            {"name": name, "allowedValues": [name]} for name in ("membership", "unknown_key")
        ],
    },
]


async def import_library(company: TestCompany, responses: list[dict[str, Any]] = LIBRARY) -> None:
    """Deploy responses to the sandbox, and wait until all may be suggested."""
    await publish(company, responses)


async def create(
    api: httpx.AsyncClient, *, agent: str | None = "ag-1", external_id: str | None = None
) -> str:
    body: dict[str, Any] = {
        "externalId": external_id or new_id(),
        "timestamp": WHEN,
        "customer": {"externalId": "cu-1", "name": "Sarah Jones"},
    }
    if agent is not None:
        body["agent"] = {"externalId": agent, "name": "Kim Lee"}
    answer = await api.post(CONVERSATIONS, json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def message(text: str, role: str = "customer") -> dict[str, Any]:
    return {"text": text, "sender": {"role": role, "externalId": "cu-1"}, "timestamp": WHEN}


async def suggest(api: httpx.AsyncClient, conversation: str, **body: Any) -> httpx.Response:
    return await api.post(f"/autocompose/v1/conversations/{conversation}/suggestions", json=body)


async def texts(api: httpx.AsyncClient, conversation: str, **body: Any) -> list[str]:
    answer = await suggest(api, conversation, **body)
    assert answer.status_code == 200, answer.text
    return [each["text"] for each in answer.json()["suggestions"]]


async def messages(api: httpx.AsyncClient, conversation: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (
        await api.get(f"{CONVERSATIONS}/{conversation}/messages")
    ).json()["items"]
    return items


@pytest.mark.spec("CMP-018", "CMP-024")
async def test_three_responses_are_suggested_before_anything_is_typed(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await import_library(acme)
    conversation = await create(api)
    await api.post(f"{CONVERSATIONS}/{conversation}/messages", json=message("My bag is lost"))

    answer = await suggest(api, conversation, query="")

    body = answer.json()
    assert answer.status_code == 200
    assert body.keys() == {"id", "suggestions"}
    assert body["id"]
    assert len(body["suggestions"]) == 3
    assert body["suggestions"][0] == {
        "text": "Please file a missing baggage report at the airport.",
        "templateText": "Please file a missing baggage report at the airport.",
        "title": "Lost bag",
    }
    assert {each["title"] for each in body["suggestions"]} <= {"Lost bag", "Refund", ""}
    assert (await suggest(api, conversation)).json()["id"] != body["id"]


async def test_the_body_may_be_left_out(api: httpx.AsyncClient, acme: TestCompany) -> None:
    await import_library(acme)
    conversation = await create(api)

    answer = await api.post(f"/autocompose/v1/conversations/{conversation}/suggestions")

    assert answer.status_code == 200
    assert len(answer.json()["suggestions"]) == 3


@pytest.mark.spec("CMP-019", "CMP-020")
async def test_what_is_typed_leads_until_enough_is_typed(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await import_library(acme)
    conversation = await create(api)
    await api.post(f"{CONVERSATIONS}/{conversation}/messages", json=message("My bag is lost"))

    typed = await texts(api, conversation, query="Sure")

    assert set(typed[:2]) == {
        "Sure Sarah, happy to help with that.",
        "Sure, may I have your booking number?",
    }
    assert len(typed) == 3
    assert (await texts(api, conversation, query="sure, may i"))[0] == typed[
        typed.index("Sure, may I have your booking number?")
    ]
    late = "Sure, may I have your booking number and"
    assert await texts(api, conversation, query=late) == []


@pytest.mark.spec("CMP-044")
async def test_what_fits_may_be_suggested_though_it_begins_otherwise(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await import_library(acme)
    conversation = await create(api)
    await api.post(f"{CONVERSATIONS}/{conversation}/messages", json=message("My bag is lost"))

    assert LIBRARY[0]["text"] in await texts(api, conversation, query="Sure")


@pytest.mark.spec("CMP-023", "CMP-052", "CMP-057")
async def test_placeholders_are_filled_and_kept_beside_the_text(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await import_library(acme)
    conversation = await create(api)

    found = (await suggest(api, conversation, query="Sure")).json()["suggestions"]

    by_template = {each["templateText"]: each["text"] for each in found}
    assert by_template["Sure {NAME}, happy to help with that."] == (
        "Sure Sarah, happy to help with that."
    )
    plain = "Sure, may I have your booking number?"
    assert by_template[plain] == plain
    status = await texts(api, conversation, query="Your")
    assert status
    assert not any("status" in text or "{" in text for text in status)


@pytest.mark.spec("CMP-025", "CMP-026")
async def test_a_message_in_the_request_is_stored_as_any_other(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await import_library(acme)
    conversation, other = await create(api), await create(api)
    said = message("My card 4111 1111 1111 1111 was charged, I want my refund")

    answer = await suggest(api, conversation, message=said)
    await api.post(f"{CONVERSATIONS}/{other}/messages", json=said)

    assert answer.status_code == 200, answer.text
    body = answer.json()
    [stored], [posted] = await messages(api, conversation), await messages(api, other)
    assert stored["messageId"] == body["message"]["id"]
    assert "4111 1111 1111" not in stored["text"]
    for field in ("text", "sender", "clientTimestamp"):
        assert stored[field] == posted[field]
    assert body["suggestions"][0]["title"] == "Refund"


async def test_a_message_in_the_request_counts_while_the_agent_types(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await import_library(acme)
    conversation = await create(api)
    asked = message("When can I check in?")
    assert (await texts(api, conversation, query="zz", message=asked))[0] == LIBRARY[4]["text"]

    refund = message("I want my money back")

    assert (await texts(api, conversation, query="zz", message=refund))[0] == LIBRARY[1]["text"]


@pytest.mark.spec("PLT-080", "CMP-027", "CMP-028")
async def test_without_an_agent_nothing_is_suggested_and_nothing_stored(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await import_library(acme)
    conversation = await create(api, agent=None)

    answers = [
        await suggest(api, conversation, query=""),
        await suggest(api, conversation, message=message("Hello?")),
    ]

    for answer in answers:
        assert answer.status_code == 400
        assert answer.json()["error"]["message"] == "Bad request: the conversation has no agent"
    assert await messages(api, conversation) == []


@pytest.mark.spec("CMP-009", "CMP-010", "CMP-011")
async def test_suggestions_begin_when_an_agent_joins(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await import_library(acme)
    external_id = new_id()
    conversation = await create(api, agent=None, external_id=external_id)
    assert (await suggest(api, conversation)).status_code == 400

    assert await create(api, external_id=external_id) == conversation

    assert len(await texts(api, conversation)) == 3
    assert len(await texts(api, await create(api))) == 3


@pytest.mark.spec("CMP-029")
async def test_a_new_customer_message_changes_the_next_set(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await import_library(acme)
    conversation = await create(api)
    firsts = []
    for text in ("My bag is lost", "I want my money back", "When can I check in?") * 3:
        posted = await api.post(f"{CONVERSATIONS}/{conversation}/messages", json=message(text))
        assert posted.status_code == 200
        firsts.append((await texts(api, conversation))[0])

    assert firsts == [LIBRARY[0]["text"], LIBRARY[1]["text"], LIBRARY[4]["text"]] * 3


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": 5}, "400-03"),
        ({"message": {"text": "Hi"}}, "400-03"),
        ({"message": message("")}, "400-03"),
        ({"message": message("Hi", role="robot")}, "400-03"),
        ({"message": {**message("Hi"), "timestamp": "yesterday"}}, "400-03"),
        ({"message": message("a\x00b")}, "400-03"),
    ],
)
async def test_refused_requests_store_nothing(
    api: httpx.AsyncClient, body: dict[str, Any], code: str
) -> None:
    conversation = await create(api)

    answer = await suggest(api, conversation, **body)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == code
    assert await messages(api, conversation) == []


async def test_strangers_learn_nothing(
    api: httpx.AsyncClient, acme: TestCompany, globex: TestCompany
) -> None:
    await import_library(acme)
    conversation = await create(api)

    async with globex.api() as stranger:
        foreign = await suggest(stranger, conversation, message=message("Hello?"))
        missing = await suggest(stranger, "01ARZ3NDEKTSV4RRFFQ69G5FAV")
        own = await texts(stranger, await create(stranger))

    assert foreign.status_code == missing.status_code == 404
    assert foreign.json()["error"]["message"] == missing.json()["error"]["message"]
    assert own == []
    assert await messages(api, conversation) == []


async def test_a_key_needs_to_be_valid(server: Any) -> None:
    async with httpx.AsyncClient(base_url=server.address) as nobody:
        assert (await suggest(nobody, "01ARZ3NDEKTSV4RRFFQ69G5FAV")).status_code == 401


async def test_a_key_without_the_product_is_refused(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    database = acme.database()
    async with database.writing() as session:
        company = await session.get_one(Company, acme.id)
        company.products = {"sandbox": ["conversation"], "production": ["autocompose"]}
    await database.close()
    conversation = await create(api)

    answer = await suggest(api, conversation, message=message("Hello?"))

    assert answer.status_code == 403
    assert await messages(api, conversation) == []


async def test_the_agent_of_a_conversation_is_helped_at_the_desk(acme: TestCompany) -> None:
    await import_library(acme)
    colleague = await acme.add_person(Role.AGENT)
    async with (
        acme.signed_in(Role.AGENT) as agent,
        acme.signed_in(colleague) as other,
        acme.signed_in(Role.SUPERVISOR) as supervisor,
        acme.live(Role.AGENT) as desk,
    ):
        await desk.subscribe("me")
        await agent.post("/desk/v1/status", json={"status": "active"})
        visitor = await let_in(acme, name="Sam Ode")
        conversation = await visitor.opens("My suitcase is lost")
        await desk.event("me", "assignment.made", conversation=conversation)
        path = f"/autocompose/v1/conversations/{conversation}/suggestions"

        helped = await agent.post(path, json={"query": ""})
        typing = await agent.post(path, json={"query": "sure"})

        assert helped.status_code == typing.status_code == 200, helped.text
        assert helped.json()["suggestions"][0]["title"] == "Lost bag"
        offered = [each["text"] for each in typing.json()["suggestions"]]
        assert "Sure Sam, happy to help with that." in offered[:2]
        assert (await other.post(path, json={"query": ""})).status_code == 404
        assert (await supervisor.post(path, json={"query": ""})).status_code in {403, 409}
        assert (await agent.post(path, json={"query": 7})).status_code == 400
        del agent.headers["x-csrf-token"]
        assert (await agent.post(path, json={"query": ""})).status_code == 403


async def test_what_an_agent_has_said_is_not_suggested_again(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await import_library(acme)
    conversation, other = await create(api), await create(api)
    asked = message("My bag is lost")
    assert (await texts(api, conversation, message=asked))[0] == LIBRARY[0]["text"]

    said = message(LIBRARY[0]["text"].upper(), role="agent")
    await api.post(f"{CONVERSATIONS}/{conversation}/messages", json=said)
    again = await texts(api, conversation, message=message("I lost another bag"))
    typed = await texts(api, conversation, query="Please file")

    assert len(again) == 3
    assert LIBRARY[0]["text"] not in again + typed
    assert LIBRARY[0]["text"] in await texts(api, other, message=asked)
