"""Entities are switched for each policy, through the API, its older spelling and the console."""

from __future__ import annotations

import httpx
import pytest

from rapport.core.identity import Role
from rapport.engines.redaction import CATALOGUE
from tests.support.company import TestCompany

pytestmark = pytest.mark.api

ENTITIES = "/configuration/v1/redaction-entities"
OLDER = "/configuration/v1/redaction/redaction-entities"
OLDER_ONE = "/configuration/v1/redaction/redaction-entity"
CONSOLE = "/console/v1/redaction/entities"
POLICIES = {"customerImmediate", "customerDelayed", "agentImmediate", "autoTranscribe", "voice"}
ON = {"CREDIT_CARD_NUMBER", "CVV", "SSN", "PIN", "PASSWORD"}


async def switch(api: httpx.AsyncClient, entity: str, **policies: bool) -> httpx.Response:
    return await api.patch(f"{ENTITIES}/{entity}", json={"policies": policies})


async def policies_of(api: httpx.AsyncClient, entity: str) -> dict[str, bool]:
    answer = await api.get(f"{ENTITIES}/{entity}")
    assert answer.status_code == 200, answer.text
    found: dict[str, bool] = answer.json()["policies"]
    return found


@pytest.mark.spec("PLT-105", "PLT-113")
async def test_every_entity_is_listed_with_its_policies(api: httpx.AsyncClient) -> None:
    answer = await api.get(ENTITIES, params={"limit": 100})
    page = answer.json()
    rest = await api.get(ENTITIES, params={"limit": 100, "cursor": page["nextCursor"]})
    items = page["redactionEntities"] + rest.json()["redactionEntities"]

    assert [item["id"] for item in items] == list(CATALOGUE)
    assert all(set(item["policies"]) == POLICIES and item["description"] for item in items)
    assert {item["id"] for item in items if all(item["policies"].values())} == ON
    assert {item["id"] for item in items if any(item["policies"].values())} == ON


async def test_pages_lead_to_each_other(api: httpx.AsyncClient) -> None:
    first = (await api.get(ENTITIES)).json()
    second = (await api.get(ENTITIES, params={"cursor": first["nextCursor"]})).json()
    back = (await api.get(ENTITIES, params={"cursor": second["prevCursor"]})).json()

    assert len(first["redactionEntities"]) == 20
    assert first["prevCursor"] is None
    assert back == first
    last = (await api.get(ENTITIES, params={"cursor": list(CATALOGUE)[-1]})).json()
    assert last["nextCursor"] is None


@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"limit": 101}, {"limit": "many"}, {"cursor": "nowhere"}]
)
async def test_a_page_that_does_not_exist_is_refused(
    api: httpx.AsyncClient, params: dict[str, str]
) -> None:
    answer = await api.get(ENTITIES, params=params)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"].startswith("400-")


@pytest.mark.spec("PLT-107")
async def test_one_entity_is_found_by_id(api: httpx.AsyncClient) -> None:
    answer = await api.get(f"{ENTITIES}/PHONE_NUMBER")

    assert answer.json()["id"] == "PHONE_NUMBER"
    for unknown in ("SHOE_SIZE", "phone_number"):
        assert (await api.get(f"{ENTITIES}/{unknown}")).status_code == 404
        assert (await switch(api, unknown, voice=True)).status_code == 404


@pytest.mark.spec("PLT-108")
async def test_only_policies_change(api: httpx.AsyncClient) -> None:
    before = (await api.get(f"{ENTITIES}/EMAIL")).json()
    refused = [
        {"policies": {"voice": True}, "description": "mine"},
        {"name": "MAIL"},
        {"policies": {"telepathy": True}},
        {"policies": {"voice": "yes"}},
        {"policies": None},
        {"active": True},
        {},
        [],
    ]
    for body in refused:
        answer = await api.patch(f"{ENTITIES}/EMAIL", json=body)
        assert answer.status_code == 400, body
    assert (await api.get(f"{ENTITIES}/EMAIL")).json() == before

    changed = await switch(api, "EMAIL", customerDelayed=True, voice=True)

    assert changed.status_code == 200
    assert changed.json() == {
        **before,
        "policies": {**before["policies"], "customerDelayed": True, "voice": True},
    }
    assert (await api.get(f"{ENTITIES}/EMAIL")).json() == changed.json()
    assert (await switch(api, "EMAIL")).json() == changed.json()


@pytest.mark.spec("PLT-115")
async def test_the_catalogue_is_closed(api: httpx.AsyncClient) -> None:
    body = {"id": "SHOE_SIZE", "description": "mine", "policies": {}}

    assert (await api.post(ENTITIES, json=body)).status_code == 405
    assert (await api.delete(f"{ENTITIES}/EMAIL")).status_code == 405
    assert (await api.put(f"{ENTITIES}/EMAIL", json=body)).status_code == 405
    assert (await api.get(f"{ENTITIES}/EMAIL")).status_code == 200


