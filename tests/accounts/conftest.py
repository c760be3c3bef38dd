"""Accounts over HTTP: a served application on a fresh database, and the people of two companies."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import pytest_asyncio
import uvicorn
from argon2 import PasswordHasher
from litestar import Litestar
from sqlalchemy import update

from rapport import accounts
from rapport.accounts.onboarding.service import NewAccount
from rapport.accounts.people.models import Person
from rapport.app import SECTIONS, create_app
from rapport.core.database.database import database_url
from rapport.core.database.upgrade import upgrade
from rapport.core.ids import new_id
from rapport.core.node import Node
from rapport.core.settings import Settings, load

PASSWORD = "correct horse battery"


def in_a_folder(folder: Path, **more: str) -> Settings:
    """Settings of an installation; the environments answer at their default host names."""
    environ = {"RAPPORT_DATA_FOLDER": str(folder), "RAPPORT_TELEMETRY_LOG_LEVEL": "error", **more}
    return load(SECTIONS, environ)


class Served(NamedTuple):
    """A running application: where it listens, and the node behind it."""

    url: str
    settings: Settings
    node: Node

    def stored(self) -> bytes:
        """Everything in the files of the database."""
        return b"".join(path.read_bytes() for path in self.settings.folder.glob("rapport.db*"))


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Served]:
    """Run the application on a free port."""
    await upgrade(database_url(settings))
    app: Any = create_app(settings)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 (uvicorn tells in no other way)
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    node: Node = _inside(app).state["node"]
    yield Served(f"http://127.0.0.1:{port}", settings, node)
    server.should_exit = True
    await task


def _inside(app: Any) -> Litestar:
    """Look behind the edge, for the node that the application runs on."""
    while not isinstance(app, Litestar):
        app = app._app
    return app


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """The application on a fresh database; each test brings its own companies."""
    async with serving(in_a_folder(tmp_path_factory.mktemp("accounts"))) as running:
        yield running


class Tenant(NamedTuple):
    """A company and how to reach it as its people and keys."""

    served: Served
    account: NewAccount

    @property
    def marker(self) -> str:
        """The company's marker: another in each test."""
        return self.account.company.marker

    @asynccontextmanager
    async def browser(
        self, email: str, password: str = PASSWORD
    ) -> AsyncIterator[httpx.AsyncClient]:
        """Sign somebody in; the client sends the session's cookie and token."""
        async with httpx.AsyncClient(base_url=self.served.url) as client:
            answer = await sign_in(client, self.marker, email, password)
            assert answer.status_code == 200, answer.text
            client.headers["x-csrf-token"] = answer.json()["csrf"]
            yield client

    async def set_password(self, stored: str) -> None:
        """Give everybody in the company a password they have chosen."""
        chosen = update(Person).where(Person.company_id == self.account.company.id)
        async with self.served.node.database.writing() as session:
            await session.execute(chosen.values(password=stored, must_change_password=False))

    async def invite(self, client: httpx.AsyncClient, name: str, role: str) -> dict[str, Any]:
        """Have the administrator invite somebody: the person as listed, with `password`."""
        people = [{"email": f"{name.lower()}@acme.test", "name": name, "role": role}]
        answer = await client.post("/console/v1/people", json={"people": people})
        assert answer.status_code == 201, answer.text
        invited = answer.json()["items"][0]
        return {**invited["person"], "password": invited["password"]}

    async def settle(self) -> None:
        """Have everybody who was invited choose the password that all have here."""
        await self.set_password(_cheap_hash())

    async def call(self, headers: dict[str, str] | None = None, **more: str) -> httpx.Response:
        """Make the documented first call: create a conversation."""
        body = {
            "externalId": "first",
            "timestamp": "2026-03-04T09:10:11Z",
            "customer": {"externalId": "cu-1"},
        }
        async with self.keyed(headers, **more) as client:
            return await client.post("/conversation/v1/conversations", json=body)

    def keyed(self, headers: dict[str, str] | None = None, **more: str) -> httpx.AsyncClient:
        """A client that calls the sandbox with the account's first key, or other headers."""
        key = self.account.sandbox.key
        given = headers or {"asapp-api-id": key.key.id, "asapp-api-secret": key.secret}
        return httpx.AsyncClient(
            base_url=self.served.url, headers={"host": "sandbox.localhost", **given, **more}
        )


async def sign_in(
    client: httpx.AsyncClient, organization: str, email: str, password: str
) -> httpx.Response:
    """Ask to sign in."""
    body = {"organization": organization, "email": email, "password": password}
    return await client.post("/accounts/v1/sign-in", json=body)


async def open_tenant(served: Served, name: str) -> Tenant:
    """Open an account whose people have chosen their passwords."""
    host = name.lower()
    marker = f"{host}-{new_id().lower()}"
    async with served.node.database.writing() as session:
        account = await accounts.create_company(
            session, marker, name, f"ada@{host}.test", f"dev@{host}.test"
        )
    tenant = Tenant(served, account)
    await tenant.settle()
    return tenant


@functools.cache
def _cheap_hash() -> str:
    """One hash for everybody, verified in little time: it carries its own parameters."""
    return PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)


@pytest_asyncio.fixture(loop_scope="module")
async def acme(served: Served) -> Tenant:
    """A company with an administrator (ada@) and a developer (dev@)."""
    return await open_tenant(served, "Acme")


@pytest_asyncio.fixture(loop_scope="module")
async def globex(served: Served) -> Tenant:
    """Another company of the same installation."""
    return await open_tenant(served, "Globex")


@pytest_asyncio.fixture(loop_scope="module")
async def ada(acme: Tenant) -> AsyncIterator[httpx.AsyncClient]:
    """Acme's administrator, signed in."""
    async with acme.browser("ada@acme.test") as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def dev(acme: Tenant) -> AsyncIterator[httpx.AsyncClient]:
    """Acme's developer, signed in."""
    async with acme.browser("dev@acme.test") as client:
        yield client
