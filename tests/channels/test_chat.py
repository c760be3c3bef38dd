"""The web chat: sessions, identities, history and first words, over the real server."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from sqlalchemy import func, select

from rapport.channels import ChatSettings, CustomerTokens
from rapport.conversations.models import Conversation, Customer, Message
from rapport.core import clock
from rapport.core.identity import Role
from rapport.core.secret import installation_secret
from tests.support.company import TestCompany
from tests.support.customers import ask_session, let_in

pytestmark = pytest.mark.api


async def identity_key(acme: TestCompany, **fields: Any) -> dict[str, Any]:
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        body = {"name": "shop", "algorithm": "HS256", **fields}
        answer = await admin.post("/console/v1/identity-keys", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def signed(
    secret: str, sub: str, *, valid_for: timedelta = timedelta(minutes=5), **claims: Any
) -> str:
    exp = int((clock.now() + valid_for).timestamp())
    key = OctKey.import_key(secret)
    return jwt.encode({"alg": "HS256"}, {"sub": sub, "exp": exp, **claims}, key)


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


async def count(acme: TestCompany, table: type[Any]) -> int:
    database = acme.database()
    try:
        async with database.reading() as session:
            query = select(func.count()).where(table.company_id == acme.id)
            return int((await session.execute(query)).scalar_one())
    finally:
        await database.close()


async def metadata_of(acme: TestCompany, conversation: str) -> dict[str, Any]:
    async with acme.signed_in(Role.SUPERVISOR) as supervisor:
        answer = await supervisor.get(f"/desk/v1/conversations/{conversation}")
        metadata: dict[str, Any] = answer.json()["metadata"]
        return metadata


async def test_a_visitor_gets_a_session_and_its_first_words_open_a_conversation(
    acme: TestCompany,
) -> None:
    visitor = await let_in(acme)
    assert visitor.session["customer"] == {"id": visitor.id, "name": None, "anonymous": True}
    assert visitor.session["company"] == {"name": "Acme", "greeting": ""}
    assert visitor.session["conversation"] is None

    async with visitor.live() as live:
        assert live.welcome["you"]["kind"] == "customer"
        info = {
            "plan": "gold",
            "visits": 3,
            "vip": True,
            "card": "4111 1111 1111 1111",
            "none": None,
        }
        answer = await live.ask("open", key="k", text="Where is my order?", customer_info=info)
        topic = f"conversation/{answer['conversation']}"
        await live.subscribe(topic)
        opened = await live.event(topic, "conversation.opened")
        assert opened["data"]["channel"] == "web"
        assert "metadata" not in opened["data"]
        metadata = await metadata_of(acme, answer["conversation"])
        assert metadata["plan"] == "gold"
        assert metadata["visits"] == "3"
        assert metadata["vip"] == "true"
        assert "4111" not in metadata["card"]
        assert set(metadata) == {"plan", "visits", "vip", "card"}
        sent = await live.event(topic, "message.sent")
        assert sent["data"]["text"] == "Where is my order?"
        assert sent["seq"] == answer["seq"]

    again = await let_in(acme, token=visitor.token)
    assert again.id == visitor.id
    assert again.session["conversation"]["id"] == answer["conversation"]
    history = await again.history()
    assert [item["last_text"] for item in history] == ["Where is my order?"]


async def test_first_words_sent_often_and_at_once_are_said_once(acme: TestCompany) -> None:
    visitor = await let_in(acme)
    answers = await asyncio.gather(*(visitor.opens("Hello", key="same") for _ in range(5)))
    assert len(set(answers)) == 1
    assert await count(acme, Conversation) == 1
    assert await count(acme, Message) == 1

    assert await visitor.opens("And another", key="other") == answers[0]
    assert await count(acme, Message) == 2


async def test_first_words_repeated_after_the_end_stay_where_they_were_said(
    acme: TestCompany,
) -> None:
    visitor = await let_in(acme)
    first = await visitor.opens("Hello", key="k")
    async with acme.signed_in(Role.SUPERVISOR) as supervisor:
        ended = await supervisor.post(f"/desk/v1/conversations/{first}/end", json={})
        assert ended.status_code == 200, ended.text

    assert await visitor.opens("Hello", key="k") == first
    assert await count(acme, Message) == 1
    assert await visitor.opens("Something new", key="k2") != first


@pytest.mark.spec("PLT-059")
async def test_a_returning_customer_sees_its_history(acme: TestCompany) -> None:
    secret = (await identity_key(acme))["secret"]
    home = await let_in(acme, identity=signed(secret, "cu-1", name="Sam Ode"))
    assert home.session["customer"] == {"id": home.id, "name": "Sam Ode", "anonymous": False}
    first = await home.opens("From home")
    async with acme.signed_in(Role.SUPERVISOR) as supervisor:
        await supervisor.post(f"/desk/v1/conversations/{first}/end", json={})

    phone = await let_in(acme, identity=signed(secret, "cu-1"))
    assert phone.id == home.id
    assert phone.session["customer"]["name"] == "Sam Ode"
    assert phone.session["conversation"] is None
    (earlier,) = await phone.history()
    assert earlier["id"] == first
    assert earlier["last_text"] == "From home"
    assert earlier["ended_at"] is not None
    async with phone.live() as live:
        await live.subscribe(f"conversation/{first}")
        await live.event(f"conversation/{first}", "message.sent", text="From home")


@pytest.mark.spec("PLT-058", "CHN-274")
async def test_one_identifier_joins_channels_and_another_shares_nothing(
    acme: TestCompany, api: httpx.AsyncClient
) -> None:
    secret = (await identity_key(acme))["secret"]
    made = await api.post(
        "/conversation/v1/conversations",
        json={
            "externalId": "call-1",
            "customer": {"externalId": "cu-1"},
            "timestamp": "2026-03-04T09:10:11Z",
        },
    )
    assert made.status_code == 200, made.text
    mine = await let_in(acme, identity=signed(secret, "cu-1"))
    chat = await mine.opens()
    assert {item["id"] for item in await mine.history()} == {chat, made.json()["id"]}

    other = await let_in(acme, identity=signed(secret, "cu-2"))
    assert await other.history() == []
    async with other.live() as live:
        refused = await live.subscribe(f"conversation/{chat}")
        assert refused["error"]["name"] == "not_found"


@pytest.mark.spec("PLT-060", "CHN-279")
async def test_an_identifier_in_mid_session_upgrades_it(acme: TestCompany) -> None:
    secret = (await identity_key(acme))["secret"]
    nobody = await let_in(acme)
    conversation = await nobody.opens("Who am I?")
    topic = f"conversation/{conversation}"
    async with acme.live(Role.SUPERVISOR) as watcher:
        await watcher.subscribe(topic)
        known = await let_in(acme, token=nobody.token, identity=signed(secret, "cu-9", name="Kim"))
        told = await watcher.event(topic, "customer.identified")
        assert told["data"]["customer"] == {"id": known.id, "external_id": "cu-9", "name": "Kim"}

    assert known.session["conversation"]["id"] == conversation
    async with known.live() as live:
        answer = await live.ask("send", conversation=conversation, key="2", text="It is me")
        assert answer["type"] == "ok"
    assert await nobody.history() == []

    # The token of somebody known gives nothing away to the next one at the same device.
    next_one = await let_in(acme, token=known.token, identity=signed(secret, "cu-10"))
    assert next_one.id != known.id
    assert await next_one.history() == []
    assert [item["id"] for item in await known.history()] == [conversation]


async def test_a_wrong_identity_is_refused_and_harms_nothing(
    acme: TestCompany, globex: TestCompany
) -> None:
    secret = (await identity_key(acme))["secret"]
    foreign = (await identity_key(globex))["secret"]
    nobody = await let_in(acme)
    conversation = await nobody.opens()
    customers = await count(acme, Customer)
    exp = int(clock.now().timestamp()) + 60
    wrong = {
        "expired": signed(secret, "cu-1", valid_for=timedelta(seconds=-1)),
        "not valid yet": signed(secret, "cu-1", nbf=exp),
        "another company's": signed(foreign, "cu-1"),
        "unsigned": jwt.encode(
            {"alg": "HS256"}, {"sub": "cu-1", "exp": exp}, OctKey.generate_key(256)
        ),
        "nobody": signed(secret, ""),
        "endless": jwt.encode({"alg": "HS256"}, {"sub": "cu-1"}, OctKey.import_key(secret)),
        "no token": "not a token",
    }
    for what, identity in wrong.items():
        answer = await ask_session(acme, token=nobody.token, identity=identity)
        assert answer.status_code == 401, what
        assert set(answer.json()["error"]) == {"requestId", "message", "code"}

    assert await count(acme, Customer) == customers
    assert (await let_in(acme, token=nobody.token)).id == nobody.id
    async with nobody.live() as live:
        assert (await live.ask("send", conversation=conversation, key="2", text="Still me"))[
            "type"
        ] == "ok"


@pytest.mark.parametrize(("algorithm", "made"), [("RS256", RSAKey), ("ES256", ECKey)])
async def test_a_public_key_is_believed_until_it_is_removed(
    acme: TestCompany, algorithm: str, made: Any
) -> None:
    pair = made.generate_key(2048 if made is RSAKey else "P-256")
    public = pair.as_pem(private=False).decode()
    key = await identity_key(acme, algorithm=algorithm, public_key=public)
    assert key["secret"] is None
    claims = {"sub": "cu-1", "name": "Sam", "exp": int(clock.now().timestamp()) + 60}
    identity = jwt.encode({"alg": algorithm}, claims, pair)
    assert (await let_in(acme, identity=identity)).session["customer"]["name"] == "Sam"

    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        listed = (await admin.get("/console/v1/identity-keys")).json()["items"]
        assert [one["id"] for one in listed] == [key["id"]]
        assert (await admin.delete(f"/console/v1/identity-keys/{key['id']}")).status_code == 204
        assert (await admin.delete(f"/console/v1/identity-keys/{key['id']}")).status_code == 404
    assert (await ask_session(acme, identity=identity)).status_code == 401


async def test_a_public_key_is_no_shared_secret(acme: TestCompany) -> None:
    pair = RSAKey.generate_key(2048)
    public = pair.as_pem(private=False)
    await identity_key(acme, algorithm="RS256", public_key=public.decode())
    exp = int(clock.now().timestamp()) + 60
    parts = [{"alg": "HS256", "typ": "JWT"}, {"sub": "cu-1", "exp": exp}]
    said = ".".join(_base64(json.dumps(part).encode()) for part in parts)
    forged = f"{said}.{_base64(hmac.digest(public, said.encode(), 'sha256'))}"
    assert (await ask_session(acme, identity=forged)).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"algorithm": "RS256", "public_key": "no key"},
        {"algorithm": "RS256"},
        {"algorithm": "HS256", "public_key": "mine"},
        {"algorithm": "none"},
        {
            "algorithm": "RS256",
            "public_key": RSAKey.generate_key(2048).as_pem(private=True).decode(),
        },
    ],
)
async def test_keys_that_are_none_are_refused(acme: TestCompany, body: dict[str, str]) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        answer = await admin.post("/console/v1/identity-keys", json={"name": "x", **body})
        assert answer.status_code == 400, answer.text
        assert (await admin.get("/console/v1/identity-keys")).json() == {"items": []}


async def test_only_administrators_manage_keys(acme: TestCompany, globex: TestCompany) -> None:
    key = await identity_key(acme)
    async with acme.signed_in(Role.AGENT) as agent:
        assert (await agent.get("/console/v1/identity-keys")).status_code == 403
    async with globex.signed_in(Role.ADMINISTRATOR) as stranger:
        assert (await stranger.delete(f"/console/v1/identity-keys/{key['id']}")).status_code == 404
        assert (await stranger.get("/console/v1/identity-keys")).json() == {"items": []}


@pytest.mark.spec("PLT-063")
async def test_an_expired_token_is_refreshed_without_ending_the_chat(acme: TestCompany) -> None:
    visitor = await let_in(acme)
    conversation = await visitor.opens("Before")
    database = acme.database()
    async with database.reading() as session:
        customer = await session.get(Customer, visitor.id)
    await database.close()
    assert customer is not None
    tokens = CustomerTokens(installation_secret(acme.server.settings), ChatSettings())
    past = clock.ManualClock(clock.now() - timedelta(days=29))
    with clock.running_on(past):
        expired = tokens.issue(customer).token
    with clock.running_on(clock.ManualClock(clock.now() - timedelta(days=31))):
        forgotten = tokens.issue(customer).token

    async with httpx.AsyncClient(base_url=acme.server.address) as client:
        headers = {"authorization": f"Bearer {expired}"}
        assert (await client.get("/chat/v1/conversations", headers=headers)).status_code == 401
    fresh = await let_in(acme, token=expired)
    assert fresh.id == visitor.id
    assert fresh.session["conversation"]["id"] == conversation
    async with fresh.live() as live:
        assert (await live.ask("send", conversation=conversation, key="2", text="After"))[
            "type"
        ] == "ok"
    assert (await let_in(acme, token=forgotten)).id != visitor.id
    assert (await let_in(acme, token="garbage")).id != visitor.id


@pytest.mark.spec("PLT-065")
async def test_simulated_customers_of_several_types_log_in_to_the_sandbox_only(
    acme: TestCompany,
) -> None:
    async with acme.signed_in(Role.DEVELOPER) as developer:
        seen: dict[str, str] = {}
        for kind in ("new", "returning", "premium", "nameless"):
            login = (
                await developer.post("/console/v1/test-logins", json={"customer": kind})
            ).json()
            customer = await let_in(acme, identity=login["identity"])
            assert customer.session["customer"]["anonymous"] is False
            assert customer.session["customer"]["name"] == login["name"]
            seen[kind] = customer.id
        assert len(set(seen.values())) == 4
        again = (
            await developer.post("/console/v1/test-logins", json={"customer": "returning"})
        ).json()
        assert (await let_in(acme, identity=again["identity"])).id == seen["returning"]
        another = (await developer.post("/console/v1/test-logins", json={"customer": "new"})).json()
        assert (await let_in(acme, identity=another["identity"])).id != seen["new"]
        assert (
            await developer.post("/console/v1/test-logins", json={"customer": "x"})
        ).status_code == 400

    production = acme.server.address.replace("127.0.0.1", "localhost")
    async with httpx.AsyncClient(base_url=production) as client:
        body = {"app": acme.marker, "identity": again["identity"]}
        answer = await client.post("/chat/v1/sessions", json=body)
        # All tests come from one address.
        while answer.status_code == 429:
            answer = await client.post("/chat/v1/sessions", json=body)
        assert answer.status_code == 401


async def test_a_simulated_customer_of_one_company_is_nobody_to_another(
    acme: TestCompany, globex: TestCompany
) -> None:
    async with acme.signed_in(Role.DEVELOPER) as developer:
        login = (
            await developer.post("/console/v1/test-logins", json={"customer": "premium"})
        ).json()
    assert (await ask_session(globex, identity=login["identity"])).status_code == 401


async def test_a_token_opens_its_own_company_and_environment_only(
    acme: TestCompany, globex: TestCompany
) -> None:
    visitor = await let_in(acme)
    conversation = await visitor.opens()
    stranger = await let_in(globex, token=visitor.token)
    assert stranger.id != visitor.id
    async with stranger.live() as live:
        assert (await live.subscribe(f"conversation/{conversation}"))["error"]["code"] == "404-01"
        refused = await live.ask("send", conversation=conversation, key="x", text="Hi")
        assert refused["error"]["code"] == "404-01"
    production = acme.server.address.replace("127.0.0.1", "localhost")
    async with httpx.AsyncClient(base_url=production) as client:
        headers = {"authorization": f"Bearer {visitor.token}"}
        assert (await client.get("/chat/v1/conversations", headers=headers)).status_code == 401
    assert await count(acme, Message) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"app": "nobody-has-this"}, 404),
        ({"environment": "production"}, 400),
        ({"environment": "moon"}, 400),
        ({"app": 7}, 400),
        ({"name": "a\x00b"}, 400),
        ({"name": "x" * 256}, 400),
    ],
)
async def test_sessions_that_cannot_be(
    acme: TestCompany, body: dict[str, Any], status: int
) -> None:
    answer = await ask_session(acme, **body)
    assert answer.status_code == status, answer.text
    assert await count(acme, Customer) == 0


async def test_agents_open_nothing_and_customers_say_something(acme: TestCompany) -> None:
    async with acme.live(Role.AGENT) as live:
        assert (await live.ask("open", key="k", text="Hi"))["error"]["code"] == "403-01"
    visitor = await let_in(acme)
    async with visitor.live() as live:
        for fields in (
            {"key": "k", "text": ""},
            {"key": "", "text": "Hi"},
            {"key": "k", "text": "Hi", "customer_info": {"a": {"b": 1}}},
            {"key": "k", "text": "a\x00"},
        ):
            assert (await live.ask("open", **fields))["error"]["code"] == "400-03"
    assert await count(acme, Conversation) == 0


async def test_the_name_of_a_visitor_is_redacted(acme: TestCompany) -> None:
    visitor = await let_in(acme, name="Sam 4111 1111 1111 1111")
    assert "4111" not in visitor.session["customer"]["name"]


async def test_pages_of_other_sites_may_call(acme: TestCompany) -> None:
    async with httpx.AsyncClient(base_url=acme.server.address) as client:
        origin = {"origin": "https://shop.example"}
        asked = await client.options(
            "/chat/v1/sessions", headers={**origin, "access-control-request-method": "POST"}
        )
        assert asked.status_code == 204
        assert asked.headers["access-control-allow-origin"] == "*"
        assert "authorization" in asked.headers["access-control-allow-headers"]
        refused = await client.get("/chat/v1/conversations", headers=origin)
        assert refused.status_code == 401
        assert refused.headers["access-control-allow-origin"] == "*"
        assert (
            "access-control-allow-origin"
            not in (await client.get("/desk/v1/inbox", headers=origin)).headers
        )


async def test_one_address_begins_only_so_many_sessions_a_second(acme: TestCompany) -> None:
    async with httpx.AsyncClient(base_url=acme.server.address) as client:
        body = {"app": acme.marker}
        answers = await asyncio.gather(
            *(client.post("/chat/v1/sessions", json=body) for _ in range(25))
        )
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert int(refused[0].headers["retry-after"]) >= 1
    assert len(answers) - len(refused) >= 1


async def test_the_documented_example_signs_a_customer_in(acme: TestCompany) -> None:
    page = (Path(__file__).parents[2] / "docs" / "identity.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    namespace: dict[str, Any] = {}
    exec(example, namespace)
    secret = (await identity_key(acme))["secret"]
    customer = await let_in(acme, identity=namespace["identity_of"]("cu-1", "Sam Ode", secret))
    assert customer.session["customer"]["name"] == "Sam Ode"
