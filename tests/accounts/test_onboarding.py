"""A new account is ready to work: people, sandbox team, app and key."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import func, select

from rapport.accounts import create_company
from rapport.accounts.companies.models import Company
from rapport.accounts.companies.service import MarkerTaken
from rapport.accounts.people.models import Person
from rapport.core.errors import Invalid
from tests.accounts.conftest import PASSWORD, Served, Tenant, sign_in

pytestmark = [pytest.mark.api, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.spec("PLT-158")
async def test_an_account_opens_console_and_portal(served: Served) -> None:
    async with served.node.database.writing() as session:
        account = await create_company(
            session, "airlines", "Acme Airlines", "Ada@acme.test", "dev@acme.test"
        )
    expected = [
        (account.admin, "administrator", "/console/v1/people"),
        (account.developer, "developer", "/portal/v1/teams"),
    ]
    for first, role, door in expected:
        async with httpx.AsyncClient(base_url=served.url) as client:
            answer = await sign_in(client, "airlines", first.person.email, first.password)
            assert answer.json()["person"]["role"] == role
            assert answer.json()["company"] == {
                "marker": "airlines",
                "name": "Acme Airlines",
                "time_zone": "UTC",
            }
            client.headers["x-csrf-token"] = answer.json()["csrf"]
            body = {"current": first.password, "new": PASSWORD}
            assert (await client.post("/accounts/v1/password", json=body)).status_code == 204
            assert (await client.get(door)).status_code == 200


@pytest.mark.spec("PLT-154")
async def test_an_account_starts_in_the_sandbox(dev: httpx.AsyncClient) -> None:
    teams = (await dev.get("/portal/v1/teams")).json()["items"]
    assert [(team["environment"], team["role"]) for team in teams] == [("sandbox", "owner")]
    apps = (await dev.get(f"/portal/v1/teams/{teams[0]['id']}/apps")).json()["items"]
    assert len(apps) == 1
    keys = (await dev.get(f"/portal/v1/apps/{apps[0]['id']}/keys")).json()["items"]
    assert [(key["environment"], key["products"]) for key in keys] == [("sandbox", None)]


async def test_one_person_may_be_both(served: Served) -> None:
    async with served.node.database.writing() as session:
        account = await create_company(session, "solo", "Solo", "me@solo.test", "ME@solo.test")
    assert account.developer is account.admin
    everybody = select(func.count()).where(Person.company_id == account.company.id)
    async with served.node.database.reading() as session:
        assert await session.scalar(everybody) == 1


@pytest.mark.spec("PLT-161")
async def test_one_business_may_own_separate_accounts(acme: Tenant, globex: Tenant) -> None:
    greeting = {"greeting": "Hello from Acme"}
    async with acme.browser("ada@acme.test") as ada, globex.browser("ada@globex.test") as gus:
        assert (await ada.patch("/console/v1/company", json=greeting)).status_code == 200
        assert (await gus.get("/console/v1/company")).json()["greeting"] == ""
        people = {"people": [{"email": "ada@globex.test", "name": "Ada", "role": "agent"}]}
        assert (await ada.post("/console/v1/people", json=people)).status_code == 201
        theirs = (await gus.get("/console/v1/people")).json()["items"]
        assert [person["role"] for person in theirs] == ["administrator", "developer"]


@pytest.mark.parametrize("marker", ["Acme", "-acme", "acme_1", "a" * 64, "", "a.b", "ac me"])
async def test_a_marker_is_a_host_name_label(served: Served, marker: str) -> None:
    with pytest.raises(Invalid):
        async with served.node.database.writing() as session:
            await create_company(session, marker, "Acme", "a@acme.test", "b@acme.test")


async def test_a_marker_is_taken_once(acme: Tenant) -> None:
    with pytest.raises(MarkerTaken):
        async with acme.served.node.database.writing() as session:
            await create_company(session, acme.marker, "Other", "a@other.test", "b@other.test")
    async with acme.served.node.database.reading() as session:
        assert await session.scalar(select(Company.id).where(Company.name == "Other")) is None
