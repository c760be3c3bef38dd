"""Customers' credentials: stored encrypted, for one conversation, for a while."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

import httpx
import pytest
from cryptography.fernet import Fernet

from rapport.conversations.credentials.service import credentials
from rapport.core import clock
from rapport.core.clock import ManualClock, running_on
from rapport.core.secret import installation_secret
from tests.conversations.test_record import PATH, create
from tests.support.company import TestCompany

pytestmark = pytest.mark.api

TOKEN = "tok-7f3a9c-very-secret"


async def read(acme: TestCompany, conversation: str, at: datetime) -> dict[str, object] | None:
    key = installation_secret(acme.server.settings).key("stored credentials")
    database = acme.database()
    with running_on(ManualClock(at)):
        async with database.writing() as session:
            found = await credentials(session, Fernet(urlsafe_b64encode(key)), conversation)
    await database.close()
    return found


@pytest.mark.spec("PLT-050", "PLT-051", "PLT-053")
async def test_any_object_is_kept_and_a_later_one_replaces_it(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    conversation = await create(api)
    for auth in ({"token": "first"}, {"client": {"nested": [1, None]}, "scope": "billing"}):
        answer = await api.post(
            f"{PATH}/{conversation}/authenticate",
            json={"customerExternalId": "cu-1", "auth": auth},
        )
        assert answer.status_code == 204
        assert answer.content == b""

    assert await read(acme, conversation, clock.now()) == auth


@pytest.mark.spec("PLT-055")
async def test_they_expire(api: httpx.AsyncClient, acme: TestCompany) -> None:
    conversation = await create(api)
    body = {"customerExternalId": "cu-1", "auth": {"token": TOKEN}}
    await api.post(f"{PATH}/{conversation}/authenticate", json=body)

    assert await read(acme, conversation, clock.now() + timedelta(minutes=59)) == {"token": TOKEN}
    assert await read(acme, conversation, clock.now() + timedelta(minutes=61)) is None
    assert await read(acme, conversation, clock.now()) is None


@pytest.mark.spec("PLT-057")
async def test_they_lie_encrypted(api: httpx.AsyncClient, acme: TestCompany) -> None:
    conversation = await create(api)
    body = {"customerExternalId": "cu-1", "auth": {"token": TOKEN}}

    await api.post(f"{PATH}/{conversation}/authenticate", json=body)

    raw = acme.raw_files()
    assert conversation.encode() in raw
    assert TOKEN.encode() not in raw


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"customerExternalId": "cu-1", "auth": {}}, 400),
        ({"customerExternalId": "cu-1"}, 400),
        ({"customerExternalId": "cu-1", "auth": "token"}, 400),
        ({"customerExternalId": "somebody", "auth": {"token": "x"}}, 400),
    ],
)
async def test_refused_credentials_are_not_kept(
    api: httpx.AsyncClient, acme: TestCompany, body: dict[str, object], status: int
) -> None:
    conversation = await create(api)

    answer = await api.post(f"{PATH}/{conversation}/authenticate", json=body)

    assert answer.status_code == status
    assert await read(acme, conversation, clock.now()) is None


async def test_an_unknown_conversation_is_not_found(api: httpx.AsyncClient) -> None:
    answer = await api.post(
        f"{PATH}/01NONE/authenticate", json={"customerExternalId": "c", "auth": {"token": "x"}}
    )

    assert answer.status_code == 404
