"""Client settings: for all agents, for single ones, and for the share that is compared with."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from rapport.compose.switches.board import is_control
from rapport.core.identity import Role
from tests.compose.test_suggestions import create, suggest
from tests.support.company import TestCompany
from tests.support.responses import publish

pytestmark = pytest.mark.api

SETTINGS = "/autocompose/v1/settings"
SWITCHES = "/console/v1/compose/switches"
CORRECTION = "/autocompose/v1/spellcheck/correction"
TYPED = {"text": "How is tihs ", "typingEvent": {"cursorStart": 11, "cursorEnd": 12}}
NONE = {
    "suggestionsWhileTypingDisabled": False,
    "phraseCompletionsDisabled": False,
    "spellcheckDisabled": False,
    "autopilotGreetingsDisabled": False,
    "autocomposeDisabled": False,
}


async def settings_of(client: httpx.AsyncClient, agent: str) -> dict[str, bool]:
    answer = await client.get(SETTINGS, params={"agentId": agent})
    assert answer.status_code == 200, answer.text
    found: dict[str, bool] = answer.json()
    return found


async def switch(company: TestCompany, **wanted: Any) -> None:
    """Change what holds for all agents, as the administrator."""
    async with company.signed_in(Role.ADMINISTRATOR) as admin:
        answer = await admin.patch(SWITCHES, json=wanted)
        assert answer.status_code == 200, answer.text


@pytest.mark.spec("CMP-112")
async def test_everything_is_on_until_somebody_switches_it_off(
    api: httpx.AsyncClient, acme: TestCompany, globex: TestCompany
) -> None:
    assert await settings_of(api, "a-1") == NONE

    await switch(acme, phraseCompletionsDisabled=True, spellcheckDisabled=True)

    expected = {**NONE, "phraseCompletionsDisabled": True, "spellcheckDisabled": True}
    assert await settings_of(api, "a-1") == expected
    async with globex.api() as stranger:
        assert await settings_of(stranger, "a-1") == NONE
    assert (await api.get(SETTINGS)).status_code == 400


async def test_a_person_is_told_its_own_settings_and_nobody_elses(acme: TestCompany) -> None:
    await switch(acme, spellcheckDisabled=True)
    async with acme.signed_in(Role.AGENT) as agent:
        own = await agent.get(SETTINGS)
        foreign = await agent.get(SETTINGS, params={"agentId": "somebody"})

    assert own.json() == {**NONE, "spellcheckDisabled": True}
    assert foreign.status_code == 404


@pytest.mark.spec("CMP-117")
async def test_one_agent_may_have_other_settings_than_the_rest(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await switch(acme, spellcheckDisabled=True)
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        own = {"spellcheckDisabled": False, "autopilotGreetingsDisabled": True}
        path = f"{SWITCHES}/agents"
        for_a = {"agentId": "desk/7 ä"}
        put = await admin.put(path, params=for_a, json=own)
        listed = (await admin.get(path)).json()["items"]

        assert put.status_code == 200, put.text
        assert listed == [put.json()]
        assert listed[0]["agentId"] == "desk/7 ä"
        assert listed[0]["own"] == {**dict.fromkeys(NONE), **own}
        assert listed[0]["holds"] == {**NONE, "autopilotGreetingsDisabled": True}
        assert await settings_of(api, "desk/7 ä") == listed[0]["holds"]
        assert await settings_of(api, "a-2") == {**NONE, "spellcheckDisabled": True}

        assert (await admin.delete(path, params=for_a)).status_code == 204
        assert (await admin.delete(path, params=for_a)).status_code == 404
        assert (await admin.get(path)).json()["items"] == []
        entries = (await admin.get("/console/v1/audit")).json()["items"]
    assert await settings_of(api, "desk/7 ä") == {**NONE, "spellcheckDisabled": True}
    ours = [entry for entry in entries if entry["resource_type"] == "composer_switches"]
    assert [(entry["event_type"], entry["resource_name"]) for entry in ours] == [
        ("delete", "desk/7 ä"),
        ("create", "desk/7 ä"),
        ("update", "All agents"),
    ]


async def test_a_share_of_the_agents_gets_no_help_and_always_the_same_ones(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await switch(acme, controlShare=30)
    agents = [f"agent-{number}" for number in range(60)]
    off = {agent for agent in agents if (await settings_of(api, agent))["autocomposeDisabled"]}

    assert off == {agent for agent in agents if is_control(acme.scope, agent, 30)}
    assert 0 < len(off) < len(agents)
    assert off <= {agent for agent in agents if is_control(acme.scope, agent, 50)}
    assert all(is_control(acme.scope, agent, 100) for agent in agents)
    many = [is_control(acme.scope, f"a{number}", 30) for number in range(5_000)]
    assert 0.27 < sum(many) / len(many) < 0.33


async def test_who_gets_no_help_is_suggested_nothing(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(acme, [{"text": "One moment, please."}])
    conversation = await create(api)
    await switch(acme, autocomposeDisabled=True)

    answer = await suggest(api, conversation, query="")

    assert answer.status_code == 200
    assert answer.json()["suggestions"] == []


async def test_what_is_switched_off_is_not_done_by_the_server_either(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(acme, [{"text": "One moment, please."}])
    conversation = await create(api)
    assert len((await suggest(api, conversation, query="One")).json()["suggestions"]) == 1
    assert (await api.post(CORRECTION, json=TYPED)).json()["correctedText"] == "this"
    await switch(acme, suggestionsWhileTypingDisabled=True, spellcheckDisabled=True)

    assert (await suggest(api, conversation, query="One")).json()["suggestions"] == []
    assert len((await suggest(api, conversation, query="")).json()["suggestions"]) == 1
    assert (await api.post(CORRECTION, json=TYPED)).json() == {}
    async with acme.signed_in(Role.AGENT) as agent:
        assert (await agent.post(CORRECTION, json=TYPED)).json() == {}


async def test_spelling_follows_the_agent_of_the_conversation_that_is_named(
    api: httpx.AsyncClient, acme: TestCompany, globex: TestCompany
) -> None:
    without, with_ = await create(api, agent="a-1"), await create(api, agent="a-2")
    nobodys = await create(api, agent=None)
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        put = await admin.put(
            f"{SWITCHES}/agents", params={"agentId": "a-1"}, json={"spellcheckDisabled": True}
        )
        assert put.status_code == 200, put.text

    assert await corrected(api, without) is None
    assert await corrected(api, with_) == "this"
    assert await corrected(api, nobodys) == "this"
    assert await corrected(api, None) == "this"
    async with globex.api() as stranger, acme.signed_in(Role.AGENT) as other:
        for client in (stranger, other):
            answer = await client.post(CORRECTION, params={"conversationId": with_}, json=TYPED)
            assert answer.status_code == 404, answer.text


async def corrected(client: httpx.AsyncClient, conversation: str | None) -> str | None:
    named = {} if conversation is None else {"conversationId": conversation}
    answer = await client.post(CORRECTION, params=named, json=TYPED)
    assert answer.status_code == 200, answer.text
    found: str | None = answer.json().get("correctedText")
    return found


async def test_bad_settings_change_nothing(api: httpx.AsyncClient, acme: TestCompany) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        refused = [
            await admin.patch(SWITCHES, json={"spellcheckDisabled": "yes"}),
            await admin.patch(SWITCHES, json={"controlShare": 101}),
            await admin.patch(SWITCHES, json={"unknown": True}),
            await admin.put(f"{SWITCHES}/agents", json={"spellcheckDisabled": True}),
            await admin.put(
                f"{SWITCHES}/agents", params={"agentId": ""}, json={"spellcheckDisabled": True}
            ),
        ]
    async with acme.signed_in(Role.AGENT) as agent:
        forbidden = [
            await agent.get(SWITCHES),
            await agent.patch(SWITCHES, json={"spellcheckDisabled": True}),
        ]

    assert [answer.status_code for answer in refused] == [400] * len(refused)
    assert [answer.status_code for answer in forbidden] == [403, 403]
    assert await settings_of(api, "a-1") == NONE
