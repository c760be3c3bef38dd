"""Spelling while an agent types, over the HTTP API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from rapport.compose.fluency import find
from rapport.compose.fluency.models import SpellingCorrection
from rapport.core.identity import Environment, Role
from rapport.core.ids import new_id
from tests.compose.test_suggestions import import_library
from tests.support.company import TestCompany

pytestmark = pytest.mark.api

PATH = "/autocompose/v1/spellcheck/correction"


async def typed(
    client: httpx.AsyncClient,
    text: str,
    start: int | None = None,
    end: int | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Ask about a text whose last character, or what lies between two cursors, was just typed."""
    end = len(text) if end is None else end
    cursors = {"cursorStart": end - 1 if start is None else start, "cursorEnd": end}
    answer = await client.post(PATH, json={"text": text, "typingEvent": cursors, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@asynccontextmanager
async def corrections(company: TestCompany) -> AsyncIterator[Any]:
    database = company.database()
    try:
        async with database.reading() as session:
            yield session
    finally:
        await database.close()


async def recorded(company: TestCompany, correction_id: str) -> SpellingCorrection:
    async with asyncio.timeout(5):
        while True:
            async with corrections(company) as session:
                if (found := await find(session, company.scope, correction_id)) is not None:
                    return found
            await asyncio.sleep(0.02)


@pytest.mark.spec("CMP-067")
async def test_a_slip_is_corrected_when_a_space_completes_it(api: httpx.AsyncClient) -> None:
    found = await typed(api, "How is tihs ", 11, 12, userDictionary=["Hellooo"])

    assert found == {
        "id": found["id"],
        "misspelledText": "tihs",
        "correctedText": "this",
        "position": 7,
    }


@pytest.mark.spec("CMP-068")
async def test_an_unfinished_word_is_not_judged(api: httpx.AsyncClient) -> None:
    assert await typed(api, "How is tihs", 10, 11) == {}
    assert await typed(api, "How is tihs today", 10, 11) == {}
    assert (await typed(api, "How is tihs ", 11, 12))["correctedText"] == "this"


@pytest.mark.spec("CMP-069")
async def test_only_the_word_just_completed_is_judged(api: httpx.AsyncClient) -> None:
    assert await typed(api, "How is tihs flight ") == {}
    found = await typed(api, "How is tihs fligth ")
    assert (found["misspelledText"], found["position"]) == ("fligth", 12)


@pytest.mark.spec("CMP-070")
async def test_a_word_in_the_middle_is_found_by_the_cursors(api: httpx.AsyncClient) -> None:
    text = "\N{WAVING HAND SIGN} How is tihs going adn where"
    first, second = text.index("tihs") + 1, text.index("adn") + 1

    found = await typed(api, text, first + 4, first + 5)
    assert (found["misspelledText"], found["position"]) == ("tihs", first)
    found = await typed(api, text, second + 3, second + 4)
    assert (found["misspelledText"], found["position"]) == ("adn", second)


@pytest.mark.spec("CMP-071")
async def test_words_of_the_user_are_never_corrected(api: httpx.AsyncClient) -> None:
    assert (await typed(api, "How is tihs ", userDictionary=["x"]))["correctedText"] == "this"
    for own in ("tihs", "TIHS", "Tihs"):
        assert await typed(api, "How is tihs ", userDictionary=["x", own]) == {}
        assert await typed(api, "Tihs ", userDictionary=[own]) == {}


@pytest.mark.spec("CMP-072")
async def test_nothing_wrong_is_answered_with_nothing(api: httpx.AsyncClient) -> None:
    for text in ("How is this ", "Thanks for waiting, ", "call 555-0100x ", " ", "NYC "):
        assert await typed(api, text) == {}


@pytest.mark.spec("CMP-077")
async def test_words_of_the_response_library_are_never_corrected(
    api: httpx.AsyncClient, acme: TestCompany, globex: TestCompany
) -> None:
    text = "Did you buy the flyt "
    assert (await typed(api, text))["misspelledText"] == "flyt"

    await import_library(acme, [{"text": "The Flyt is our cheapest fare.", "title": "Fares"}])

    async with asyncio.timeout(5):
        doubted = True
        while doubted:
            await asyncio.sleep(0.02)
            doubted = await typed(api, text) != {}
    assert await typed(api, "Our Flyt ") == {}
    async with globex.api() as stranger:
        assert (await typed(stranger, text))["misspelledText"] == "flyt"


@pytest.mark.spec("CMP-077")
async def test_names_of_products_and_places_in_the_library_are_never_corrected(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    names = ("Flyt", "Zephir", "Gooze", "Baggij", "Tikket")
    for name in names:
        assert (await typed(api, f"We have {name.lower()} "))["misspelledText"] == name.lower()

    where = [{"name": "product", "allowedValues": ["gooze", "Baggij Plus"]}]
    response = {"text": "The Flyt is our cheapest fare.", "title": "Zephir fares"}
    await import_library(acme, [response | {"folderPath": "Tikket shop", "metadata": where}])

    async with asyncio.timeout(5):
        doubted = True
        while doubted:
            await asyncio.sleep(0.02)
            doubted = await typed(api, "We have flyt ") != {}
    for name in names:
        for written in (name, name.lower(), name.upper(), f"{name}'s", f"{name.lower()}-like"):
            for text in (f"We have {written} ", f"{written} is here"[: len(written) + 1]):
                assert await typed(api, text) == {}, text
    assert (await typed(api, "We have flyghts "))["correctedText"] == "flights"


@pytest.mark.spec("CMP-078")
async def test_the_id_of_a_correction_is_known_afterwards(
    api: httpx.AsyncClient, acme: TestCompany, globex: TestCompany
) -> None:
    correction_id = (await typed(api, "My card is 4111111111111111 and tihs "))["id"]

    kept = await recorded(acme, correction_id)
    assert (kept.misspelled, kept.corrected) == ("tihs", "this")
    async with corrections(acme) as session:
        elsewhere = acme.scope._replace(environment=Environment.PRODUCTION)
        assert await find(session, globex.scope, correction_id) is None
        assert await find(session, elsewhere, correction_id) is None
        assert await find(session, acme.scope, new_id()) is None


async def test_an_agent_at_the_desk_is_corrected_too(acme: TestCompany) -> None:
    async with acme.signed_in(Role.AGENT) as agent:
        found = await typed(agent, "Plaese ")
        assert found["correctedText"] == "Please"
        kept = await recorded(acme, found["id"])
    assert kept.agent_id is not None
    async with acme.signed_in(Role.DEVELOPER) as developer:
        body = {"text": "tihs ", "typingEvent": {"cursorStart": 4, "cursorEnd": 5}}
        assert (await developer.post(PATH, json=body)).status_code == 403


async def test_the_language_is_the_callers_or_the_texts(api: httpx.AsyncClient) -> None:
    api.headers["accept-language"] = "es-MX,es;q=0.9,en;q=0.5"
    assert (await typed(api, "Grasias "))["correctedText"] == "Gracias"
    assert (await typed(api, "Thank you for your pateince "))["correctedText"] == "patience"
    api.headers["accept-language"] = "fr, *;q=0.1, en;q=x"
    assert (await typed(api, "Plaese "))["correctedText"] == "Please"


async def test_bad_requests_are_refused(api: httpx.AsyncClient) -> None:
    bodies: list[dict[str, Any]] = [
        {},
        {"text": "tihs "},
        {"text": "tihs ", "typingEvent": {}},
        {"text": "tihs ", "typingEvent": {"cursorStart": 4}},
        {"text": "tihs ", "typingEvent": {"cursorStart": "four", "cursorEnd": 5}},
        {"text": None, "typingEvent": {"cursorStart": 4, "cursorEnd": 5}},
        {
            "text": "tihs ",
            "typingEvent": {"cursorStart": 4, "cursorEnd": 5},
            "userDictionary": "tihs",
        },
    ]
    for body in bodies:
        answer = await api.post(PATH, json=body)
        assert answer.status_code == 400, answer.text
        assert answer.json()["error"]["requestId"]
    assert await typed(api, "tihs ", -10, 500) == {}
    assert await typed(api, "tihs ", 4, 2**63 - 1) == {}
