"""Adding and reading messages over the HTTP API."""

from __future__ import annotations

import asyncio
import random
import time
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from rapport.conversations.models import Conversation
from rapport.core import clock
from tests.conversations.test_record import PATH, WHEN, create, events_of
from tests.support.company import TestCompany

pytestmark = pytest.mark.api


def message(text: str = "Hello", when: str = WHEN, role: str = "customer") -> dict[str, Any]:
    return {"text": text, "sender": {"role": role, "externalId": "cu-1"}, "timestamp": when}


async def texts(api: httpx.AsyncClient, conversation: str) -> list[str]:
    items = (await api.get(f"{PATH}/{conversation}/messages")).json()["items"]
    return [item["text"] for item in items]


@pytest.mark.spec("PLT-066", "PLT-073", "PLT-078")
async def test_a_message_comes_back_as_documented(api: httpx.AsyncClient) -> None:
    conversation = await create(api)

    answer = await api.post(f"{PATH}/{conversation}/messages", json=message("Where is it?"))

    assert answer.status_code == 200
    found = (await api.get(f"{PATH}/{conversation}/messages/{answer.json()['id']}")).json()
    assert found["messageId"] == answer.json()["id"]
    assert found["text"] == "Where is it?"
    assert found["sender"] == {"role": "customer", "externalId": "cu-1"}
    assert found["clientTimestamp"] == "2026-03-04T09:10:11.250000Z"
    assert found["createdTimestamp"].endswith("Z")


@pytest.mark.spec("PLT-067")
@pytest.mark.parametrize(
    ("role", "status"), [("agent", 200), ("customer", 200), ("system", 200), ("bot", 400)]
)
async def test_roles(api: httpx.AsyncClient, acme: TestCompany, role: str, status: int) -> None:
    conversation = await create(api)
    before = await events_of(acme)

    answer = await api.post(f"{PATH}/{conversation}/messages", json=message(role=role))

    assert answer.status_code == status
    assert await events_of(acme) == before + (status == 200)


