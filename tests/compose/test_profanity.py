"""The check before sending, and each company's own list."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from rapport.core.identity import Role
from rapport.core.ids import new_id
from tests.support.company import TestCompany

pytestmark = pytest.mark.api

PATH = "/autocompose/v1/profanity/evaluation"
LIST = "/console/v1/compose/blocklist"


async def evaluate(client: httpx.AsyncClient, text: str) -> bool:
    answer = await client.post(PATH, json={"text": text})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert body.keys() == {"hasProfanity"}
    return bool(body["hasProfanity"])


@pytest.mark.spec("CMP-080")
async def test_a_clean_text_may_be_sent(api: httpx.AsyncClient) -> None:
    answer = await api.post(PATH, json={"text": "This is fine"})
    assert (answer.status_code, answer.json()) == (200, {"hasProfanity": False})


@pytest.mark.spec("CMP-081")
async def test_a_text_with_a_blocklisted_word_may_not(api: httpx.AsyncClient) -> None:
    answer = await api.post(PATH, json={"text": "This is bullshit, sorry"})
    assert (answer.status_code, answer.json()) == (200, {"hasProfanity": True})


@pytest.mark.spec("CMP-082")
async def test_unwanted_words_are_covered_too(api: httpx.AsyncClient) -> None:
    for text in ("Watch porn", "You are a moron", "Just shut up", "Es usted un idiota"):
        assert await evaluate(api, text), text


async def test_the_desk_asks_the_same_way(acme: TestCompany) -> None:
    async with acme.signed_in(Role.AGENT) as agent:
        assert await evaluate(agent, "F.u.c.k this")
        assert not await evaluate(agent, "Welcome to Scunthorpe " * 100)
    async with acme.signed_in(Role.DEVELOPER) as developer:
        assert (await developer.post(PATH, json={"text": "x"})).status_code == 403


async def test_bad_requests_are_refused(api: httpx.AsyncClient) -> None:
    bodies: list[Any] = [{}, {"text": None}, {"text": ["x"]}, []]
    for body in bodies:
        answer = await api.post(PATH, json=body)
        assert answer.status_code == 400
        assert answer.json()["error"]["requestId"]


@pytest.mark.spec("CMP-086")
async def test_a_company_keeps_terms_of_its_own(
    api: httpx.AsyncClient, acme: TestCompany, globex: TestCompany
) -> None:
    text = "A total wobble, what a crap day"
    assert await evaluate(api, text)
    assert not await evaluate(api, "A total wobble")
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        blocked = await admin.post(LIST, json={"term": " Total   wobble "})
        assert blocked.status_code == 201, blocked.text
        assert await evaluate(api, "A TOTAL, w0bble!")
        async with globex.api() as stranger:
            assert not await evaluate(stranger, "A total wobble")

        allowed = await admin.post(LIST, json={"term": "crap", "blocked": False})
        assert not await evaluate(api, "What a crap day")

        listed = (await admin.get(LIST)).json()["items"]
        tried = await admin.post(f"{LIST}/test", json={"text": "Oh \N{CAT} total wobble"})
        for term in (blocked, allowed):
            assert (await admin.delete(f"{LIST}/{term.json()['id']}")).status_code == 204
        assert not await evaluate(api, "A total wobble")
        assert await evaluate(api, "What a crap day")
        entries = (await admin.get("/console/v1/audit")).json()["items"]

    assert [(each["term"], each["blocked"]) for each in listed] == [
        ("crap", False),
        ("Total wobble", True),
    ]
    assert listed[0] == allowed.json()
    assert tried.json() == {"hasProfanity": True, "matches": [{"start": 5, "end": 17}]}
    assert sorted(
        (each["event_type"], each["resource_name"])
        for each in entries
        if each["resource_type"] == "blocklist_term"
    ) == [
        ("create", "Total wobble"),
        ("create", "crap"),
        ("delete", "Total wobble"),
        ("delete", "crap"),
    ]


async def test_what_is_no_term_is_not_listed(acme: TestCompany) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        assert (await admin.post(LIST, json={"term": "wobble"})).status_code == 201
        again = await admin.post(LIST, json={"term": "WOBBLE!", "blocked": False})
        bad = [
            await admin.post(LIST, json=body)
            for body in ({}, {"term": ""}, {"term": "?!"}, {"term": "x" * 101}, {"colour": "red"})
        ]
        assert again.status_code == 409
        assert [each.status_code for each in bad] == [400] * 5
        assert [each["term"] for each in (await admin.get(LIST)).json()["items"]] == ["wobble"]


async def test_others_change_no_list(acme: TestCompany, globex: TestCompany) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        term = (await admin.post(LIST, json={"term": "wobble"})).json()
        async with globex.signed_in(Role.ADMINISTRATOR) as stranger:
            gone = await stranger.delete(f"{LIST}/{term['id']}")
            missing = await stranger.delete(f"{LIST}/{new_id()}")
            theirs = (await stranger.get(LIST)).json()
        async with acme.signed_in(Role.AGENT) as agent:
            refused = [
                await agent.get(LIST),
                await agent.post(LIST, json={"term": "x"}),
                await agent.post(f"{LIST}/test", json={"text": "x"}),
                await agent.delete(f"{LIST}/{term['id']}"),
            ]
        assert gone.status_code == missing.status_code == 404
        assert gone.json()["error"]["message"] == missing.json()["error"]["message"]
        assert theirs == {"items": []}
        assert [each.status_code for each in refused] == [403] * 4
        assert len((await admin.get(LIST)).json()["items"]) == 1
