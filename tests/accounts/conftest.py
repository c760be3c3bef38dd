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
from litestar import Litestar, Request, get
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from sqlalchemy import update

from rapport import accounts
from rapport.accounts.authentication import KeyAuthenticator, PersonAuthenticator
from rapport.accounts.onboarding.service import NewAccount
from rapport.accounts.people.models import Person
from rapport.accounts.settings import AccountsSettings
from rapport.core.database import Base, ReadSession, WriteSession
from rapport.core.http.errors import HANDLERS
from rapport.core.http.guards import Authenticators, caller_of, requires_key
from rapport.core.http.middleware import Edge
from rapport.core.identity import Caller
from rapport.core.ids import new_id
from rapport.core.node import Node, open_node
from rapport.core.settings import DataSettings, ServerSettings, Settings, load
from rapport.core.telemetry.metrics import Metrics

SECTIONS = (ServerSettings, DataSettings, AccountsSettings)
PASSWORD = "correct horse battery"


class Served(NamedTuple):
    """A running application: where it listens, and the node behind it."""

    url: str
    settings: Settings
    node: Node

    def stored(self) -> bytes:
        """Everything in the files of the database."""
        return b"".join(path.read_bytes() for path in self.settings.folder.glob("rapport.db*"))


@get("/conversation/v1/probe", guards=[requires_key("conversation")])
async def conversation_probe(caller: NamedDependency[Caller]) -> dict[str, str]:
    """Answer whoever may call the product `conversation`."""
    return {"company": caller.scope.company_id, "environment": caller.scope.environment}


@get("/metadata-ingestion/v1/probe", guards=[requires_key("metadata-ingestion")])
async def opt_in_probe() -> dict[str, str]:
    """Answer whoever may call a product that is off until switched on."""
    return {}


def settings_in(folder: Path, **environ: str) -> Settings:
    """Settings of an embedded installation in a folder."""
    return load(SECTIONS, {"RAPPORT_DATA_FOLDER": str(folder), **environ})


async def _write(state: State) -> AsyncIterator[WriteSession]:
    async with state["node"].database.writing() as session:
        yield session


async def _read(state: State) -> AsyncIterator[ReadSession]:
    async with state["node"].database.reading() as session:
        yield session


def _caller(request: Request[Any, Any, Any]) -> Caller:
    return caller_of(request)


def _from_node(name: str) -> Provide:
    def provide(state: State) -> Any:
        return getattr(state["node"], name)

    return Provide(provide, sync_to_thread=False)


def application(node: Node) -> Edge:
    """Compose accounts and two probes on a node."""
    settings = node.settings[AccountsSettings]
    authenticators = Authenticators(
        key=KeyAuthenticator(node.database, node.bus, settings),
        person=PersonAuthenticator(node.database, node.bus, settings),
        customer=PersonAuthenticator(node.database, node.bus, settings),
        customer_token=None,  # type: ignore[arg-type]
    )
    app = Litestar(
        route_handlers=[*accounts.controllers, conversation_probe, opt_in_probe],
        dependencies={
            "session": Provide(_write),
            "reading": Provide(_read),
            "caller": Provide(_caller, sync_to_thread=False),
            **{name: _from_node(name) for name in ("log", "bus", "settings")},
        },
        exception_handlers=HANDLERS,
        state=State(
            {
                "node": node,
                "database": node.database,
                "limits": node.limits,
                "authenticators": authenticators,
            }
        ),
    )
    return Edge(app, node.settings[ServerSettings], Metrics())


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Served]:
    """Run the application on a free port."""
    async with open_node(settings) as node:
        async with node.database.gate(), node.database.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        config = uvicorn.Config(application(node), port=0, log_level="warning", ws="none")
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 (uvicorn tells in no other way)
            await asyncio.sleep(0.005)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Served(f"http://127.0.0.1:{port}", settings, node)
        server.should_exit = True
        await task


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """The application on a fresh database; each test brings its own companies."""
    async with serving(settings_in(tmp_path_factory.mktemp("accounts"))) as running:
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
