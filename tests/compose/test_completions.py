"""Phrases completed over the HTTP API, from the lists and from what agents said."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from tests.compose.test_suggestions import create, suggest
from tests.compose.test_switches import switch
from tests.support.company import TestCompany
from tests.support.responses import publish

pytestmark = pytest.mark.api

CONVERSATIONS = "/conversation/v1/conversations"
WHEN = "2026-03-04T09:10:11.250Z"
LOYALTY = "We really appreciate your loyalty over all these years."
PATIENCE = "We really appreciate your patience while we look into it."
LIBRARY: list[dict[str, Any]] = [
    {"text": "Please file a missing baggage report at the airport."},
    {"text": "Your refund will arrive within seven days."},
    {"text": "Sure {NAME}, may I have your booking number?"},
    {"text": LOYALTY},
    {"text": PATIENCE},
]


async def completed(api: httpx.AsyncClient, conversation: str, query: str) -> str | None:
    answer = await suggest(api, conversation, query=query)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    if "phraseCompletion" not in body:
        return None
    assert body["phraseCompletion"].keys() == {"text"}
    text: str = body["phraseCompletion"]["text"]
    assert text.startswith(query)
    return text


async def say(api: httpx.AsyncClient, texts: Sequence[str]) -> None:
    """Have agents say texts, each in a conversation of its own."""
    for text in texts:
        conversation = await create(api)
        sent = {"text": text, "sender": {"role": "agent", "externalId": "ag-1"}, "timestamp": WHEN}
        answer = await api.post(f"{CONVERSATIONS}/{conversation}/messages", json=sent)
        assert answer.status_code == 200, answer.text


@pytest.mark.spec("CMP-021", "CMP-061")
async def test_a_phrase_completes_what_is_typed_after_several_words(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(acme, LIBRARY)
    conversation = await create(api)

    whole = "Please file a missing baggage report at the airport"
    typed = [await completed(api, conversation, whole[:end]) for end in range(len(whole) - 1)]

    assert set(typed[: len("Please file")]) == {None}
    offered = [text for text in typed[len("Please file a") :] if text is not None]
    assert len(offered) == len(typed) - len("Please file a")
    assert {text.rstrip(".") for text in offered} == {whole}
    assert await completed(api, conversation, "") is None


@pytest.mark.spec("CMP-062")
async def test_nothing_completes_an_unusual_beginning(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(acme, LIBRARY)
    conversation = await create(api)

    assert await completed(api, conversation, "Your refund will") is not None
    for unusual in (
        "Quantum llamas dislike",
        "Refund please airport your",
        "xx yy zz ",
        "{{ } {NAME",
    ):
        assert await completed(api, conversation, unusual) is None


@pytest.mark.spec("CMP-063")
async def test_wording_of_no_list_is_never_completed(
    api: httpx.AsyncClient, acme: TestCompany, globex: TestCompany
) -> None:
    await say(api, ["Kindly bear with us until tomorrow."] * 4)
    await publish(globex, [{"text": "Thank you ever so much for flying with us."}])
    await publish(acme, LIBRARY)
    conversation = await create(api)

    assert await completed(api, conversation, "Please file a") is not None
    assert await completed(api, conversation, "Kindly bear with us") is None
    assert await completed(api, conversation, "Thank you ever so") is None


@pytest.mark.spec("CMP-064")
@pytest.mark.parametrize(("often", "seldom"), [(LOYALTY, PATIENCE), (PATIENCE, LOYALTY)])
async def test_of_two_phrases_the_one_used_more_is_completed(
    api: httpx.AsyncClient, acme: TestCompany, often: str, seldom: str
) -> None:
    await publish(acme, LIBRARY)
    await say(api, [often] * 5 + [seldom] * 2)
    conversation = await create(api)

    offered = await completed(api, conversation, "We really appreciate your")

    assert offered is not None
    assert often.startswith(offered.rstrip("."))
    await say(api, [seldom] * 9)
    async with asyncio.timeout(20):
        while not seldom.startswith((offered or "?").rstrip(".")):
            await asyncio.sleep(0.05)
            offered = await completed(api, conversation, "We really appreciate your")


async def test_what_was_typed_is_kept_as_it_was_typed(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(acme, LIBRARY)
    conversation = await create(api)

    for typed in ("please FILE  a", "Hello\n\nplease file a missing ", "Oh no! Please file a mis"):
        offered = await completed(api, conversation, typed)
        assert offered is not None
        assert offered.rstrip(".").endswith("report at the airport")


async def test_the_customers_own_name_is_filled_in(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(acme, LIBRARY)
    conversation = await create(api)

    offered = await completed(api, conversation, "Sure Sarah, may")

    assert offered is not None
    assert offered.startswith("Sure Sarah, may I have your booking number")


async def test_a_newly_deployed_list_is_completed_with_at_once(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(acme, LIBRARY)
    conversation = await create(api)
    assert await completed(api, conversation, "Kindly bear with us") is None

    text = "Kindly bear with us while we check your seat."
    await publish(acme, [{"text": text}])

    async with asyncio.timeout(20):
        offered = None
        while offered is None:
            await asyncio.sleep(0.05)
            offered = await completed(api, conversation, "Kindly bear with us")
    assert text.startswith(offered.rstrip("."))


async def test_nothing_is_completed_for_an_agent_who_has_it_switched_off(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(acme, LIBRARY)
    conversation = await create(api)
    assert await completed(api, conversation, "Please file a") is not None

    await switch(acme, phraseCompletionsDisabled=True)

    assert await completed(api, conversation, "Please file a") is None
