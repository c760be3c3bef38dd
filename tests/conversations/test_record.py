"""Creating, updating, reading and finding conversations by the caller's own id."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from rapport.conversations.models import Conversation, Leg
from rapport.core.log import Audience
from rapport.core.log.models import LoggedEvent
from tests.support.company import TestCompany

pytestmark = pytest.mark.api

PATH = "/conversation/v1/conversations"
WHEN = "2026-03-04T09:10:11.25Z"


def record(external_id: str = "case-1", **fields: Any) -> dict[str, Any]:
    return {
        "externalId": external_id,
        "customer": {"externalId": "cu-1", "name": "Sam Ode"},
        "timestamp": WHEN,
        **fields,
    }


async def create(api: httpx.AsyncClient, **fields: Any) -> str:
    answer = await api.post(PATH, json=record(**fields))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def events_of(acme: TestCompany) -> int:
    database = acme.database()
    async with database.reading() as session:
        count = await session.scalar(select(func.count()).where(LoggedEvent.company_id == acme.id))
    await database.close()
    return int(count or 0)


@pytest.mark.spec("PLT-036")
async def test_a_customer_alone_is_enough(api: httpx.AsyncClient) -> None:
    answer = await api.post(
        PATH, json={"externalId": "c", "customer": {"externalId": "cu"}, "timestamp": WHEN}
    )

    assert answer.status_code == 200
    assert set(answer.json()) == {"id"}


@pytest.mark.spec("PLT-037", "PLT-038", "PLT-043", "PLT-045")
async def test_participants_and_metadata_come_back(api: httpx.AsyncClient) -> None:
    metadata = {"queue": "billing", "CUSTOMER_TIMEZONE": "Europe/Lisbon"}
    conversation = await create(
        api, agent={"externalId": "ag-22", "name": "Iris"}, metadata=metadata
    )

    found = (await api.get(f"{PATH}/{conversation}")).json()

    assert found["id"] == conversation
    assert found["externalId"] == "case-1"
    assert found["customer"] == {"externalId": "cu-1", "name": "Sam Ode"}
    assert found["agent"] == {"externalId": "ag-22", "name": "Iris"}
    assert found["metadata"] == metadata


async def test_what_the_company_knows_is_for_its_people_only(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    conversation = await create(api, metadata={"note": "chargeback"})

    database = acme.database()
    async with database.reading() as session:
        rows = await session.execute(
            select(LoggedEvent.type, LoggedEvent.audience, LoggedEvent.payload)
            .where(LoggedEvent.stream_id == conversation)
            .order_by(LoggedEvent.seq)
        )
        seen = list(rows)
    await database.close()
    telling = [(kind, audience) for kind, audience, payload in seen if "chargeback" in payload]
    assert telling == [("metadata.changed", int(Audience.STAFF))]
    assert any(kind == "conversation.opened" for kind, _, _ in seen)


@pytest.mark.spec("PLT-018")
async def test_ids_are_unique_and_carry_eighty_random_bits(api: httpx.AsyncClient) -> None:
    ids = [await create(api, external_id=f"case-{n}") for n in range(20)]

    assert len(set(ids)) == 20
    assert all(len(i) == 26 and i.isalnum() and i.isupper() for i in ids)
    assert len({i[10:] for i in ids}) == 20


@pytest.mark.spec("PLT-016")
async def test_a_number_is_an_external_id(api: httpx.AsyncClient) -> None:
    answer = await api.post(
        PATH, json={"externalId": 90417, "customer": {"externalId": 514}, "timestamp": WHEN}
    )
    found = (await api.get(PATH, params={"externalId": "90417"})).json()["items"]

    assert [c["id"] for c in found] == [answer.json()["id"]]
    assert found[0]["customer"]["externalId"] == "514"


@pytest.mark.spec("PLT-039")
@pytest.mark.parametrize("missing", ["externalId", "timestamp", "customer"])
async def test_required_fields(api: httpx.AsyncClient, acme: TestCompany, missing: str) -> None:
    body = record()
    del body[missing]

    answer = await api.post(PATH, json=body)

    assert answer.status_code == 400
    assert missing in answer.json()["error"]["message"]
    assert await events_of(acme) == 0


@pytest.mark.spec("PLT-040", "PLT-019")
async def test_the_same_external_id_updates(api: httpx.AsyncClient, acme: TestCompany) -> None:
    first = await create(api, metadata={"queue": "a", "tier": "gold", "old": "x"})
    second = await create(api, metadata={"queue": "b", "old": None})

    assert second == first
    found = (await api.get(f"{PATH}/{first}")).json()
    assert found["metadata"] == {"queue": "b", "tier": "gold"}
    assert found["customer"]["name"] == "Sam Ode"
    assert await create(api, external_id="case-2") != first


async def test_an_update_may_leave_the_customer_out(api: httpx.AsyncClient) -> None:
    conversation = await create(api)

    answer = await api.post(
        PATH, json={"externalId": "case-1", "timestamp": WHEN, "metadata": {"a": "b"}}
    )

    assert answer.json() == {"id": conversation}


async def test_an_update_cannot_change_the_customer(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    conversation = await create(api)
    before = await events_of(acme)

    answer = await api.post(PATH, json=record(customer={"externalId": "somebody-else"}))

    assert answer.status_code == 400
    assert await events_of(acme) == before
    found = (await api.get(f"{PATH}/{conversation}")).json()
    assert found["customer"]["externalId"] == "cu-1"


@pytest.mark.spec("PLT-041")
async def test_an_agent_joins_later(api: httpx.AsyncClient) -> None:
    conversation = await create(api)
    assert "agent" not in (await api.get(f"{PATH}/{conversation}")).json()
    suggestions = f"/autocompose/v1/conversations/{conversation}/suggestions"
    message = {
        "text": "Hello",
        "sender": {"role": "agent", "externalId": "ag-1"},
        "timestamp": WHEN,
    }
    assert (await api.post(suggestions, json={"message": message})).status_code == 400

    assert await create(api, agent={"externalId": "ag-1"}) == conversation

    assert (await api.post(f"{PATH}/{conversation}/messages", json=message)).status_code == 200
    assert (await api.post(suggestions, json={"query": "He"})).status_code == 200


@pytest.mark.spec("PLT-042")
async def test_reassignment_keeps_the_legs(api: httpx.AsyncClient, acme: TestCompany) -> None:
    conversation = await create(api, agent={"externalId": "ag-1", "name": "Iris"})
    await create(api, agent={"externalId": "ag-2", "name": "Marco"})

    found = (await api.get(f"{PATH}/{conversation}")).json()
    assert found["agent"] == {"externalId": "ag-2", "name": "Marco"}
    database = acme.database()
    async with database.reading() as session:
        legs = (
            await session.scalars(
                select(Leg).where(Leg.conversation_id == conversation).order_by(Leg.joined_seq)
            )
        ).all()
    await database.close()
    assert [leg.agent_external_id for leg in legs] == ["ag-1", "ag-2"]
    assert legs[0].left_at is not None
    assert legs[1].left_at is None


@pytest.mark.spec("PLT-045")
async def test_an_unknown_id_is_not_found(api: httpx.AsyncClient) -> None:
    answer = await api.get(f"{PATH}/01JNFQ2X8Z6T0V4M9S3B7D5KCE")

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "404-01"


@pytest.mark.spec("PLT-046", "PLT-162")
async def test_search_finds_this_companys_matches_only(
    api: httpx.AsyncClient, globex: TestCompany
) -> None:
    mine = await create(api, agent={"externalId": "ag-1"})
    async with globex.api() as stranger:
        theirs = await create(stranger, agent={"externalId": "ag-1"})
        assert (await stranger.get(f"{PATH}/{mine}")).status_code == 404
    await create(api, external_id="case-2", customer={"externalId": "cu-2"})

    for query in (
        {"externalId": "case-1"},
        {"customerExternalId": "cu-1"},
        {"agentExternalId": "ag-1"},
    ):
        found = (await api.get(PATH, params=query)).json()["items"]
        assert [c["id"] for c in found] == [mine]
    assert mine != theirs
    assert (await api.get(PATH, params={"externalId": "nobody"})).json() == {"items": []}


@pytest.mark.spec("PLT-047")
async def test_search_needs_a_criterion(api: httpx.AsyncClient) -> None:
    answer = await api.get(PATH)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "400-02"


async def test_completion_by_metadata_ends_it(api: httpx.AsyncClient, acme: TestCompany) -> None:
    conversation = await create(api, metadata={"isCompleted": "true"})

    database = acme.database()
    async with database.reading() as session:
        found = await session.get(Conversation, conversation)
    await database.close()
    assert found is not None
    assert found.end_reason == "metadata"


@pytest.mark.spec("PLT-120")
async def test_free_texts_are_redacted_on_entry(api: httpx.AsyncClient) -> None:
    conversation = await create(api, metadata={"note": "card 4111 1111 1111 1111"})

    found = (await api.get(f"{PATH}/{conversation}")).json()

    assert found["metadata"]["note"] == "card **** **** **** 1111"
