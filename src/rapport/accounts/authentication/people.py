"""Who is signed in: the cookie, and for changes the token that only our own pages can know."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select, update

from rapport.accounts.authentication.keys import sends_key
from rapport.accounts.authentication.recent import Recent
from rapport.accounts.changes import when_person_changes
from rapport.accounts.people.models import Person
from rapport.accounts.settings import AccountsSettings
from rapport.accounts.sign_in.models import PersonSession
from rapport.accounts.sign_in.sessions import COOKIE, csrf_of, token_hash
from rapport.core import clock
from rapport.core.bus import Bus
from rapport.core.database import Database
from rapport.core.errors import Forbidden, Unauthenticated
from rapport.core.http.guards import Connection
from rapport.core.http.middleware import environment_of
from rapport.core.identity import PERMISSIONS, Caller, CallerKind, Environment, Role, Scope
from rapport.core.ids import CompanyId

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SEEN_EVERY = timedelta(minutes=1)
# What somebody with a one-time password may still do: see who they are, change it, leave.
_BEFORE_PASSWORD = "/accounts/v1/"  # noqa: S105 (a path)


def is_persons(connection: Connection) -> bool:
    """Whether a request shows a person's session and no key."""
    return COOKIE in connection.cookies and not sends_key(connection)


class CsrfTokenWrong(Forbidden):
    """A change without the session's `x-csrf-token`: it may come from another site's page."""

    code = "403-04"
    sentence = "Forbidden: changes need the header x-csrf-token of this session"


class PasswordChangeDue(Forbidden):
    """Signed in with a one-time password, which opens nothing else."""

    code = "403-05"
    sentence = "Forbidden: choose a password of your own first"


class _KnownSession(msgspec.Struct, frozen=True):
    callers: dict[Environment, Caller]
    person_id: str
    must_change_password: bool
    look_again_at: datetime


class PersonAuthenticator:
    """Proves that a request comes from a signed-in person; remembers sessions for a short while."""

    def __init__(self, database: Database, bus: Bus, settings: AccountsSettings) -> None:
        self._database = database
        self._idle = timedelta(minutes=settings.session_idle_minutes)
        self._known = Recent(
            self._load,
            keep_seconds=settings.remember_seconds,
            keep_unknown_seconds=settings.remember_unknown_seconds,
        )
        when_person_changes(bus, self._forget)

    async def __call__(self, connection: Connection) -> Caller:
        """Return the person who calls, in the environment of the request's host.

        Raises Unauthenticated, CsrfTokenWrong and PasswordChangeDue.
        """
        token = connection.cookies.get(COOKIE)
        known = await self._running(token_hash(token)) if token else None
        if token is None or known is None:
            raise Unauthenticated(problem="sign in first")
        scope: Any = connection.scope
        if scope["type"] == "http" and scope["method"] not in _SAFE:
            given = connection.headers.get("x-csrf-token", "")
            if not hmac.compare_digest(given.encode(), csrf_of(token).encode()):
                raise CsrfTokenWrong()
        if known.must_change_password and not scope["path"].startswith(_BEFORE_PASSWORD):
            raise PasswordChangeDue()
        caller = known.callers.get(environment_of(scope))
        if caller is None:
            raise Unauthenticated(problem="sign in to this environment first")
        return caller

    async def _running(self, hashed_token: str) -> _KnownSession | None:
        known = await self._known.get(hashed_token)
        if known is not None and clock.now() >= known.look_again_at:
            self._known.forget(hashed_token)
            return await self._known.get(hashed_token)
        return known

    async def _load(self, hashed_token: str) -> _KnownSession | None:
        query = (
            select(PersonSession, Person)
            .join(Person, Person.id == PersonSession.person_id)
            .where(PersonSession.token_hash == hashed_token, Person.enabled)
        )
        async with self._database.reading() as session:
            row = (await session.execute(query)).one_or_none()
        if row is None:
            return None
        signed_in, person = row
        now = clock.now()
        if now >= min(signed_in.expires_at, signed_in.seen_at + self._idle):
            return None
        if now - signed_in.seen_at >= _SEEN_EVERY:
            await self._note_use(hashed_token, now)
        return _KnownSession(
            callers={
                environment: _caller(person, environment)
                for environment in Environment
                if signed_in.environment in {None, environment}
            },
            person_id=person.id,
            must_change_password=person.must_change_password,
            look_again_at=min(signed_in.expires_at, now + _SEEN_EVERY),
        )

    async def _note_use(self, hashed_token: str, now: datetime) -> None:
        seen = update(PersonSession).where(PersonSession.token_hash == hashed_token)
        async with self._database.writing() as session:
            await session.execute(seen.values(seen_at=now))

    def _forget(self, person_id: str) -> None:
        self._known.forget_where(lambda known: known.person_id == person_id)


def _caller(person: Person, environment: Environment) -> Caller:
    role = Role(person.role)
    return Caller(
        kind=CallerKind.PERSON,
        id=person.id,
        scope=Scope(CompanyId(person.company_id), environment),
        name=person.name,
        external_id=person.id,
        role=role,
        permissions=PERMISSIONS[role],
    )