@pytest.mark.spec("PLT-114")
@pytest.mark.parametrize("entity", ["CREDIT_CARD_NUMBER", "CVV"])
async def test_card_data_cannot_be_switched_off(api: httpx.AsyncClient, entity: str) -> None:
    for policy in POLICIES:
        refused = await switch(api, entity, **{policy: False})
        assert refused.status_code == 403
        assert refused.json()["error"]["code"] == "403-01"
    older = await api.patch(f"{OLDER_ONE}/{entity}", json={"active": False})
    assert older.status_code == 403
    assert set((await policies_of(api, entity)).values()) == {True}
    assert (await switch(api, entity, voice=True)).status_code == 200


@pytest.mark.spec("PLT-106")
async def test_the_older_list_can_be_narrowed_to_what_is_active(api: httpx.AsyncClient) -> None:
    await switch(api, "EMAIL", autoTranscribe=True)
    await switch(api, "DOB", voice=True)

    active = (await api.get(OLDER, params={"active": "true", "limit": 100})).json()
    inactive = (await api.get(OLDER, params={"active": "false", "limit": 100})).json()

    assert {item["id"] for item in active["redactionEntities"]} == ON | {"EMAIL"}
    assert active["nextCursor"] is None
    assert {frozenset(item) for item in active["redactionEntities"]} == {
        frozenset({"id", "name", "description", "active"})
    }
    assert not any(item["active"] for item in inactive["redactionEntities"])
    assert (await api.get(OLDER, params={"active": "perhaps"})).status_code == 400


@pytest.mark.spec("PLT-109")
async def test_the_older_switch_is_the_policy_for_transcripts(api: httpx.AsyncClient) -> None:
    on = await api.patch(f"{OLDER_ONE}/PROFANITY", json={"active": True})

    assert on.json() == {**(await api.get(f"{OLDER_ONE}/PROFANITY")).json(), "active": True}
    assert await policies_of(api, "PROFANITY") == {
        **dict.fromkeys(POLICIES, False),
        "autoTranscribe": True,
    }
    off = await api.patch(f"{OLDER_ONE}/PROFANITY", json={"active": False})
    assert off.json()["active"] is False
    for body in ({"policies": {"voice": True}}, {"active": None}, {}):
        assert (await api.patch(f"{OLDER_ONE}/PROFANITY", json=body)).status_code == 400


async def test_environments_and_companies_have_their_own_switches(
    acme: TestCompany, globex: TestCompany, api: httpx.AsyncClient
) -> None:
    await switch(api, "EMAIL", customerDelayed=True)

    async with globex.api() as stranger:
        assert (await policies_of(stranger, "EMAIL"))["customerDelayed"] is False
    async with acme.signed_in(Role.ADMINISTRATOR) as ada:
        production = await ada.get(CONSOLE, headers={"host": "localhost"})
        sandbox = await ada.get(CONSOLE)
    assert _delayed(sandbox)["EMAIL"] is True
    assert _delayed(production)["EMAIL"] is False


def _delayed(answer: httpx.Response) -> dict[str, bool]:
    assert answer.status_code == 200, answer.text
    return {item["id"]: item["policies"]["customerDelayed"] for item in answer.json()["items"]}


async def test_administrators_switch_in_the_console_and_it_is_recorded(acme: TestCompany) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as ada:
        listed = (await ada.get(CONSOLE)).json()["items"]
        changed = await ada.patch(f"{CONSOLE}/DOB", json={"policies": {"voice": True}})
        again = await ada.patch(f"{CONSOLE}/DOB", json={"policies": {"voice": True}})
        audit = (await ada.get("/console/v1/audit", params={"search": "DOB"})).json()["items"]

    assert {item["id"] for item in listed if item["locked"]} == {"CREDIT_CARD_NUMBER", "CVV"}
    assert changed.json()["policies"]["voice"] is True
    assert again.json() == changed.json()
    assert [(e["event_type"], e["resource_type"]) for e in audit] == [
        ("update", "redaction_entity")
    ]


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.DEVELOPER])
async def test_others_do_not_switch(acme: TestCompany, role: Role) -> None:
    async with acme.signed_in(role) as client:
        assert (await client.get(CONSOLE)).status_code == 403
        patched = await client.patch(f"{CONSOLE}/DOB", json={"policies": {"voice": True}})
        assert patched.status_code == 403


@pytest.mark.parametrize("path", [ENTITIES, OLDER, f"{ENTITIES}/DOB", f"{OLDER_ONE}/DOB"])
async def test_without_a_key_nothing_is_shown(acme: TestCompany, path: str) -> None:
    async with httpx.AsyncClient(base_url=acme.server.address) as stranger:
        assert (await stranger.get(path)).status_code == 401
