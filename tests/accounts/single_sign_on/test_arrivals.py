"""Who may come in through a provider: known, invited, new; not the disabled, the locked, the disputed."""

from __future__ import annotations

import pytest

from tests.accounts.conftest import sign_in
from tests.accounts.single_sign_on.conftest import Browser, Connected, problem_in

pytestmark = [pytest.mark.api, pytest.mark.asyncio(loop_scope="module")]

BO = {"user": "00u-bo", "email": "bo@acme.test", "name": "Bo Berg"}


async def test_who_was_invited_is_recognised(company: Connected, browser: Browser) -> None:
    invited = await company.tenant.invite(company.ada, "Bo", "supervisor")
    await company.save(oidc=company.oidc())
    assert problem_in(await browser.through_oidc(company.marker, **BO)) is None
    person = (await browser.me())["person"]
    assert (person["id"], person["name"], person["role"]) == (invited["id"], "Bo", "supervisor")
    # The one-time password that nobody used would lie about: it opens nothing any more.
    assert person["must_change_password"] is False
    late = await sign_in(browser.client, company.marker, "bo@acme.test", invited["password"])
    assert late.status_code == 401
    # The address now belongs to this user id: a new owner of it is somebody else.
    heir = await browser.through_oidc(company.marker, **{**BO, "user": "00u-heir"})
    assert problem_in(heir) == "taken"


@pytest.mark.parametrize("by", ["the administrator", "the provider"])
async def test_an_address_that_proves_nothing_opens_nothing(
    company: Connected, browser: Browser, by: str
) -> None:
    await company.tenant.invite(company.ada, "Bo", "administrator")
    await company.save(oidc=company.oidc(), links_by_email=by == "the provider")
    before = await company.counts()
    fault = "email_not_verified" if by == "the provider" else ""
    assert problem_in(await browser.through_oidc(company.marker, fault=fault, **BO)) == "taken"
    assert await company.counts() == before


async def test_strangers_stay_outside_where_nobody_is_created(
    company: Connected, browser: Browser
) -> None:
    await company.save(oidc=company.oidc(), creates_people=False)
    before = await company.counts()
    assert problem_in(await browser.through_oidc(company.marker, **BO)) == "unknown_person"
    assert await company.counts() == before
    await company.tenant.invite(company.ada, "Bo", "agent")
    assert problem_in(await browser.through_oidc(company.marker, **BO)) is None


@pytest.mark.spec("PLT-204")
async def test_the_disabled_and_the_locked_stay_outside(
    company: Connected, browser: Browser, another: Browser
) -> None:
    await company.save(oidc=company.oidc())
    await browser.through_oidc(company.marker, **BO)
    bo = (await company.people())[0]
    await company.ada.post(f"/console/v1/people/{bo['id']}/disable", json={})
    assert (await browser.client.get("/accounts/v1/me")).status_code == 401
    assert problem_in(await browser.through_oidc(company.marker, **BO)) == "disabled"
    await company.ada.post(f"/console/v1/people/{bo['id']}/enable", json={})
    for _ in range(5):
        await sign_in(another.client, company.marker, BO["email"], "wrong")
    assert problem_in(await browser.through_oidc(company.marker, **BO)) == "locked"
    await company.ada.post(f"/console/v1/people/{bo['id']}/unlock", json={})
    assert problem_in(await browser.through_oidc(company.marker, **BO)) is None


async def test_there_is_no_password_here_to_change(company: Connected, browser: Browser) -> None:
    """And asking for it, however often, locks nobody out."""
    await company.save(oidc=company.oidc())
    await browser.through_oidc(company.marker, **BO)
    headers = {"x-csrf-token": (await browser.me())["csrf"]}
    body = {"current": "!", "new": "a longer sentence"}
    for _ in range(6):
        refused = await browser.client.post("/accounts/v1/password", json=body, headers=headers)
        assert refused.status_code == 409
        assert refused.headers["x-rapport-error"] == "no_password"
    assert problem_in(await browser.through_oidc(company.marker, **BO)) is None


async def test_who_was_removed_begins_anew(company: Connected, browser: Browser) -> None:
    await company.save(oidc=company.oidc())
    await browser.through_oidc(company.marker, **BO)
    bo = (await company.people())[0]
    removed = await company.ada.delete(f"/console/v1/people/{bo['id']}")
    assert removed.status_code == 204, removed.text
    assert problem_in(await browser.through_oidc(company.marker, **BO)) is None
    assert (await browser.me())["person"]["id"] != bo["id"]


@pytest.mark.spec("PLT-146")
async def test_both_ways_reach_the_portal_and_open_the_portal_only(
    company: Connected, browser: Browser
) -> None:
    await company.save(oidc=company.oidc(), default_role="developer")
    await browser.through_oidc(company.marker, **BO)
    async with company.tenant.browser("dev@acme.test") as by_email:
        assert len((await by_email.get("/portal/v1/teams")).json()["items"]) == 1
        for client in (browser.client, by_email):
            assert (await client.get("/portal/v1/teams")).status_code == 200
            for path in ("/console/v1/people", "/console/v1/company", "/desk/v1/conversations"):
                assert (await client.get(path)).status_code == 403, path
    # Teams and rights in them are given in the portal, and not by signing in.
    assert (await browser.client.get("/portal/v1/teams")).json()["items"] == []


async def test_sign_ins_and_newcomers_are_written_down(
    company: Connected, browser: Browser
) -> None:
    await company.save(oidc=company.oidc())
    await browser.through_oidc(company.marker, **BO)
    await browser.through_oidc(company.marker, **BO)
    assert [(each["user"], each["resource_name"]) for each in await company.sign_ins()] == [
        ("Bo Berg", "bo@acme.test"),
        ("Bo Berg", "bo@acme.test"),
    ]
    query = {"search": "bo@acme.test", "event_type": "create"}
    created = (await company.ada.get("/console/v1/audit", params=query)).json()["items"]
    assert [each["user"] for each in created] == ["Single sign-on"]


async def test_a_company_knows_nobody_of_another(
    company: Connected, browser: Browser, another: Browser
) -> None:
    from tests.accounts.conftest import PASSWORD, open_tenant

    globex = await open_tenant(company.tenant.served, "Globex")
    await company.save(oidc=company.oidc())
    async with globex.browser("ada@globex.test", PASSWORD) as admin:
        other = Connected(globex, admin, company.provider)
        await other.save(oidc=company.oidc())
    await browser.through_oidc(company.marker, **BO)
    await another.through_oidc(globex.marker, **BO)
    mine, theirs = await browser.me(), await another.me()
    assert mine["person"]["id"] != theirs["person"]["id"]
    assert theirs["company"]["marker"] == globex.marker
    # A flow of one company does not end in another.
    begun = await browser.begin(company.marker)
    answered = await browser.tell(begun.headers["location"], **BO)
    url = answered.headers["location"].replace(company.marker, globex.marker)
    assert problem_in(await browser.come_back(url)) == "stale"
