"""Administrators manage the people of their own company, and of no other."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from rapport.accounts.people.events import person_stream
from rapport.core.ids import new_id
from tests.accounts.conftest import PASSWORD, Tenant, sign_in

pytestmark = [pytest.mark.api, pytest.mark.asyncio(loop_scope="module")]

PEOPLE = "/console/v1/people"


def invitation(name: str, role: str = "agent") -> dict[str, Any]:
    return {"email": f"{name.lower()}@acme.test", "name": name, "role": role}


async def events_of(acme: Tenant, person_id: str) -> list[str]:
    stream = person_stream(acme.account.company.id, person_id)
    return [event.kind for event in await acme.served.node.tail.stream(stream, 0)]


@pytest.mark.spec("PLT-163")
async def test_the_first_administrator_invites_others(acme: Tenant, ada: httpx.AsyncClient) -> None:
    people = [invitation("Iris"), {**invitation("Sam", "supervisor"), "slots": 0}]
    answer = await ada.post(PEOPLE, json={"people": people})
    assert answer.status_code == 201
    iris, sam = answer.json()["items"]
    assert iris["person"] == {
        "id": iris["person"]["id"],
        "email": "iris@acme.test",
        "name": "Iris",
        "role": "agent",
        "slots": 3,
        "enabled": True,
        "must_change_password": True,
        "locked_until": None,
        "created_at": iris["person"]["created_at"],
    }
    assert sam["person"]["slots"] == 0
    async with acme.browser("iris@acme.test", iris["password"]) as client:
        assert (await client.get("/accounts/v1/me")).json()["person"]["name"] == "Iris"


@pytest.mark.parametrize(
    ("people", "status"),
    [
        ([invitation("Iris"), invitation("Iris")], 409),
        ([invitation("Iris"), {**invitation("Eve"), "email": "ADA@acme.test"}], 409),
        ([invitation("Iris"), {**invitation("Eve"), "role": "emperor"}], 400),
        ([invitation("Iris"), {**invitation("Eve"), "email": "no address"}], 400),
        ([{**invitation("Iris"), "admin": True}], 400),
        ([], 400),
    ],
)
async def test_a_bad_invitation_invites_nobody(
    ada: httpx.AsyncClient, people: list[dict[str, Any]], status: int
) -> None:
    before = (await ada.get(PEOPLE)).json()
    assert (await ada.post(PEOPLE, json={"people": people})).status_code == status
    assert (await ada.get(PEOPLE)).json() == before


async def test_people_are_listed_by_page_search_and_role(
    acme: Tenant, ada: httpx.AsyncClient
) -> None:
    names = [f"Agent{n}" for n in range(5)]
    await ada.post(PEOPLE, json={"people": [invitation(name) for name in names]})
    seen: list[str] = []
    cursor = None
    while True:
        params = {"limit": "3", "role": "agent", "cursor": cursor}
        page = (await ada.get(PEOPLE, params=httpx.QueryParams(_given(params)))).json()
        seen += [person["name"] for person in page["items"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert seen == names
    found = (await ada.get(PEOPLE, params={"search": "AGENT3"})).json()["items"]
    assert [person["email"] for person in found] == ["agent3@acme.test"]
    assert (await ada.get(PEOPLE, params={"search": "%"})).json()["items"] == []
    assert (await ada.get(PEOPLE, params={"limit": 0})).status_code == 400


def _given(params: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in params.items() if value is not None}


async def test_a_change_holds_at_once_and_is_told(acme: Tenant, ada: httpx.AsyncClient) -> None:
    iris = await acme.invite(ada, "Iris", "agent")
    await acme.settle()
    async with acme.browser(iris["email"]) as client:
        assert (await client.get(PEOPLE)).status_code == 403
        change = {"role": "administrator", "slots": 5, "name": "Iris B."}
        changed = (await ada.patch(f"{PEOPLE}/{iris['id']}", json=change)).json()
        assert {name: changed[name] for name in change} == change
        assert (await client.get(PEOPLE)).status_code == 200
    assert await events_of(acme, iris["id"]) == ["person.role_changed", "person.slots_changed"]


@pytest.mark.spec("PLT-204")
async def test_a_disabled_person_is_out_at_once_and_for_good(
    acme: Tenant, ada: httpx.AsyncClient
) -> None:
    iris = await acme.invite(ada, "Iris", "agent")
    await acme.settle()
    async with acme.browser(iris["email"]) as client:
        disabled = await ada.post(f"{PEOPLE}/{iris['id']}/disable", json={})
        assert disabled.json()["enabled"] is False
        assert (await client.get("/accounts/v1/me")).status_code == 401
        refused = await sign_in(client, acme.marker, iris["email"], PASSWORD)
        assert refused.status_code == 403
        assert refused.json()["error"]["code"] == "403-03"
        assert (await sign_in(client, acme.marker, iris["email"], "guess")).status_code == 401
        await ada.post(f"{PEOPLE}/{iris['id']}/enable", json={})
        assert (await client.get("/accounts/v1/me")).status_code == 401
        assert (await sign_in(client, acme.marker, iris["email"], PASSWORD)).status_code == 200
    assert await events_of(acme, iris["id"]) == ["person.disabled", "person.enabled"]


@pytest.mark.spec("PLT-192")
async def test_a_removed_person_cannot_sign_in(acme: Tenant, ada: httpx.AsyncClient) -> None:
    iris = await acme.invite(ada, "Iris", "agent")
    await acme.settle()
    async with acme.browser(iris["email"]) as client:
        assert (await ada.delete(f"{PEOPLE}/{iris['id']}")).status_code == 204
        assert (await client.get("/accounts/v1/me")).status_code == 401
        assert (await sign_in(client, acme.marker, iris["email"], PASSWORD)).status_code == 401
    assert (await ada.get(f"{PEOPLE}/{iris['id']}")).status_code == 404
    assert await events_of(acme, iris["id"]) == ["person.removed"]


async def test_a_reset_password_is_one_time_again(acme: Tenant, ada: httpx.AsyncClient) -> None:
    iris = await acme.invite(ada, "Iris", "agent")
    await acme.settle()
    async with acme.browser(iris["email"]) as client:
        reset = (await ada.post(f"{PEOPLE}/{iris['id']}/reset-password", json={})).json()
        assert reset["person"]["must_change_password"] is True
        assert (await client.get("/accounts/v1/me")).status_code == 401
        assert (await sign_in(client, acme.marker, iris["email"], PASSWORD)).status_code == 401
        assert (
            await sign_in(client, acme.marker, iris["email"], reset["password"])
        ).status_code == 200


async def test_a_company_keeps_an_administrator(acme: Tenant, ada: httpx.AsyncClient) -> None:
    own = f"{PEOPLE}/{acme.account.admin.person.id}"
    assert (await ada.post(f"{own}/disable", json={})).status_code == 409
    assert (await ada.delete(own)).status_code == 409
    assert (await ada.patch(own, json={"role": "agent"})).status_code == 409
    assert (await ada.get(own)).json()["role"] == "administrator"
    await acme.invite(ada, "Bo", "administrator")
    assert (await ada.patch(own, json={"role": "agent"})).status_code == 200


@pytest.mark.parametrize("role", ["agent", "supervisor", "developer"])
async def test_only_administrators_manage_people(
    acme: Tenant, ada: httpx.AsyncClient, role: str
) -> None:
    someone = await acme.invite(ada, "Iris", role)
    await acme.settle()
    own = f"{PEOPLE}/{someone['id']}"
    async with acme.browser(someone["email"]) as client:
        refused = [
            await client.get(PEOPLE),
            await client.post(PEOPLE, json={"people": [invitation("Eve")]}),
            await client.patch(own, json={"role": "administrator"}),
            await client.post(f"{own}/reset-password", json={}),
            await client.delete(own),
            await client.get("/console/v1/audit"),
            await client.get("/console/v1/audit.csv"),
            await client.get("/console/v1/company"),
        ]
    assert {answer.status_code for answer in refused} == {403}
    assert (await ada.get(own)).json()["role"] == role


async def test_strangers_are_as_unknown_as_nobody(
    acme: Tenant, globex: Tenant, ada: httpx.AsyncClient
) -> None:
    stranger = globex.account.developer.person.id
    for person in (stranger, new_id()):
        path = f"{PEOPLE}/{person}"
        answers = [
            await ada.get(path),
            await ada.patch(path, json={"name": "Mine"}),
            await ada.post(f"{path}/disable", json={}),
            await ada.post(f"{path}/enable", json={}),
            await ada.post(f"{path}/unlock", json={}),
            await ada.post(f"{path}/reset-password", json={}),
            await ada.delete(path),
        ]
        assert {answer.status_code for answer in answers} == {404}
        messages = {answer.json()["error"]["message"] for answer in answers}
        assert messages == {"Not found: person"}
    async with globex.browser("ada@globex.test") as client:
        listed = (await client.get(PEOPLE)).json()["items"]
    assert [person["email"] for person in listed] == ["ada@globex.test", "dev@globex.test"]
    assert {person["name"] for person in listed} == {"Administrator", "Developer"}


async def test_a_company_sets_greeting_redaction_and_time_zone(ada: httpx.AsyncClient) -> None:
    path = "/console/v1/company"
    before = (await ada.get(path)).json()
    assert before["name"] == "Acme"
    assert before["products"]["sandbox"] == [
        "autocompose",
        "configuration",
        "conversation",
        "health",
    ]
    assert before["products"]["production"] == before["products"]["sandbox"]
    change = {"greeting": "Hello!", "always_redact": ["Project X"], "time_zone": "Europe/Madrid"}
    assert (await ada.patch(path, json=change)).json() == {**before, **change}
    assert (await ada.patch(path, json={"greeting": ""})).json() == {
        **before,
        **change,
        "greeting": "",
    }
    assert (await ada.patch(path, json={"time_zone": "Mars/Olympus"})).status_code == 400
