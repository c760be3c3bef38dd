"""People sign in with organization, e-mail and password; guessing stops, sessions end."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from rapport.accounts.people.passwords import hashed
from rapport.accounts.sign_in.models import PersonSession
from rapport.accounts.sign_in.sessions import COOKIE, token_hash
from rapport.core import clock
from tests.accounts.conftest import PASSWORD, Served, Tenant, in_a_folder, serving, sign_in

pytestmark = [pytest.mark.api, pytest.mark.asyncio(loop_scope="module")]

ME = "/accounts/v1/me"


@pytest.mark.spec("PLT-160")
async def test_sign_in_takes_organization_then_person(acme: Tenant, globex: Tenant) -> None:
    async with httpx.AsyncClient(base_url=acme.served.url) as client:
        answer = await sign_in(client, acme.marker.upper(), " ADA@acme.test", PASSWORD)
        assert answer.status_code == 200
        person = acme.account.admin.person
        assert answer.json() == {
            "person": {
                "id": person.id,
                "name": "Administrator",
                "email": "ada@acme.test",
                "role": "administrator",
                "must_change_password": False,
                "permissions": [
                    "manage_configuration",
                    "manage_people",
                    "manage_responses",
                    "read_audit",
                    "watch_conversations",
                ],
            },
            "company": {"marker": acme.marker, "name": "Acme", "time_zone": "UTC"},
            "csrf": answer.json()["csrf"],
        }
        assert (await client.get(ME)).json() == answer.json()
        crossed = await sign_in(client, globex.marker, "ada@acme.test", PASSWORD)
        assert crossed.status_code == 401


async def test_the_cookie_is_closed_to_scripts_and_other_sites(acme: Tenant) -> None:
    async with httpx.AsyncClient(base_url=acme.served.url) as client:
        answer = await sign_in(client, acme.marker, "ada@acme.test", PASSWORD)
        flags = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")}
        assert {"httponly", "samesite=lax", "path=/", "max-age=43200"} <= flags
        assert "secure" not in flags
        proxied = await client.post(
            "/accounts/v1/sign-in",
            json={"organization": acme.marker, "email": "ada@acme.test", "password": PASSWORD},
            headers={"x-forwarded-proto": "https"},
        )
        assert "; secure" in proxied.headers["set-cookie"].lower()
        crossed = await client.post(
            "/accounts/v1/sign-in", json={}, headers={"sec-fetch-site": "cross-site"}
        )
        assert crossed.status_code == 403


async def test_whatever_is_wrong_the_answer_is_the_same(acme: Tenant) -> None:
    await acme.set_password(await hashed(PASSWORD))
    wrong = [
        ("nobody", "ada@acme.test", PASSWORD),
        (acme.marker, "nobody@acme.test", PASSWORD),
        (acme.marker, "ada@acme.test", "wrong"),
    ]
    async with httpx.AsyncClient(base_url=acme.served.url) as client:
        messages, seconds = set(), []
        for attempt in wrong:
            started = time.perf_counter()
            answer = await sign_in(client, *attempt)
            seconds.append(time.perf_counter() - started)
            assert answer.status_code == 401
            messages.add(answer.json()["error"]["message"])
    assert len(messages) == 1
    assert min(seconds) > 0.3 * max(seconds)


@pytest.mark.parametrize("email", ["ada@acme.test", "nobody@acme.test"])
async def test_five_failures_lock_whoever_is_guessed(acme: Tenant, email: str) -> None:
    now = clock.ManualClock(clock.now())
    with clock.running_on(now):
        async with httpx.AsyncClient(base_url=acme.served.url) as client:
            for _ in range(5):
                assert (await sign_in(client, acme.marker, email, "wrong")).status_code == 401
            locked = await sign_in(client, acme.marker, email, PASSWORD)
            assert locked.status_code == 429
            assert locked.headers["retry-after"] == "900"
            assert "15 minutes" in locked.json()["error"]["message"]
            now.advance(timedelta(minutes=15, seconds=1))
            after = await sign_in(client, acme.marker, email, PASSWORD)
            assert after.status_code == (200 if email == "ada@acme.test" else 401)


async def test_guesses_sent_at_once_are_counted_too(acme: Tenant) -> None:
    async with httpx.AsyncClient(base_url=acme.served.url) as client:
        guesses = [sign_in(client, acme.marker, "ada@acme.test", f"guess {n}") for n in range(12)]
        statuses = [answer.status_code for answer in await asyncio.gather(*guesses)]
    assert sorted(statuses) == [401] * 5 + [429] * 7


async def test_a_right_password_forgets_the_wrong_ones(acme: Tenant) -> None:
    async with httpx.AsyncClient(base_url=acme.served.url) as client:
        for _ in range(2):
            for _ in range(4):
                await sign_in(client, acme.marker, "ada@acme.test", "wrong")
            right = await sign_in(client, acme.marker, "ada@acme.test", PASSWORD)
            assert right.status_code == 200


async def test_an_administrator_lifts_a_lock(acme: Tenant, ada: httpx.AsyncClient) -> None:
    async with httpx.AsyncClient(base_url=acme.served.url) as client:
        for _ in range(6):
            last = await sign_in(client, acme.marker, "dev@acme.test", "wrong")
        assert last.status_code == 429
        people = (await ada.get("/console/v1/people")).json()["items"]
        locked = next(one for one in people if one["email"] == "dev@acme.test")
        assert locked["locked_until"] is not None
        unlocked = await ada.post(f"/console/v1/people/{locked['id']}/unlock", json={})
        assert unlocked.json()["locked_until"] is None
        assert (await sign_in(client, acme.marker, "dev@acme.test", PASSWORD)).status_code == 200


@pytest.mark.spec("CMP-251")
async def test_a_session_ends_by_time(acme: Tenant) -> None:
    now = clock.ManualClock(clock.now())
    with clock.running_on(now):
        async with acme.browser("ada@acme.test") as client:
            for _ in range(7):
                assert (await client.get(ME)).status_code == 200
                now.advance(timedelta(minutes=100))
            assert (await client.get(ME)).status_code == 200
            now.advance(timedelta(minutes=21))
            assert (await client.get(ME)).status_code == 401
        async with acme.browser("ada@acme.test") as client:
            now.advance(timedelta(minutes=121))
            assert (await client.get(ME)).status_code == 401


@pytest.mark.spec("PLT-235")
async def test_every_token_ends_and_privileges_are_asked_each_time(
    acme: Tenant, ada: httpx.AsyncClient
) -> None:
    bo = await acme.invite(ada, "Bo", "administrator")
    await acme.settle()
    people, history = "/console/v1/people", "/chat/v1/conversations"
    now = clock.ManualClock(clock.now())
    with clock.running_on(now):
        async with acme.browser(bo["email"]) as desk:
            assert (await desk.get(people)).status_code == 200
            await ada.patch(f"{people}/{bo['id']}", json={"role": "agent"})
            assert (await desk.get(people)).status_code == 403
            chat = {"app": acme.marker}
            opened = (await desk.post("/chat/v1/sessions", json=chat)).json()
            bearer = {"authorization": f"Bearer {opened['token']}"}
            assert (await desk.get(history, headers=bearer)).status_code == 200
            ends = datetime.fromisoformat(opened["expires_at"])
            now.advance(ends - now.now() + timedelta(seconds=1))
            assert (await desk.get(history, headers=bearer)).status_code == 401
            assert (await desk.get(ME)).status_code == 401


async def test_one_address_does_not_keep_the_hashing_from_the_others(tmp_path: Path) -> None:
    few = {"RAPPORT_ACCOUNTS_ADDRESS_BURST": "3", "RAPPORT_ACCOUNTS_ADDRESS_RATE": "0.01"}
    async with (
        serving(in_a_folder(tmp_path, **few)) as served,
        httpx.AsyncClient(base_url=served.url) as client,
    ):
        answers = [await sign_in(client, "acme", f"x{n}@acme.test", "wrong") for n in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert int(answers[-1].headers["retry-after"]) > 60


async def test_signing_out_ends_the_session_for_good(acme: Tenant, ada: httpx.AsyncClient) -> None:
    token = ada.cookies[COOKIE]
    assert (await ada.post("/accounts/v1/sign-out", json={})).status_code == 204
    assert COOKIE not in ada.cookies
    ada.cookies.set(COOKIE, token)
    assert (await ada.get(ME)).status_code == 401
    async with acme.served.node.database.reading() as session:
        assert await session.get(PersonSession, token_hash(token)) is None


async def test_only_a_hash_of_the_token_is_kept(acme: Tenant, ada: httpx.AsyncClient) -> None:
    token = ada.cookies[COOKIE]
    stored = acme.served.stored()
    assert token_hash(token).encode() in stored
    assert token.encode() not in stored
    assert ada.headers["x-csrf-token"].encode() not in stored


async def test_changes_need_the_token_of_our_own_pages(ada: httpx.AsyncClient) -> None:
    people = {"people": [{"email": "x@acme.test", "name": "X", "role": "agent"}]}
    for token in ("", "guess", "é"):
        ada.headers["x-csrf-token"] = token
        answer = await ada.post("/console/v1/people", json=people)
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "403-04"
        assert (await ada.get(ME)).status_code == 200


async def test_a_one_time_password_opens_nothing_but_its_change(
    acme: Tenant, ada: httpx.AsyncClient
) -> None:
    invited = await acme.invite(ada, "Bo", "administrator")
    async with acme.browser(invited["email"], invited["password"]) as bo:
        assert (await bo.get(ME)).json()["person"]["must_change_password"] is True
        due = await bo.get("/console/v1/people")
        assert due.status_code == 403
        assert due.json()["error"]["code"] == "403-05"
        body = {"current": invited["password"], "new": PASSWORD}
        assert (await bo.post("/accounts/v1/password", json=body)).status_code == 204
        assert (await bo.get("/console/v1/people")).status_code == 200
        assert (await bo.get(ME)).json()["person"]["must_change_password"] is False


async def test_changing_the_password_ends_the_other_sessions(acme: Tenant) -> None:
    async with acme.browser("ada@acme.test") as here, acme.browser("ada@acme.test") as there:
        body = {"current": PASSWORD, "new": "another horse battery"}
        assert (await here.post("/accounts/v1/password", json=body)).status_code == 204
        assert (await here.get(ME)).status_code == 200
        assert (await there.get(ME)).status_code == 401
    async with httpx.AsyncClient(base_url=acme.served.url) as client:
        assert (await sign_in(client, acme.marker, "ada@acme.test", PASSWORD)).status_code == 401


@pytest.mark.parametrize(
    ("current", "new", "status"),
    [
        ("wrong", "another horse battery", 401),
        (PASSWORD, "short", 400),
        (PASSWORD, PASSWORD, 400),
        (PASSWORD, "x" * 2000, 400),
    ],
)
async def test_refused_password_changes_change_nothing(
    acme: Tenant, ada: httpx.AsyncClient, current: str, new: str, status: int
) -> None:
    answer = await ada.post("/accounts/v1/password", json={"current": current, "new": new})
    assert answer.status_code == status
    async with httpx.AsyncClient(base_url=acme.served.url) as client:
        assert (await sign_in(client, acme.marker, "ada@acme.test", PASSWORD)).status_code == 200


async def test_sessions_outlive_the_server(acme: Tenant) -> None:
    async with acme.browser("ada@acme.test") as client:
        token = client.cookies[COOKIE]
    async with serving(acme.served.settings) as second:
        assert await status_of(second, token) == 200


async def status_of(served: Served, token: str) -> int:
    async with httpx.AsyncClient(base_url=served.url, cookies={COOKIE: token}) as client:
        return (await client.get(ME)).status_code


async def test_hashing_does_not_hold_up_the_others(acme: Tenant, ada: httpx.AsyncClient) -> None:
    async with httpx.AsyncClient(base_url=acme.served.url) as client:
        guesses = [
            asyncio.create_task(sign_in(client, acme.marker, f"x{n}@acme.test", "wrong"))
            for n in range(8)
        ]
        slowest = 0.0
        while not all(guess.done() for guess in guesses):
            started = time.perf_counter()
            assert (await ada.get(ME)).status_code == 200
            slowest = max(slowest, time.perf_counter() - started)
        await asyncio.gather(*guesses)
    assert slowest < 0.5
