"""Teams see and change their own apps and keys, each member by its role."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from rapport.core.ids import new_id
from tests.accounts.conftest import Tenant

pytestmark = [pytest.mark.api, pytest.mark.asyncio(loop_scope="module")]

TEAMS = "/portal/v1/teams"


def team_path(acme: Tenant) -> str:
    return f"{TEAMS}/{acme.account.sandbox.team.id}"


async def join(acme: Tenant, owner: httpx.AsyncClient, name: str, role: str) -> dict[str, Any]:
    """Add somebody new to the sandbox team, and let them choose a password."""
    body = {"email": f"{name.lower()}@acme.test", "name": name, "role": role}
    answer = await owner.post(f"{team_path(acme)}/members", json=body)
    assert answer.status_code == 201, answer.text
    added = answer.json()
    await acme.settle()
    member: dict[str, Any] = added["member"]
    return member


@pytest.mark.spec("PLT-147")
async def test_members_see_only_their_teams(
    acme: Tenant, globex: Tenant, ada: httpx.AsyncClient, dev: httpx.AsyncClient
) -> None:
    outsider = await acme.invite(ada, "Olga", "developer")
    await acme.settle()
    sandbox = acme.account.sandbox
    key = sandbox.key.key.id
    unknown = new_id()
    mine = [sandbox.team.id, sandbox.app.id, key]
    theirs = [globex.account.sandbox.team.id, globex.account.sandbox.app.id]
    theirs.append(globex.account.sandbox.key.key.id)
    async with acme.browser(outsider["email"]) as olga:
        assert (await olga.get(TEAMS)).json() == {"items": []}
        assert len((await dev.get(TEAMS)).json()["items"]) == 1
        for client, ids in ((olga, mine), (dev, theirs), (dev, [unknown] * 3)):
            team, app, key = ids
            answers = [
                await client.get(f"{TEAMS}/{team}/members"),
                await client.get(f"{TEAMS}/{team}/apps"),
                await client.post(f"{TEAMS}/{team}/apps", json={"name": "mine"}),
                await client.patch(f"{TEAMS}/{team}", json={"name": "mine"}),
                await client.get(f"/portal/v1/apps/{app}/keys"),
                await client.post(f"/portal/v1/apps/{app}/keys", json={"name": "mine"}),
                await client.patch(f"/portal/v1/apps/{app}", json={"name": "mine"}),
                await client.patch(f"/portal/v1/keys/{key}", json={"name": "mine"}),
                await client.post(f"/portal/v1/keys/{key}/rotate", json={}),
                await client.post(f"/portal/v1/keys/{key}/revoke", json={}),
            ]
            assert {answer.status_code for answer in answers} == {404}
            texts = {answer.json()["error"]["message"] for answer in answers}
            assert texts == {"Not found: team", "Not found: app", "Not found: key"}
    assert (await dev.get(f"/portal/v1/apps/{sandbox.app.id}/keys")).json()["items"][0][
        "revoked_at"
    ] is None


@pytest.mark.spec("PLT-148")
async def test_an_owner_controls_the_team(acme: Tenant, dev: httpx.AsyncClient) -> None:
    member = await join(acme, dev, "Vera", "viewer")
    path = f"{team_path(acme)}/members/{member['person_id']}"
    assert (await dev.patch(path, json={"role": "owner"})).json()["role"] == "owner"
    listed = (await dev.get(f"{team_path(acme)}/members")).json()["items"]
    assert {(one["email"], one["role"]) for one in listed} == {
        ("ada@acme.test", "owner"),
        ("dev@acme.test", "owner"),
        ("vera@acme.test", "owner"),
    }
    assert (await dev.patch(team_path(acme), json={"name": "Core"})).json()["name"] == "Core"
    assert (await dev.delete(path)).status_code == 204
    async with acme.browser("vera@acme.test") as vera:
        assert (await vera.get(TEAMS)).json() == {"items": []}


@pytest.mark.spec("PLT-149", "PLT-150")
@pytest.mark.parametrize(("role", "may"), [("app_admin", 2), ("viewer", 0)])
async def test_roles_bound_what_members_may_do(
    acme: Tenant, dev: httpx.AsyncClient, role: str, may: int
) -> None:
    await join(acme, dev, "Vera", role)
    sandbox = acme.account.sandbox
    key = sandbox.key.key.id
    developer = acme.account.developer.person.id
    app = f"/portal/v1/apps/{sandbox.app.id}"
    async with acme.browser("vera@acme.test") as vera:
        reads = [
            await vera.get(TEAMS),
            await vera.get(f"{team_path(acme)}/members"),
            await vera.get(f"{team_path(acme)}/apps"),
            await vera.get(f"{app}/keys"),
        ]
        apps = [
            await vera.patch(app, json={"name": "renamed"}),
            await vera.post(f"{team_path(acme)}/apps", json={"name": "another"}),
            await vera.post(f"{app}/keys", json={"name": "another"}),
            await vera.patch(f"/portal/v1/keys/{key}", json={"name": "renamed"}),
            await vera.post(f"/portal/v1/keys/{key}/rotate", json={}),
            await vera.post(f"/portal/v1/keys/{key}/revoke", json={}),
        ]
        members = [
            await vera.patch(team_path(acme), json={"name": "mine"}),
            await vera.post(
                f"{team_path(acme)}/members", json={"email": "x@acme.test", "role": "viewer"}
            ),
            await vera.patch(f"{team_path(acme)}/members/{developer}", json={"role": "viewer"}),
            await vera.delete(f"{team_path(acme)}/members/{developer}"),
            await vera.post(f"{team_path(acme)}/promotion", json={"admin_email": "x@acme.test"}),
        ]
    assert {answer.status_code for answer in reads} == {200}
    assert reads[-1].json()["items"][0]["id"] == key
    assert {answer.status_code // 100 for answer in apps} == {may or 4}
    assert {answer.status_code for answer in members} == {403}
    keys = (await dev.get(f"{app}/keys")).json()["items"]
    assert len(keys) == (2 if may else 1)
    team = (await dev.get(TEAMS)).json()["items"][0]
    assert (team["name"], team["role"]) == ("Acme sandbox", "owner")


@pytest.mark.spec("PLT-151")
async def test_an_app_covers_all_products_of_its_account(
    acme: Tenant, dev: httpx.AsyncClient
) -> None:
    apps = (await dev.get(f"{team_path(acme)}/apps")).json()["items"]
    assert [app["id"] for app in apps] == [acme.account.sandbox.app.id]
    for product in acme.account.company.products["sandbox"]:
        made = await dev.post(
            f"/portal/v1/apps/{apps[0]['id']}/keys", json={"name": product, "products": [product]}
        )
        assert made.status_code == 201


@pytest.mark.spec("PLT-153")
async def test_without_registration_there_is_no_key_and_no_access(
    acme: Tenant, ada: httpx.AsyncClient
) -> None:
    agent = await acme.invite(ada, "Iris", "agent")
    await acme.settle()
    async with acme.browser(agent["email"]) as iris:
        assert (await iris.get(TEAMS)).status_code == 403
        path = f"/portal/v1/apps/{acme.account.sandbox.app.id}/keys"
        assert (await iris.post(path, json={"name": "mine"})).status_code == 403
    async with httpx.AsyncClient(base_url=acme.served.url) as nobody:
        assert (await nobody.get(TEAMS)).status_code == 401
        assert (await nobody.get("/conversation/v1/conversations")).status_code == 401


async def test_membership_is_for_those_who_may_use_the_portal(
    acme: Tenant, ada: httpx.AsyncClient, dev: httpx.AsyncClient
) -> None:
    await acme.invite(ada, "Iris", "agent")
    path = f"{team_path(acme)}/members"
    agent = await dev.post(path, json={"email": "iris@acme.test", "role": "viewer"})
    assert agent.status_code == 409
    again = await dev.post(path, json={"email": "ADA@acme.test", "role": "viewer"})
    assert again.status_code == 409
    known = await acme.invite(ada, "Olga", "developer")
    added = await dev.post(path, json={"email": known["email"], "role": "viewer"})
    assert added.json()["password"] is None


async def test_a_team_keeps_an_owner(acme: Tenant, dev: httpx.AsyncClient) -> None:
    developer = acme.account.developer.person.id
    admin = acme.account.admin.person.id
    path = f"{team_path(acme)}/members"
    assert (await dev.delete(f"{path}/{admin}")).status_code == 204
    assert (await dev.delete(f"{path}/{developer}")).status_code == 409
    assert (await dev.patch(f"{path}/{developer}", json={"role": "viewer"})).status_code == 409
    assert (await dev.delete(f"{path}/{new_id()}")).status_code == 404


async def test_a_team_without_owner_falls_to_the_administrators(
    acme: Tenant, ada: httpx.AsyncClient, dev: httpx.AsyncClient
) -> None:
    admin = acme.account.admin.person.id
    assert (await dev.delete(f"{team_path(acme)}/members/{admin}")).status_code == 204
    assert (await ada.get(TEAMS)).json() == {"items": []}
    developer = acme.account.developer.person.id
    await ada.post(f"/console/v1/people/{developer}/disable", json={})
    assert [team["role"] for team in (await ada.get(TEAMS)).json()["items"]] == ["owner"]
    key = acme.account.sandbox.key.key.id
    assert (await ada.post(f"/portal/v1/keys/{key}/revoke", json={})).status_code == 200


@pytest.mark.spec("PLT-155")
async def test_promotion_makes_a_team_of_its_own_in_production(
    acme: Tenant, ada: httpx.AsyncClient, dev: httpx.AsyncClient
) -> None:
    body = {"admin_email": "pat@acme.test", "admin_name": "Pat"}
    asked = await dev.post(f"{team_path(acme)}/promotion", json=body)
    assert asked.status_code == 201
    assert asked.json()["state"] == "requested"
    assert (await dev.post(f"{team_path(acme)}/promotion", json=body)).status_code == 409
    path = f"/portal/v1/promotions/{asked.json()['id']}"
    assert (await dev.post(f"{path}/approve", json={})).status_code == 403
    approved = (await ada.post(f"{path}/approve", json={})).json()
    assert approved["promotion"]["state"] == "approved"
    assert (await ada.post(f"{path}/approve", json={})).status_code == 409
    assert (await ada.post(f"{path}/decline", json={})).status_code == 409
    await acme.settle()
    async with acme.browser("pat@acme.test") as pat:
        teams = (await pat.get(TEAMS)).json()["items"]
        assert [(t["id"], t["name"], t["environment"], t["role"]) for t in teams] == [
            (approved["team_id"], "Acme production", "production", "owner")
        ]
        already = await pat.post(f"{TEAMS}/{approved['team_id']}/promotion", json=body)
        assert already.status_code == 409
    assert len((await dev.get(TEAMS)).json()["items"]) == 1
    key = approved["key"]
    pair = {"rapport-api-id": key["key"]["id"], "rapport-api-secret": key["secret"]}
    assert (await acme.call(pair, host="production.localhost")).status_code == 200


async def test_a_declined_team_may_ask_again(
    acme: Tenant, globex: Tenant, ada: httpx.AsyncClient, dev: httpx.AsyncClient
) -> None:
    body = {"admin_email": "pat@acme.test"}
    asked = (await dev.post(f"{team_path(acme)}/promotion", json=body)).json()
    async with globex.browser("ada@globex.test") as stranger:
        path = f"/portal/v1/promotions/{asked['id']}"
        assert (await stranger.post(f"{path}/approve", json={})).status_code == 404
        assert (await stranger.get("/portal/v1/promotions")).json() == {"items": []}
    declined = await ada.post(f"/portal/v1/promotions/{asked['id']}/decline", json={})
    assert declined.json()["decided_by"] == "Administrator"
    assert (await dev.post(f"{team_path(acme)}/promotion", json=body)).status_code == 201
    states = [one["state"] for one in (await dev.get("/portal/v1/promotions")).json()["items"]]
    assert states == ["declined", "requested"]


@pytest.mark.spec("PLT-156")
async def test_the_first_call_succeeds_with_copied_credentials(
    acme: Tenant, dev: httpx.AsyncClient
) -> None:
    shown = (await dev.get("/portal/v1/quickstart")).json()
    port = dev.base_url.port
    assert shown["base_urls"] == {
        "sandbox": f"http://sandbox.localhost:{port}",
        "production": f"http://production.localhost:{port}",
    }
    app = acme.account.sandbox.app.id
    made = (await dev.post(f"/portal/v1/apps/{app}/keys", json={"name": "mine"})).json()
    headers = {shown["id_header"]: made["key"]["id"], shown["secret_header"]: made["secret"]}
    first = shown["first_call"]
    host = httpx.URL(shown["base_urls"]["sandbox"]).netloc.decode()
    async with acme.keyed(headers, host=host) as client:
        answer = await client.request(first["method"], first["path"], json=first["body"])
        assert answer.status_code == 200, answer.text
        assert answer.json()["id"]
        assert (await client.get(shown["schema_path"])).status_code == 200


@pytest.mark.spec("CMP-004")
async def test_a_developer_registers_an_app_and_calls_with_what_the_portal_shows(
    acme: Tenant, dev: httpx.AsyncClient
) -> None:
    registered = await dev.post(f"{team_path(acme)}/apps", json={"name": "Custom desk"})
    assert registered.status_code == 201, registered.text
    app = registered.json()
    made = (await dev.post(f"/portal/v1/apps/{app['id']}/keys", json={"name": "first"})).json()
    shown = (await dev.get("/portal/v1/quickstart")).json()
    host = httpx.URL(shown["base_urls"]["sandbox"]).netloc.decode()
    headers = {shown["id_header"]: made["key"]["id"], shown["secret_header"]: made["secret"]}

    async with acme.keyed(headers, host=host) as client:
        settings = await client.get("/autocompose/v1/settings", params={"agentId": "a-17"})
    apps = (await dev.get(f"{team_path(acme)}/apps")).json()["items"]
    member = await join(acme, dev, "Vera", "viewer")
    removed = await dev.delete(f"{team_path(acme)}/members/{member['person_id']}")

    assert settings.status_code == 200, settings.text
    assert {each["name"] for each in apps} == {acme.account.sandbox.app.name, "Custom desk"}
    assert removed.status_code == 204
