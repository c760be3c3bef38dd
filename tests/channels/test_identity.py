"""Tokens of customers, checked as their company wants it: kinds, certificates, claims, its own API."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import RSAKey

from rapport.channels.identity.policies import policy_of
from rapport.core import clock
from rapport.core.identity import Role
from tests.channels.test_chat import identity_key, signed
from tests.support.company import TestCompany, make_company
from tests.support.customers import ask_session, let_in
from tests.support.server import Running, running

pytestmark = pytest.mark.api

POLICY = "/console/v1/identity-policy"
PLAIN = {"accepts": ["jwt"], "same_as_page": [], "same_as_profile": []}
NOWHERE = {"profile_url": None, "token_url": None, "client_id": None}


@pytest.fixture(scope="module")
def trying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that asks companies' APIs without https."""
    environment = {"RAPPORT_CHAT_PLAIN_HTTP": "true", "RAPPORT_CHAT_IDENTITY_HOSTS": "127.0.0.1"}
    with running(tmp_path_factory.mktemp("trying"), **environment) as started:
        yield started


@pytest.fixture
async def shop(trying: Running) -> TestCompany:
    return await make_company(trying)


async def decide(company: TestCompany, **policy: Any) -> dict[str, Any]:
    async with company.signed_in(Role.ADMINISTRATOR) as admin:
        answer = await admin.put(POLICY, json=policy)
        assert answer.status_code == 200, answer.text
        shown = await admin.get(POLICY)
    assert shown.json() == answer.json()
    found: dict[str, Any] = answer.json()
    return found


def certificate(pair: rsa.RSAPrivateKey, begins: datetime, ends: datetime) -> str:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "shop")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(pair.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(ends)
        .sign(pair, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM).decode()


def signed_by(pair: rsa.RSAPrivateKey, **claims: Any) -> str:
    pem = pair.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    exp = int(clock.now().timestamp()) + 60
    return jwt.encode({"alg": "RS256"}, {"exp": exp, **claims}, RSAKey.import_key(pem))


class Api:
    """A company's own API: it knows whose an access token is, and renews one."""

    def __init__(self) -> None:
        self.people: dict[str, dict[str, Any]] = {}
        self.renewals: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.status = 200
        self.address = ""

    def answer(self, head: str, body: str) -> tuple[int, dict[str, Any]]:
        lines = head.split("\r\n")
        fields = {line.partition(":")[0].lower(): line.partition(": ")[2] for line in lines[1:]}
        self.asked.append(fields["authorization"])
        if self.status != 200:
            return self.status, {}
        if lines[0].startswith("POST /token "):
            form = {name: value[0] for name, value in parse_qs(body).items()}
            assert form.pop("grant_type") == "refresh_token"
            found = self.renewals.get(form["refresh_token"])
            return (200, found) if found else (400, {"error": "invalid_grant"})
        person = self.people.get(fields["authorization"].removeprefix("Bearer "))
        return (200, person) if person else (401, {})

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            (
                int(line[15:])
                for line in head.split("\r\n")
                if line.lower()[:15] == "content-length:"
            ),
            0,
        )
        status, said = self.answer(head, (await reader.readexactly(length)).decode())
        body = json.dumps(said).encode()
        writer.write(
            b"HTTP/1.1 %d Said\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b"
            % (status, len(body), body)
        )
        await writer.drain()
        writer.close()


@asynccontextmanager
async def open_api() -> AsyncIterator[Api]:
    api = Api()
    server = await asyncio.start_server(api.serve, "127.0.0.1", 0)
    api.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield api


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with open_api() as opened:
        yield opened


@pytest.mark.spec("PLT-062")
async def test_a_token_signed_with_a_certificates_key_is_believed_while_it_holds(
    acme: TestCompany,
) -> None:
    pair = rsa.generate_private_key(65537, 2048)
    other = rsa.generate_private_key(65537, 2048)
    now = datetime.now(UTC)
    holds = certificate(pair, now - timedelta(days=1), now + timedelta(days=1))
    await identity_key(acme, algorithm="RS256", public_key=holds)

    known = await let_in(acme, identity=signed_by(pair, sub="cu-1", name="Sam"))
    assert known.session["customer"] == {"id": known.id, "name": "Sam", "anonymous": False}
    assert (await ask_session(acme, identity=signed_by(other, sub="cu-1"))).status_code == 401

    over = certificate(pair, now - timedelta(days=2), now - timedelta(days=1))
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        for algorithm, pem in (("RS256", over), ("ES256", holds), ("RS256", holds[:90])):
            body = {"name": "shop", "algorithm": algorithm, "public_key": pem}
            refused = await admin.post("/console/v1/identity-keys", json=body)
            assert refused.status_code == 400, refused.text


