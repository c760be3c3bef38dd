"""Requests that come at once: one external id is one conversation, and limits hold."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from sqlalchemy import update

from rapport.accounts.portal.models import ApiKey
from tests.conversations.test_record import PATH, create, events_of, record
from tests.edge.test_conventions import envelope
from tests.support.company import TestCompany, make_company
from tests.support.server import Running

pytestmark = pytest.mark.api

AT_ONCE = 20
MESSAGE = {
    "text": "Hello",
    "sender": {"role": "customer", "externalId": "c"},
    "timestamp": "2026-03-04T09:10:11Z",
}


async def create_at_once(apis: list[httpx.AsyncClient]) -> None:
    """Create one conversation from everywhere at once, and find one."""
    asked = record("the-one")
    answers = await asyncio.gather(
        *[apis[n % len(apis)].post(PATH, json=asked) for n in range(AT_ONCE)]
    )

    assert {answer.status_code for answer in answers} == {200}, [a.text for a in answers]
    (conversation,) = {answer.json()["id"] for answer in answers}
    found = (await apis[0].get(PATH, params={"externalId": "the-one"})).json()["items"]
    assert [each["id"] for each in found] == [conversation]


async def meet_at_once(apis: list[httpx.AsyncClient]) -> None:
    """Create many conversations of one new customer at once: the customer is one, too."""
    asked = [{**record(f"c-{n}"), "customer": {"externalId": "new"}} for n in range(AT_ONCE)]
    answers = await asyncio.gather(
        *[apis[n % len(apis)].post(PATH, json=each) for n, each in enumerate(asked)]
    )

    assert {answer.status_code for answer in answers} == {200}, [a.text for a in answers]
    assert len({answer.json()["id"] for answer in answers}) == AT_ONCE
    found = (await apis[0].get(PATH, params={"customerExternalId": "new"})).json()["items"]
    assert len(found) == AT_ONCE


async def test_one_external_id_is_one_conversation(api: httpx.AsyncClient) -> None:
    await create_at_once([api])
    await meet_at_once([api])


async def test_what_a_limit_refuses_is_not_stored(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await limit(acme, 20)
    conversation = await create(api)
    before = await events_of(acme)

    answers = await asyncio.gather(
        *[api.post(f"{PATH}/{conversation}/messages", json=MESSAGE) for _ in range(160)]
    )

    refused = [answer for answer in answers if answer.status_code == 429]
    accepted = [answer for answer in answers if answer.status_code == 200]
    assert refused
    assert len(refused) + len(accepted) == 160
    assert {envelope(answer)["code"] for answer in refused} == {"429-01"}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
    assert await events_of(acme) == before + len(accepted)


async def limit(company: TestCompany, rate: int) -> None:
    database = company.database()
    async with database.writing() as session:
        key = update(ApiKey).where(ApiKey.id == company.headers["asapp-api-id"])
        await session.execute(key.values(rate_per_second=rate, burst=rate))
    await database.close()


async def test_strangers_use_the_same_external_id_for_themselves(
    server: Running, acme: TestCompany
) -> None:
    globex = await make_company(server)
    async with acme.api() as mine, globex.api() as theirs:
        answers = await asyncio.gather(
            *[(mine, theirs)[n % 2].post(PATH, json=record("shared")) for n in range(AT_ONCE)]
        )
    assert len({answer.json()["id"] for answer in answers[::2]}) == 1
    assert len({answer.json()["id"] for answer in answers[1::2]}) == 1
    assert answers[0].json() != answers[1].json()
