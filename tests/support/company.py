"""Companies for tests: with keys and people, and clients that act as them."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
from argon2 import PasswordHasher

from rapport.accounts.onboarding.service import create_company, operator
from rapport.accounts.people.models import Person
from rapport.accounts.people.service import Newcomer, invite_with
from rapport.accounts.portal.models import ApiKey
from rapport.core.database import Database
from rapport.core.identity import Environment, Role, Scope
from rapport.core.ids import CompanyId, new_id
from tests.support.live import LiveClient
from tests.support.server import Running

PASSWORD = "correct horse battery"


@functools.cache
def _password_hash() -> str:
    # One cheap hash for all: the cost of hashing is proved where sign-in is tested.
    return PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD)


class Someone(NamedTuple):
    """A person of a test company."""

    id: str
    name: str
    email: str
    role: Role


class TestCompany:
    """A company on a running server, and clients that act for it."""

    __test__ = False

    def __init__(
        self, server: Running, company_id: str, marker: str, headers: dict[str, str]
    ) -> None:
        self.server = server
        self.id = company_id
        self.marker = marker
        self.headers = headers
        self.people: dict[Role, Someone] = {}

    @property
    def scope(self) -> Scope:
        """The company's sandbox."""
        return Scope(CompanyId(self.id), Environment.SANDBOX)

    def database(self) -> Database:
        """Open the server's database a second time (close it)."""
        return Database(self.server.database_url)

    def raw_files(self) -> bytes:
        """Return the raw content of every file the server keeps."""
        folder = Path(self.server.settings.folder)
        return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())

    def api(self) -> httpx.AsyncClient:
        """Return a client with the sandbox key."""
        return httpx.AsyncClient(base_url=self.server.address, headers=self.headers, timeout=20)

    @asynccontextmanager
    async def signed_in(self, who: Role | Someone) -> AsyncIterator[httpx.AsyncClient]:
        """Return a client signed in as a person."""
        someone = self.people[who] if isinstance(who, Role) else who
        async with httpx.AsyncClient(base_url=self.server.address, timeout=20) as client:
            answer = await client.post(
                "/accounts/v1/sign-in",
                json={"organization": self.marker, "email": someone.email, "password": PASSWORD},
            )
            assert answer.status_code in {200, 201}, answer.text
            client.headers["x-csrf-token"] = answer.json()["csrf"]
            yield client

    @asynccontextmanager
    async def live(self, who: Role | Someone) -> AsyncIterator[LiveClient]:
        """Return a live connection of a person."""
        async with self.signed_in(who) as client:
            cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
            async with LiveClient.open(
                self.server.socket_address, headers={"Cookie": cookie}
            ) as live:
                yield live

    async def add_person(self, role: Role, *, slots: int = 3, name: str | None = None) -> Someone:
        """Add one more person."""
        database = self.database()
        email = f"{role}-{new_id().lower()}@{self.marker}.test"
        try:
            async with database.writing() as session:
                person = await invite_with(
                    session,
                    operator(CompanyId(self.id)),
                    Newcomer(email, name or f"{role.title()} Person", role, slots),
                    _password_hash(),
                )
                person.must_change_password = False
            return _someone(person)
        finally:
            await database.close()


def _someone(person: Person) -> Someone:
    return Someone(person.id, person.name, person.email, Role(person.role))


async def make_company(server: Running) -> TestCompany:
    """Create a company with a person of every role and a sandbox key that is not limited."""
    marker = f"t{new_id().lower()}"
    database = Database(server.database_url)
    try:
        async with database.writing() as session:
            account = await create_company(
                session, marker, "Acme", f"admin@{marker}.test", f"dev@{marker}.test"
            )
            people = [account.admin.person, account.developer.person]
            for role in (Role.AGENT, Role.SUPERVISOR):
                newcomer = Newcomer(f"{role}@{marker}.test", f"{role.title()} One", role)
                caller = operator(CompanyId(account.company.id))
                people.append(await invite_with(session, caller, newcomer, _password_hash()))
            for person in people:
                person.password = _password_hash()
                person.must_change_password = False
            key: ApiKey = account.sandbox.key.key
            key.rate_per_second = key.burst = 100_000
        headers = {"asapp-api-id": key.id, "asapp-api-secret": account.sandbox.key.secret}
        company = TestCompany(server, account.company.id, marker, headers)
        company.people = {Role(person.role): _someone(person) for person in people}
        return company
    finally:
        await database.close()