@pytest.mark.spec("PLT-062")
async def test_claims_have_to_be_what_the_page_says(acme: TestCompany) -> None:
    secret = (await identity_key(acme))["secret"]
    assert await decide(acme, same_as_page=["sub", "email", "points"]) == {
        **PLAIN,
        **NOWHERE,
        "same_as_page": ["sub", "email", "points"],
    }
    token = signed(secret, "cu-1", email="sam@shop.test", points=7)
    page: dict[str, Any] = {
        "customer_id": "cu-1",
        "customer_info": {"email": "sam@shop.test", "points": "7", "plan": "gold"},
    }

    assert (await let_in(acme, identity=token, **page)).session["customer"]["anonymous"] is False
    for wrong in (
        {},
        {**page, "customer_id": "cu-2"},
        {**page, "customer_info": {**page["customer_info"], "email": "eve@shop.test"}},
        {**page, "customer_info": {"email": "sam@shop.test"}},
    ):
        assert (await ask_session(acme, identity=token, **wrong)).status_code == 401, wrong
    # A claim that the token does not have is not the same as one that the page does not give.
    silent = signed(secret, "cu-1", email="sam@shop.test")
    assert (await ask_session(acme, identity=silent, **page)).status_code == 401
    bare = {**page, "customer_info": {"email": "sam@shop.test"}}
    assert (await ask_session(acme, identity=silent, **bare)).status_code == 401


@pytest.mark.spec("PLT-062")
async def test_claims_have_to_be_what_the_companys_own_api_says(
    shop: TestCompany, api: Api
) -> None:
    secret = (await identity_key(shop))["secret"]
    await decide(shop, profile_url=f"{api.address}/me", same_as_profile=["sub", "email"])
    token = signed(secret, "cu-1", email="sam@shop.test")

    assert (await ask_session(shop, identity=token)).status_code == 401
    api.people[token] = {"sub": "cu-1", "email": "eve@shop.test"}
    assert (await ask_session(shop, identity=token)).status_code == 401
    api.people[token] = {"sub": "cu-1", "email": "sam@shop.test"}
    assert (await let_in(shop, identity=token)).session["customer"]["anonymous"] is False
    assert set(api.asked) == {f"Bearer {token}"}

    # What is not signed is not believed, whatever the API says of it.
    api.people["eve"] = {"sub": "cu-1", "email": "sam@shop.test"}
    assert (await ask_session(shop, identity="eve")).status_code == 401
    api.status = 500
    away = await ask_session(shop, identity=token)
    assert (away.status_code, away.json()["error"]["code"]) == (503, "503-01")


@pytest.mark.spec("PLT-061")
async def test_bearer_sets_are_accepted_and_refreshed_where_a_company_wants_them(
    shop: TestCompany, api: Api
) -> None:
    now = int(clock.now().timestamp())
    given = {
        "token_type": "Bearer",
        "access_token": "opaque-1",
        "expires_in": 3600,
        "expires_on": now + 3600,
        "refresh_token": "again-1",
    }
    api.people["opaque-1"] = {"sub": "cu-1", "name": "Sam"}
    assert (await ask_session(shop, identity=given)).status_code == 401
    policy = {"accepts": ["bearer"], "profile_url": f"{api.address}/me"}
    await decide(shop, **policy)

    known = await let_in(shop, identity=given)
    assert known.session["customer"] == {"id": known.id, "name": "Sam", "anonymous": False}
    assert known.session["identity"] is None

    # Over, by what it says or by what the API says: without a place to refresh it, it is refused.
    over = {**given, "expires_on": now - 1}
    refused = {**given, "access_token": "forgotten"}
    for each in (over, refused):
        assert (await ask_session(shop, identity=each)).status_code == 401
    client = {"token_url": f"{api.address}/token", "client_id": "us", "client_secret": "hush"}
    shown = await decide(shop, **policy, **client)
    assert "client_secret" not in shown
    # The secret stays when the policy is decided anew without it.
    await decide(shop, **policy, token_url=client["token_url"], client_id="us")
    api.renewals["again-1"] = {"token_type": "bearer", "access_token": "opaque-2", "expires_in": 60}
    api.people["opaque-2"] = api.people["opaque-1"]
    for each in (over, refused):
        api.asked.clear()
        again = await let_in(shop, token=known.token, identity=each)
        assert again.id == known.id
        renewed = again.session["identity"]
        assert (renewed["access_token"], renewed["refresh_token"]) == ("opaque-2", "again-1")
        assert renewed["expires_on"] >= now + 59
        assert "Basic dXM6aHVzaA==" in api.asked
    api.renewals.clear()
    assert (await ask_session(shop, identity=over)).status_code == 401
    assert (await ask_session(shop, identity={**given, "token_type": "mac"})).status_code == 401
    # Nothing of it lies on the disk as it came.
    raw = shop.raw_files()
    assert not any(each in raw for each in (b"opaque-", b"again-1", b"hush"))


