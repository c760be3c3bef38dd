"""Administrators connect a provider; its secret stays secret, and what could not be safe is refused."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.accounts.conftest import Served
from tests.accounts.single_sign_on.conftest import CONNECTION, Browser, Connected, problem_in
from tests.support.providers.keys import new_pair
from tests.support.providers.oidc import SECRET

pytestmark = [pytest.mark.api, pytest.mark.asyncio(loop_scope="module")]

OPTIONS = "/accounts/v1/sign-in-options"
SAML = {"entity_id": "https://p.test", "sso_url": "https://p.test/sso"}


async def test_a_connection_is_made_shown_and_taken_away(
    company: Connected, browser: Browser
) -> None:
    empty = (await company.ada.get(CONNECTION)).json()
    assert empty["connection"] is None
    assert empty["addresses"]["sign_in"].endswith(f"/auth/v1/sign-in/{company.marker}")
    saved = await company.save(oidc=company.oidc())
    connection = saved["connection"]
    assert connection["oidc"] == {
        "issuer": company.provider.issuer,
        "client_id": "rapport",
        "user_id_claim": "sub",
        "scopes": ["openid", "email", "profile"],
    }
    assert connection["saml"] is None
    assert (connection["enabled"], connection["default_role"]) == (True, "agent")
    assert (await company.ada.get(CONNECTION)).json() == saved
    assert (await company.ada.delete(CONNECTION)).status_code == 204
    assert (await company.ada.delete(CONNECTION)).status_code == 404
    assert problem_in(await browser.begin(company.marker)) == "not_configured"
    search = {"resource_type": "single_sign_on", "order": "oldest"}
    entries = (await company.ada.get("/console/v1/audit", params=search)).json()["items"]
    assert [(each["event_type"], each["resource_name"]) for each in entries] == [
        ("create", "OpenID Connect (production)"),
        ("delete", "OpenID Connect (production)"),
    ]


async def test_the_secret_is_kept_encrypted_and_goes_to_its_own_provider_only(
    company: Connected, browser: Browser, served: Served
) -> None:
    saved = await company.save(oidc=company.oidc())
    assert SECRET not in str(saved)
    assert SECRET.encode() not in served.stored()
    kept = company.oidc(client_secret=None)
    await company.save(oidc=kept, default_role="supervisor")
    await browser.through_oidc(company.marker, user="1")
    assert (await browser.me())["person"]["role"] == "supervisor"
    # Else whoever manages people could have it sent to a server of their own.
    moved = {"oidc": {**kept, "issuer": "https://evil.test"}}
    refused = await company.ada.put(CONNECTION, json=moved)
    assert refused.status_code == 400
    assert "/oidc/client_secret" in refused.json()["error"]["message"]


async def test_whether_it_is_offered_is_told_before_anybody_signs_in(
    company: Connected, served: Served
) -> None:
    async def offered(marker: str) -> Any:
        async with httpx.AsyncClient(base_url=served.url) as client:
            answer = await client.get(OPTIONS, params={"organization": marker})
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert await offered(company.marker) == {"single_sign_on": False}
    assert await offered("nobody") == {"single_sign_on": False}
    await company.save(oidc=company.oidc())
    assert await offered(f" {company.marker.upper()} ") == {"single_sign_on": True}
    await company.save(oidc=company.oidc(), enabled=False)
    assert await offered(company.marker) == {"single_sign_on": False}


async def test_who_is_on_the_way_stays_outside_when_it_is_switched_off(
    company: Connected, browser: Browser
) -> None:
    await company.save(oidc=company.oidc())
    begun = await browser.begin(company.marker)
    answered = await browser.tell(begun.headers["location"], user="1")
    await company.save(oidc=company.oidc(), enabled=False)
    assert problem_in(await browser.come_back(answered.headers["location"])) == "not_configured"


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ({}, "/"),
        ({"oidc": {"issuer": "https://p.test", "client_id": "c"}, "saml": None}, "client_secret"),
        ({"oidc": {"issuer": "ftp://p.test", "client_id": "c"}}, "/oidc/issuer"),
        ({"oidc": {"issuer": "https://a:b@p.test", "client_id": "c"}}, "/oidc/issuer"),
        ({"oidc": {"issuer": "https://", "client_id": "c"}}, "/oidc/issuer"),
        ({"oidc": {"issuer": "https://p.test:99999", "client_id": "c"}}, "/oidc/issuer"),
        ({"oidc": {"issuer": "https://p.test", "client_id": "c", "scopes": ["email"]}}, "scopes"),
        ({"oidc": {"issuer": "https://p.test", "client_id": "c", "scopes": ["open id"]}}, "scopes"),
        (
            {
                "oidc": {"issuer": "https://p.test", "client_id": "c"},
                "default_role": "administrator",
            },
            "/default_role",
        ),
        ({"saml": {**SAML, "certificates": ["no certificate"]}}, "/saml/certificates"),
        ({"saml": {**SAML, "certificates": []}}, "certificates"),
        (
            {"saml": {**SAML, "certificates": ["x"], "sso_url": "javascript:alert(1)"}},
            "/saml/sso_url",
        ),
    ],
)
async def test_what_could_not_work_or_not_safely_is_refused(
    company: Connected, wanted: dict[str, Any], path: str
) -> None:
    refused = await company.ada.put(CONNECTION, json=wanted)
    assert refused.status_code == 400, refused.text
    assert path in refused.json()["error"]["message"]
    assert (await company.ada.get(CONNECTION)).json()["connection"] is None


async def test_a_weak_key_is_no_key(company: Connected) -> None:
    weak = {"saml": {**SAML, "certificates": [new_pair(1024).certificate]}}
    assert (await company.ada.put(CONNECTION, json=weak)).status_code == 400


@pytest.mark.parametrize(
    "metadata",
    [
        "nothing",
        "<EntityDescriptor/>",
        '<!DOCTYPE x><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"/>',
        '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x"/>',
    ],
)
async def test_what_describes_no_provider_is_refused(company: Connected, metadata: str) -> None:
    refused = await company.ada.post(f"{CONNECTION}/metadata", json={"metadata": metadata})
    assert refused.status_code == 400
    assert "/metadata" in refused.json()["error"]["message"]


async def test_only_those_who_manage_people_may(company: Connected) -> None:
    async with company.tenant.browser("dev@acme.test") as developer:
        assert (await developer.get(CONNECTION)).status_code == 403
        wanted = {"oidc": company.oidc()}
        assert (await developer.put(CONNECTION, json=wanted)).status_code == 403
        assert (await developer.delete(CONNECTION)).status_code == 403


async def test_our_own_metadata_is_for_every_marker(company: Connected, served: Served) -> None:
    """It tells nobody which companies there are."""
    path = "/auth/realms/standalone-{}-auth/broker/saml/endpoint/descriptor"
    async with httpx.AsyncClient(base_url=served.url) as client:
        ours = await client.get(path.format(company.marker))
        nobodys = await client.get(path.format("nobody"))
        assert problem_in(await client.get(path.format("No Body"))) == "not_configured"
    assert ours.status_code == nobodys.status_code == 200
    assert ours.text.replace(company.marker, "nobody") == nobodys.text


async def test_the_sandbox_suffix_is_no_part_of_a_marker(served: Served) -> None:
    from rapport import accounts
    from rapport.core.errors import Invalid

    async with served.node.database.writing() as session:
        with pytest.raises(Invalid):
            await accounts.create_company(session, "a-sandbox", "A", "a@a.test", "b@a.test")
