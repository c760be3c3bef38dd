"""People sign in through a real OpenID Connect provider, and whoever forges its answers does not."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from rapport.core import clock
from tests.accounts.conftest import PASSWORD, Served, sign_in
from tests.accounts.single_sign_on.conftest import (
    SANDBOX,
    Browser,
    Connected,
    problem_in,
)

pytestmark = [pytest.mark.api, pytest.mark.asyncio(loop_scope="module")]

BO = {"user": "00u-bo", "email": "Bo@acme.test", "name": "Bo Berg"}


@pytest.mark.spec("CMP-246", "PLT-159", "PLT-196")
async def test_a_code_is_given_for_a_session(company: Connected, browser: Browser) -> None:
    saved = await company.save(oidc=company.oidc())
    begun = await browser.begin(company.marker.upper(), return_to="/desk/c/42")
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert asked["redirect_uri"] == [saved["addresses"]["oidc_callback"]]
    assert asked["redirect_uri"][0].endswith(f"/auth/v1/callback/{company.marker}")
    assert asked["scope"] == ["openid email profile"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    flags = begun.headers["set-cookie"].lower()
    assert "httponly" in flags
    assert "samesite=lax" in flags

    answered = await browser.tell(begun.headers["location"], **BO)
    back = await browser.come_back(answered.headers["location"])
    assert (back.status_code, back.headers["location"]) == (303, "/desk/c/42")
    who = await browser.me()
    assert who["company"]["marker"] == company.marker
    assert {**who["person"], "id": ""} == {
        "id": "",
        "name": "Bo Berg",
        "email": "bo@acme.test",
        "role": "agent",
        "must_change_password": False,
        "permissions": ["serve_conversations"],
    }


@pytest.mark.spec("CMP-246")
async def test_the_sandbox_has_an_address_of_its_own(company: Connected, served: Served) -> None:
    company.ada.headers["host"] = SANDBOX
    saved = await company.save(oidc=company.oidc())
    assert saved["addresses"]["oidc_callback"].endswith(f"/callback/{company.marker}-sandbox")
    sandbox, production = Browser(served, SANDBOX), Browser(served)
    begun = await sandbox.begin(company.marker)
    assert problem_in(await production.begin(company.marker)) == "not_configured"
    answered = await sandbox.tell(begun.headers["location"], **BO)
    there = urlsplit(answered.headers["location"])
    assert there.path == f"/auth/v1/callback/{company.marker}-sandbox"
    crossed = await sandbox.client.get(f"/auth/v1/callback/{company.marker}?{there.query}")
    assert problem_in(crossed) == "not_configured"
    back = await sandbox.come_back(answered.headers["location"])
    assert back.headers["location"] == "/sign-in"
    assert (await sandbox.me())["person"]["name"] == "Bo Berg"
    # What the sandbox's provider says opens the sandbox, and nothing of production.
    production.client.cookies = sandbox.client.cookies
    assert (await production.client.get("/accounts/v1/me")).status_code == 401
    await sandbox.close()
    await production.close()


@pytest.mark.spec("CMP-247")
async def test_openid_alone_is_enough(company: Connected, browser: Browser) -> None:
    await company.save(oidc=company.oidc(scopes=["openid"]))
    back = await browser.through_oidc(company.marker, **BO)
    assert back.headers["location"] == "/sign-in"
    person = (await browser.me())["person"]
    assert person["name"] == "00u-bo"
    assert person["email"].endswith("@sso.invalid")
    again = await browser.through_oidc(company.marker, **BO)
    assert problem_in(again) is None
    assert (await browser.me())["person"]["id"] == person["id"]


@pytest.mark.spec("CMP-248", "PLT-198")
async def test_the_user_id_names_the_same_person_whatever_else_changes(
    company: Connected, browser: Browser, another: Browser
) -> None:
    await company.save(oidc=company.oidc())
    await browser.through_oidc(company.marker, **BO)
    first = (await browser.me())["person"]["id"]
    renamed = {"user": BO["user"], "email": "bo.married@acme.test", "name": "Bo Lund"}
    await another.through_oidc(company.marker, **renamed)
    assert (await another.me())["person"]["id"] == first
    other = {**BO, "user": "00u-cy", "email": "cy@acme.test"}
    await another.through_oidc(company.marker, **other)
    assert (await another.me())["person"]["id"] != first
    assert [each["email"] for each in await company.people()] == ["bo@acme.test", "cy@acme.test"]
    # Their credentials are the provider's: there is no password that would open the account.
    for password in ("", "!", PASSWORD):
        refused = await sign_in(another.client, company.marker, "bo@acme.test", password or " ")
        assert refused.status_code == 401


@pytest.mark.spec("CMP-248")
async def test_another_claim_may_be_the_user_id(company: Connected, browser: Browser) -> None:
    """It stands in no ID token of this provider: it is asked for."""
    await company.save(oidc=company.oidc(user_id_claim="employee_number", scopes=["openid"]))
    await browser.through_oidc(company.marker, user="7")
    assert (await browser.me())["person"]["name"] == "E-7"
    crossed = await browser.through_oidc(company.marker, user="8", fault="other_user")
    assert problem_in(crossed) == "unverified"
    await company.save(oidc=company.oidc(user_id_claim="cost_center"))
    assert problem_in(await browser.through_oidc(company.marker, user="7")) == "no_user_id"
    # An id from another claim is another id, even where both read the same.
    await company.save(oidc=company.oidc(scopes=["openid"]))
    before = {each["id"] for each in await company.people()}
    await browser.through_oidc(company.marker, user="E-7")
    assert (await browser.me())["person"]["id"] not in before


@pytest.mark.parametrize(
    "fault",
    [
        "alg_none",
        "alg_hs256",
        "alg_hs256_of_jwks",
        "alg_hs256_of_client",
        "other_key",
        "broken",
        "issuer",
        "audience",
        "shared_audience",
        "expired",
        "nonce",
        "no_nonce",
        "no_exp",
        "no_aud",
        "no_sub",
        "mixed_up",
    ],
)
async def test_an_answer_that_is_not_as_it_must_be_opens_nothing(
    company: Connected, browser: Browser, fault: str
) -> None:
    await company.save(oidc=company.oidc())
    before = await company.counts()
    back = await browser.through_oidc(company.marker, fault=fault, **BO)
    assert problem_in(back) == "unverified"
    assert await company.counts() == before
    assert (await browser.client.get("/accounts/v1/me")).status_code == 401


async def test_an_id_token_has_an_end(company: Connected, browser: Browser) -> None:
    await company.save(oidc=company.oidc())
    begun = await browser.begin(company.marker)
    answered = await browser.tell(begun.headers["location"], **BO)
    with clock.running_on(clock.ManualClock(clock.now() + timedelta(minutes=7))):
        back = await browser.come_back(answered.headers["location"])
    assert problem_in(back) == "unverified"


async def test_a_callback_is_of_one_browser_one_flow_and_once(
    company: Connected, browser: Browser, another: Browser
) -> None:
    await company.save(oidc=company.oidc())
    begun = await browser.begin(company.marker)
    answered = await browser.tell(begun.headers["location"], **BO)
    url = answered.headers["location"]
    # Who is led to somebody else's callback would work as them without knowing it.
    assert problem_in(await another.come_back(url)) == "stale"
    state = parse_qs(urlsplit(url).query)["state"][0]
    assert problem_in(await browser.come_back(url.replace(state, "guessed"))) == "stale"
    no_state = f"/auth/v1/callback/{company.marker}?code=x"
    assert problem_in(await browser.come_back(no_state)) == "stale"
    cookies = httpx.Cookies(browser.client.cookies)
    assert problem_in(await browser.come_back(url)) is None
    browser.client.cookies = cookies
    assert problem_in(await browser.come_back(url)) == "stale"


async def test_a_flow_runs_out(company: Connected, browser: Browser) -> None:
    await company.save(oidc=company.oidc())
    begun = await browser.begin(company.marker)
    answered = await browser.tell(begun.headers["location"], **BO)
    with clock.running_on(clock.ManualClock(clock.now() + timedelta(minutes=61))):
        browser.client.cookies.jar.clear_expired_cookies()
        back = await browser.come_back(answered.headers["location"])
    assert problem_in(back) == "stale"


async def test_the_provider_may_decline_or_be_away(company: Connected, browser: Browser) -> None:
    await company.save(oidc=company.oidc())
    declined = await browser.through_oidc(company.marker, fault="declined", **BO)
    assert problem_in(declined) == "declined"
    await company.save(oidc=company.oidc(issuer="http://127.0.0.1:9/oidc"))
    assert problem_in(await browser.begin(company.marker)) == "unreachable"
    await company.save(oidc=company.oidc(issuer=f"{company.provider.issuer}/"))
    assert problem_in(await browser.begin(company.marker)) == "unverified"
    await company.save(oidc=company.oidc(client_secret="another"))
    assert problem_in(await browser.through_oidc(company.marker, **BO)) == "unreachable"


@pytest.mark.parametrize(
    "return_to",
    [
        "https://evil.test/",
        "//evil.test/desk",
        "/\\evil.test",
        "/desk/../..//evil.test",
        "/desk//evil.test",
        "/desk/%2e%2e/x",
        "javascript:alert(1)",
        "/desk?next=//evil.test",
        "/deskevil",
        "/desk\r\nset-cookie: a=b",
        "/auth/v1/finish",
    ],
)
async def test_nobody_is_led_to_another_site(
    company: Connected, browser: Browser, return_to: str
) -> None:
    await company.save(oidc=company.oidc())
    refused = await browser.begin(company.marker, return_to=return_to)
    assert problem_in(refused) == "failed"
    assert "evil" not in refused.headers["location"]