@pytest.mark.spec("PLT-061")
async def test_signed_tokens_are_accepted_unless_a_company_wants_bearer_sets_alone(
    acme: TestCompany,
) -> None:
    secret = (await identity_key(acme))["secret"]
    token = signed(secret, "cu-1", name="Sam")
    bearer = {"token_type": "Bearer", "access_token": token}
    by_policy = {
        ("jwt",): (200, 401),
        ("bearer",): (401, 200),
        ("jwt", "bearer"): (200, 200),
    }
    for accepts, statuses in by_policy.items():
        await decide(acme, accepts=list(accepts))
        answers = [await ask_session(acme, identity=each) for each in (token, bearer)]
        assert tuple(answer.status_code for answer in answers) == statuses, accepts


async def test_a_client_secret_goes_to_no_other_address_than_its_own(acme: TestCompany) -> None:
    ours = {"token_url": "https://shop.test/token", "client_id": "us"}
    elsewhere = {**ours, "token_url": "https://elsewhere.test/token"}
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        decided = await admin.put(POLICY, json={**PLAIN, **ours, "client_secret": "hush"})
        refused = await admin.put(POLICY, json={**PLAIN, **elsewhere})
        kept = (await admin.get(POLICY)).json()
        forgotten = await admin.put(POLICY, json=PLAIN)
        anew = await admin.put(POLICY, json={**PLAIN, **elsewhere})

    assert (decided.status_code, refused.status_code) == (200, 400)
    assert kept["token_url"] == ours["token_url"]
    assert (forgotten.status_code, anew.status_code) == (200, 200)
    database = acme.database()
    async with database.reading() as session:
        policy = await policy_of(session, acme.scope)
    await database.close()
    assert policy.client_secret is None


async def test_a_policy_that_cannot_be_kept_is_refused(
    acme: TestCompany, shop: TestCompany
) -> None:
    for company, wrong in (
        (acme, {"profile_url": "http://shop.test/me"}),
        (acme, {"same_as_profile": ["sub"]}),
        (acme, {"token_url": "https://shop.test/token"}),
        (acme, {"accepts": []}),
        (acme, {"accepts": ["cookie"]}),
        (shop, {"profile_url": "http://elsewhere.test/me"}),
        (shop, {"profile_url": "http://127.0.0.1@elsewhere.test/me"}),
        (shop, {"profile_url": "http://["}),
    ):
        async with company.signed_in(Role.ADMINISTRATOR) as admin:
            answer = await admin.put(POLICY, json=wrong)
            assert answer.status_code == 400, (wrong, answer.text)
            assert (await admin.get(POLICY)).json() == {**PLAIN, **NOWHERE}
    async with acme.signed_in(Role.AGENT) as agent:
        assert (await agent.get(POLICY)).status_code == 403
        assert (await agent.put(POLICY, json={})).status_code == 403


async def test_a_simulated_customer_needs_no_api(shop: TestCompany, api: Api) -> None:
    api.status = 500
    await decide(shop, accepts=["bearer"], profile_url=f"{api.address}/me", same_as_page=["sub"])
    async with shop.signed_in(Role.DEVELOPER) as developer:
        login = await developer.post("/console/v1/test-logins", json={"customer": "premium"})
    known = await let_in(shop, identity=login.json()["identity"])
    assert known.session["customer"]["name"] == "Parker Premium"