@pytest.mark.spec("PLT-068", "PLT-162")
async def test_unknown_and_foreign_conversations_look_alike(
    api: httpx.AsyncClient, globex: TestCompany
) -> None:
    async with globex.api() as stranger:
        foreign = await create(stranger)

    answers = [
        (await api.post(f"{PATH}/{conversation}/messages", json=message()))
        for conversation in ("01JNFQ2X8Z6T0V4M9S3B7D5KCE", foreign)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert len({answer.json()["error"]["message"] for answer in answers}) == 1


@pytest.mark.spec("PLT-073")
async def test_a_message_of_another_conversation_is_not_found(api: httpx.AsyncClient) -> None:
    one, two = await create(api), await create(api, external_id="case-2")
    said = (await api.post(f"{PATH}/{one}/messages", json=message())).json()["id"]

    assert (await api.get(f"{PATH}/{two}/messages/{said}")).status_code == 404
    assert (await api.get(f"{PATH}/{one}/messages/01NONE")).status_code == 404


@pytest.mark.spec("PLT-015", "PLT-014")
@pytest.mark.parametrize(
    "when",
    [
        "2026-03-04T09:10:11Z",
        "2026-03-04T09:10:11.1Z",
        "2026-03-04T09:10:11.123456Z",
        "2026-03-04T09:10:11.123456789012Z",
    ],
)
async def test_timestamps_that_are_taken(api: httpx.AsyncClient, when: str) -> None:
    conversation = await create(api)

    assert (
        await api.post(f"{PATH}/{conversation}/messages", json=message(when=when))
    ).status_code == 200


@pytest.mark.spec("PLT-015", "PLT-014")
@pytest.mark.parametrize(
    "when",
    [
        "2026-03-04T09:10:11",
        "2026-03-04T09:10:11X",
        "2026-03-04T09:10:11z",
        "2026-03-04T09:10:11+01:00",
        "2026-03-04T09:10:11.1234567890123Z",
        "2026-02-30T09:10:11Z",
        "2026-03-04 09:10:11Z",
        "yesterday",
        "٢٠٢٦-03-04T09:10:11Z",
    ],
)
async def test_timestamps_that_are_refused(
    api: httpx.AsyncClient, acme: TestCompany, when: str
) -> None:
    conversation = await create(api)
    before = await events_of(acme)

    answer = await api.post(f"{PATH}/{conversation}/messages", json=message(when=when))

    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == "400-03"
    assert error["message"].startswith("ERROR - [Path '/timestamp'] String ")
    assert when in error["message"]
    assert "yyyy-MM-dd'T'HH:mm:ssZ, yyyy-MM-dd'T'HH:mm:ss.[0-9]{1,12}Z" in error["message"]
    assert await events_of(acme) == before


@pytest.mark.spec("PLT-070")
async def test_a_batch_is_stored_whole_in_order(api: httpx.AsyncClient) -> None:
    conversation = await create(api)
    batch = [message(f"line {n}", f"2026-03-04T09:10:{n:02}Z") for n in range(30)]

    answer = await api.post(f"{PATH}/{conversation}/messages/batch", json={"messages": batch})

    assert answer.status_code == 200
    assert len(answer.json()["messages"]) == 30
    assert await texts(api, conversation) == [f"line {n}" for n in range(30)]


@pytest.mark.spec("PLT-070")
async def test_a_batch_with_one_bad_message_stores_nothing(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    conversation = await create(api)
    before = await events_of(acme)
    batch = [message("good"), message("bad", "tomorrow"), message("good")]

    answer = await api.post(f"{PATH}/{conversation}/messages/batch", json={"messages": batch})

    assert answer.status_code == 400
    assert "/messages/1/timestamp" in answer.json()["error"]["message"]
    assert await events_of(acme) == before
    assert (
        await api.post(f"{PATH}/{conversation}/messages/batch", json={"messages": []})
    ).status_code == 400


@pytest.mark.spec("PLT-071", "PLT-072")
async def test_history_lists_chronologically_whatever_the_order_of_posts(
    api: httpx.AsyncClient,
) -> None:
    conversation = await create(api)
    numbers = list(range(25))
    random.Random(7).shuffle(numbers)
    for n in numbers:
        said = message(f"{n}", f"2019-01-01T00:00:{n:02}Z")
        assert (await api.post(f"{PATH}/{conversation}/messages", json=said)).status_code == 200
    for tie in ("a", "b", "c"):
        await api.post(f"{PATH}/{conversation}/messages", json=message(tie, "2019-01-02T00:00:00Z"))

    assert await texts(api, conversation) == [f"{n}" for n in range(25)] + ["a", "b", "c"]


@pytest.mark.spec("PLT-074", "PLT-017", "PLT-075")
async def test_messages_by_the_callers_own_id(api: httpx.AsyncClient) -> None:
    conversation = await create(api, external_id="guid-1", agent={"externalId": "ag-1"})
    await api.post(f"{PATH}/{conversation}/messages", json=message("first leg"))
    await create(api, external_id="guid-1", agent={"externalId": "ag-2"})
    await api.post(f"{PATH}/{conversation}/messages", json=message("second leg"))
    path = "/conversation/v1/conversation/messages"

    by_query = await api.get(path, params={"externalId": "guid-1"})
    by_body = await api.request("GET", path, json={"externalId": "guid-1"})

    assert [m["text"] for m in by_query.json()["items"]] == ["first leg", "second leg"]
    assert by_body.json() == by_query.json()
    assert (await api.get(path)).status_code == 400
    assert (await api.get(path, params={"externalId": "none"})).status_code == 404


@pytest.mark.spec("PLT-076")
async def test_at_most_a_thousand_by_external_id(api: httpx.AsyncClient) -> None:
    conversation = await create(api, external_id="long-call")
    for start in range(0, 1200, 300):
        batch = [message(f"line {start + n}") for n in range(300)]
        await api.post(f"{PATH}/{conversation}/messages/batch", json={"messages": batch})

    path = "/conversation/v1/conversation/messages"
    found = (await api.get(path, params={"externalId": "long-call"})).json()["items"]

    assert [m["text"] for m in found] == [f"line {n}" for n in range(1000)]
    assert len(await texts(api, conversation)) == 1200


@pytest.mark.spec("PLT-077")
async def test_transcripts_are_given_out_for_seven_days(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    conversation = await create(api, external_id="call", metadata={"isCompleted": "true"})
    path = "/conversation/v1/conversation/messages?externalId=call"
    assert (await api.get(path)).status_code == 200

    database = acme.database()
    async with database.writing() as session:
        ended = clock.now() - timedelta(days=7, seconds=1)
        await session.execute(
            update(Conversation).where(Conversation.id == conversation).values(ended_at=ended)
        )
    await database.close()

    assert (await api.get(path)).status_code == 404


@pytest.mark.spec("PLT-069", "PLT-232")
async def test_card_numbers_are_nowhere(api: httpx.AsyncClient, acme: TestCompany) -> None:
    conversation = await create(api)
    card, cvv = "4012 8888 8888 1881", "737"
    said = message(f"my card is {card} and the cvv is {cvv}")

    await api.post(f"{PATH}/{conversation}/messages", json=said)

    stored = (await texts(api, conversation))[0]
    assert stored == "my card is **** **** **** 1881 and the cvv is ***"
    raw = acme.raw_files()
    assert b"1881 and the cvv is ***" in raw
    assert card.encode() not in raw
    assert card.replace(" ", "").encode() not in raw


@pytest.mark.spec("PLT-117")
async def test_context_reaches_across_messages(api: httpx.AsyncClient) -> None:
    conversation = await create(api)
    for role, text in (
        ("agent", "What is your social security number?"),
        ("customer", "sure"),
        ("customer", "078-05-1120"),
    ):
        await api.post(f"{PATH}/{conversation}/messages", json=message(text, role=role))

    assert "078-05" not in " ".join(await texts(api, conversation))


async def test_an_idempotency_key_makes_a_retry_harmless(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    conversation = await create(api)
    before = await events_of(acme)
    headers = {"Idempotency-Key": "once"}

    answers = await asyncio.gather(
        *[
            api.post(f"{PATH}/{conversation}/messages", json=message(), headers=headers)
            for _ in range(8)
        ]
    )

    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await events_of(acme) == before + 1
    assert await texts(api, conversation) == ["Hello"]


async def test_a_nul_character_is_refused(api: httpx.AsyncClient, acme: TestCompany) -> None:
    conversation = await create(api)
    before = await events_of(acme)

    answer = await api.post(f"{PATH}/{conversation}/messages", json=message("a\x00b"))

    assert answer.status_code == 400
    assert "/text" in answer.json()["error"]["message"]
    assert await events_of(acme) == before


async def test_forty_at_once_get_dense_places(api: httpx.AsyncClient) -> None:
    conversation = await create(api)

    answers = await asyncio.gather(
        *[api.post(f"{PATH}/{conversation}/messages", json=message(f"{n}")) for n in range(40)]
    )

    assert {answer.status_code for answer in answers} == {200}
    assert sorted(await texts(api, conversation), key=int) == [f"{n}" for n in range(40)]


@pytest.mark.parametrize("text", ["ssn 123 " * 1250, "4111 1111 1111 1111 " * 500])
async def test_the_longest_text_does_not_hold_up_the_others(
    api: httpx.AsyncClient, text: str
) -> None:
    conversation = await create(api)
    path = f"{PATH}/{conversation}/messages"

    long = asyncio.create_task(api.post(path, json=message(text[:10_000])))
    await asyncio.sleep(0.02)
    started = time.monotonic()
    answer = await api.get("/v1/health")
    waited = time.monotonic() - started

    assert answer.status_code == 200
    assert (await long).status_code == 200
    assert waited < 1


async def test_a_text_that_is_too_long_is_refused(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    conversation = await create(api)
    before = await events_of(acme)

    answer = await api.post(f"{PATH}/{conversation}/messages", json=message("x" * 10_001))

    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "413-02"
    assert await events_of(acme) == before
