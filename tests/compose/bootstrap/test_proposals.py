"""Proposals in the console: asked for, worked out by a job, and taken into the draft by a person."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from rapport.core.identity import Role
from tests.compose.test_completions import say
from tests.support.company import TestCompany
from tests.support.responses import LIST, state_of

pytestmark = pytest.mark.api

PROPOSALS = "/console/v1/compose/proposals"
REFUND = "Your refund will arrive within a few days."
REFUND_TOO = "Your refund will arrive in a few days."
APOLOGY = "We are sorry for the delay of your order."


async def proposed(admin: httpx.AsyncClient, source: str = "conversations") -> dict[str, Any]:
    """Ask for a proposal and wait until it is there."""
    asked = await admin.post(PROPOSALS, json={"source": source})
    assert asked.status_code == 202, asked.text
    assert asked.json()["state"] == "working"
    async with asyncio.timeout(60):
        while True:
            answer = await admin.get(f"{PROPOSALS}/{asked.json()['id']}")
            assert answer.status_code == 200, answer.text
            found: dict[str, Any] = answer.json()
            if found["proposal"]["state"] != "working":
                return found
            await asyncio.sleep(0.1)


async def draft_texts(admin: httpx.AsyncClient) -> set[str]:
    answer = await admin.get(f"{LIST}/draft/responses", params={"maxPerPage": 100})
    assert answer.status_code == 200, answer.text
    return {each["text"] for each in answer.json()["items"]}


@pytest.mark.spec("CMP-212", "CMP-201")
async def test_what_agents_say_often_is_proposed_and_changes_no_list_by_itself(
    api: httpx.AsyncClient, acme: TestCompany, globex: TestCompany
) -> None:
    await say(api, [REFUND] * 4 + [REFUND_TOO] * 3 + [APOLOGY] * 3 + ["Said only once by anyone."])

    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        before = await state_of(admin)
        found = await proposed(admin)

        assert found["proposal"]["state"] == "ready"
        assert found["proposal"]["conversations"] == 11
        assert [each["wordings"] for each in found["responses"]] == [
            [REFUND, REFUND_TOO],
            [APOLOGY],
        ]
        assert await state_of(admin) == before
        taken = await admin.post(
            f"{PROPOSALS}/{found['proposal']['id']}/draft",
            json={"revision": before["revision"], "responses": [0]},
        )
        assert taken.json()["added"] == 2
        assert await draft_texts(admin) == {REFUND, REFUND_TOO}
        after = await state_of(admin)
        assert after["revision"] == taken.json()["revision"]
        saved = await admin.post(
            f"{LIST}/versions", json={"revision": after["revision"], "description": "first"}
        )
        assert saved.json()["origin"] == "proposal"
        again = await admin.post(
            f"{PROPOSALS}/{found['proposal']['id']}/draft", json={"revision": after["revision"]}
        )
        assert (again.json()["added"], again.json()["known"]) == (1, 2)
        listed = (await admin.get(PROPOSALS)).json()["proposals"]
        assert [each["id"] for each in listed] == [found["proposal"]["id"]]
    async with globex.signed_in(Role.ADMINISTRATOR) as stranger:
        path = f"{PROPOSALS}/{found['proposal']['id']}"
        assert (await stranger.get(path)).status_code == 404
        assert (await stranger.post(f"{path}/draft", json={"revision": 0})).status_code == 404
        assert (await stranger.get(PROPOSALS)).json() == {"proposals": []}


async def test_an_empty_history_proposes_nothing(acme: TestCompany) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        found = await proposed(admin, "imported")

    assert found["responses"] == []
    assert found["proposal"]["count"] == 0


async def test_bad_requests_are_refused(acme: TestCompany) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        ready = await proposed(admin, "imported")
        path = f"{PROPOSALS}/{ready['proposal']['id']}"
        assert (await admin.post(PROPOSALS, json={"source": "dreams"})).status_code == 400
        assert (await admin.post(f"{path}/draft", json={})).status_code == 400
        wrong = await admin.post(f"{path}/draft", json={"revision": 0, "responses": [7]})
        assert wrong.status_code == 400
        assert (await admin.get(f"{PROPOSALS}/none")).status_code == 404
    async with acme.signed_in(Role.AGENT) as agent:
        assert (await agent.get(PROPOSALS)).status_code == 403
        assert (await agent.post(PROPOSALS, json={})).status_code == 403
