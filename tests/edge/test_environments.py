"""Sandbox and production: the same services, separate data; and one record for all products."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select

from rapport.accounts.onboarding.service import operator
from rapport.accounts.people.models import Person
from rapport.accounts.portal.teams import create_team
from rapport.conversations.models import Leg, Message
from rapport.core.identity import Environment, Role
from rapport.core.ids import CompanyId
from tests.conversations.test_messages import message
from tests.conversations.test_record import PATH, create, record
from tests.support.company import TestCompany

pytestmark = pytest.mark.api


async def production(acme: TestCompany) -> httpx.AsyncClient:
    database = acme.database()
    async with database.writing() as session:
        owner = await session.get(Person, acme.people[Role.DEVELOPER].id)
        assert owner is not None
        caller = operator(CompanyId(acme.id), Environment.PRODUCTION)
        team = await create_team(
            session, caller, environment=Environment.PRODUCTION, name="Live", owner=owner
        )
    await database.close()
    headers = {"asapp-api-id": team.key.key.id, "asapp-api-secret": team.key.secret}
    return httpx.AsyncClient(
        base_url=f"http://localhost:{acme.server.port}", headers=headers, timeout=20
    )


@pytest.mark.spec("PLT-007", "PLT-008", "PLT-009")
async def test_both_environments_behave_alike_and_share_nothing(
    acme: TestCompany, api: httpx.AsyncClient
) -> None:
    answers = []
    async with await production(acme) as live:
        for client in (api, live):
            conversation = await create(client, agent={"externalId": "ag-1"})
            said = message("my card is 4111 1111 1111 1111, where is my parcel?")
            await client.post(f"{PATH}/{conversation}/messages", json=said)
            listed = (await client.get(f"{PATH}/{conversation}/messages")).json()["items"]
            suggested = await client.post(
                f"/autocompose/v1/conversations/{conversation}/suggestions", json={"query": ""}
            )
            refused = await client.post(PATH, json=record(customer={"externalId": "other"}))
            answers.append(
                (
                    [item["text"] for item in listed],
                    suggested.status_code,
                    [s["text"] for s in suggested.json()["suggestions"]],
                    (refused.status_code, refused.json()["error"]["code"]),
                )
            )
        ids = [
            (await client.get(PATH, params={"externalId": "case-1"})).json()["items"][0]["id"]
            for client in (api, live)
        ]
        assert (await live.get(f"{PATH}/{ids[0]}")).status_code == 404
        live_key = dict(live.headers)
        crossed = await api.get("/v1/health", headers={k: live_key[k] for k in acme.headers})
        assert crossed.status_code == 401
    assert answers[0] == answers[1]
    assert ids[0] != ids[1]


@pytest.mark.spec("PLT-023")
async def test_a_list_is_walked_once_by_its_cursors(api: httpx.AsyncClient) -> None:
    path = "/configuration/v1/redaction-entities"
    seen: list[str] = []
    page = (await api.get(path, params={"limit": 7})).json()
    assert page["prevCursor"] is None
    while True:
        seen += [entity["id"] for entity in page["redactionEntities"]]
        if page["nextCursor"] is None:
            break
        page = (await api.get(path, params={"limit": 7, "cursor": page["nextCursor"]})).json()
        assert page["prevCursor"] is not None
    everything = (await api.get(path, params={"limit": 100})).json()
    first_hundred = [entity["id"] for entity in everything["redactionEntities"]]
    assert seen[: len(first_hundred)] == first_hundred
    assert len(seen) == len(set(seen))


@pytest.mark.spec("PLT-048")
async def test_messages_belong_to_their_agents_leg(
    acme: TestCompany, api: httpx.AsyncClient
) -> None:
    conversation = await create(api, agent={"externalId": "ag-1"})
    await api.post(f"{PATH}/{conversation}/messages", json=message("to the first"))
    await create(api, agent={"externalId": "ag-2"})
    await api.post(f"{PATH}/{conversation}/messages", json=message("to the second"))
    await create(api, agent=None)
    await api.post(f"{PATH}/{conversation}/messages", json=message("to nobody"))

    database = acme.database()
    async with database.reading() as session:
        legs = (await session.scalars(select(Leg).order_by(Leg.joined_seq))).all()
        mine = [leg for leg in legs if leg.conversation_id == conversation]
        said = {
            leg.agent_external_id: (
                await session.scalars(
                    select(Message.text).where(
                        Message.conversation_id == conversation,
                        Message.seq > leg.joined_seq,
                        Message.seq < leg.left_seq,
                    )
                )
            ).all()
            for leg in mine
        }
    await database.close()
    assert said == {"ag-1": ["to the first"], "ag-2": ["to the second"]}


@pytest.mark.spec("PLT-049")
async def test_every_door_leads_to_the_same_record(
    acme: TestCompany, api: httpx.AsyncClient
) -> None:
    conversation = await create(api)
    await create(api, agent={"externalId": "ag-9", "name": "Iris"}, metadata={"queue": "billing"})
    sent = await api.post(f"{PATH}/{conversation}/messages", json=message("Hello"))
    topic = f"conversation/{conversation}"
    async with acme.signed_in(Role.SUPERVISOR) as desk, acme.live(Role.SUPERVISOR) as live:
        seen = (await desk.get(f"/desk/v1/conversations/{conversation}")).json()
        await live.subscribe(topic)
        event = await live.event(topic, "message.sent", message=sent.json()["id"])
    suggested = await api.post(
        f"/autocompose/v1/conversations/{conversation}/suggestions",
        json={"message": message("and again", role="agent")},
    )

    assert seen["agent"]["name"] == "Iris"
    assert seen["metadata"] == {"queue": "billing"}
    assert seen["last_text"] == "Hello"
    assert event["data"]["text"] == "Hello"
    listed = (await api.get(f"{PATH}/{conversation}/messages")).json()["items"]
    assert {suggested.json()["message"]["id"], sent.json()["id"]} == {
        item["messageId"] for item in listed
    }
