"""From whom a provider names to a signed-in person: known, recognised, created, or refused."""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.accounts.fields import EMAIL
from rapport.accounts.people import service as people
from rapport.accounts.people.access import canonical, person_by_email
from rapport.accounts.people.models import Person
from rapport.accounts.people.passwords import NO_PASSWORD
from rapport.accounts.people.service import Newcomer
from rapport.accounts.settings import AccountsSettings
from rapport.accounts.sign_in import attempts
from rapport.accounts.sign_in.sessions import open_session
from rapport.accounts.single_sign_on.connections import Ready, fingerprint, source_of
from rapport.accounts.single_sign_on.models import Connection, ExternalIdentity
from rapport.accounts.single_sign_on.problems import Problem, SingleSignOnRefused
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.identity import Caller, CallerKind, Role

_LONGEST_USER_ID = 255
_LONGEST_NAME = 200
_LONGEST_EMAIL = 254
# A domain that can never receive mail: for people of whom the provider tells no address.
_NOWHERE = "sso.invalid"


class Identity(msgspec.Struct, frozen=True):
    """Whom a provider names. `email_is_disputed`: the provider itself does not vouch for it."""

    user_id: str
    email: str | None = None
    name: str | None = None
    email_is_disputed: bool = False


class Arrived(NamedTuple):
    """Who has signed in, and the token of the session."""

    person: Person
    token: str


async def arrive(
    session: WriteSession, settings: AccountsSettings, ready: Ready, identity: Identity
) -> Arrived:
    """Sign in whom a provider names: the same person for the same user id, for ever (CMP-248).

    Who comes for the first time is recognised by e-mail, or created, as the connection says
    (PLT-198). The session opens the connection's environment only. Raises SingleSignOnRefused, and
    EmailTaken or IntegrityError for who comes in twice at the same moment; the caller's transaction
    then has to change nothing.
    """
    identity = _kept(identity)
    person = await _known(session, ready.connection, identity)
    if person is None:
        person = await _invited(session, ready.connection, identity)
        if person is None:
            person = await _created(session, ready, identity)
        session.add(_link(ready.connection, identity, person))
    await _check(session, ready, person)
    if person.must_change_password:
        # Whom the provider knows needs no one-time password: it would lie about, unused.
        person.password = NO_PASSWORD
        person.must_change_password = False
    await session.flush()
    record(session, _signed_in(ready, person), AuditEvent.SIGN_IN, _resource(person))
    environment = ready.connection.scope.environment
    token = await open_session(session, person.id, settings, environment)
    return Arrived(person, token)


async def _known(
    session: AsyncSession, connection: Connection, identity: Identity
) -> Person | None:
    query = (
        select(Person)
        .join(ExternalIdentity, ExternalIdentity.person_id == Person.id)
        .where(ExternalIdentity.id_hash == _id_hash(connection, identity))
    )
    return await session.scalar(query)


async def _invited(
    session: AsyncSession, connection: Connection, identity: Identity
) -> Person | None:
    """Return who has this e-mail address here already, when it proves that they are the same."""
    if identity.email is None:
        return None
    person = await person_by_email(session, connection.company_id, identity.email)
    if person is None:
        return None
    if not connection.links_by_email or identity.email_is_disputed:
        raise SingleSignOnRefused(Problem.TAKEN, "the e-mail address proves nothing here")
    query = select(ExternalIdentity.id_hash).where(
        ExternalIdentity.person_id == person.id,
        ExternalIdentity.source_hash == source_of(connection),
    )
    if await session.scalar(query) is not None:
        # An address that was given to somebody new must not open what its last owner had.
        raise SingleSignOnRefused(Problem.TAKEN, "the person has another user id")
    return person


async def _created(session: WriteSession, ready: Ready, identity: Identity) -> Person:
    connection = ready.connection
    if not connection.creates_people:
        raise SingleSignOnRefused(Problem.UNKNOWN_PERSON)
    email = identity.email or f"{_id_hash(connection, identity)[:20]}@{_NOWHERE}"
    name = identity.name or identity.email or identity.user_id
    newcomer = Newcomer(email, name[:_LONGEST_NAME], Role(connection.default_role))
    person = await people.add(
        session, connection.company_id, newcomer, NO_PASSWORD, must_change_password=False
    )
    record(session, _provider(ready), AuditEvent.CREATE, _resource(person))
    return person


async def _check(session: AsyncSession, ready: Ready, person: Person) -> None:
    """Refuse whom an administrator has shut out, and whom failed passwords have locked (PLT-204)."""
    if not person.enabled:
        raise SingleSignOnRefused(Problem.DISABLED)
    subject = attempts.subject_of(ready.company.marker, person.email)
    if await attempts.locked_subjects(session, [subject]):
        raise SingleSignOnRefused(Problem.LOCKED)


def _kept(identity: Identity) -> Identity:
    """Return what of an identity can be kept. Raises SingleSignOnRefused for no user id."""
    user_id = identity.user_id.strip()
    if not user_id.isprintable() or not 0 < len(user_id) <= _LONGEST_USER_ID:
        raise SingleSignOnRefused(Problem.NO_USER_ID, "the user id cannot be kept")
    email = canonical(identity.email or "")
    fits = len(email) <= _LONGEST_EMAIL and email.isprintable() and re.match(EMAIL, email)
    shown = (letter if letter.isprintable() else " " for letter in identity.name or "")
    name = " ".join("".join(shown).split())
    return msgspec.structs.replace(
        identity, user_id=user_id, email=email if fits else None, name=name or None
    )


def _id_hash(connection: Connection, identity: Identity) -> str:
    return fingerprint(source_of(connection), identity.user_id)


def _link(connection: Connection, identity: Identity, person: Person) -> ExternalIdentity:
    return ExternalIdentity(
        id_hash=_id_hash(connection, identity),
        source_hash=source_of(connection),
        person_id=person.id,
        created_at=clock.now(),
    )


def _provider(ready: Ready) -> Caller:
    """Return who creates people that nobody has invited."""
    scope = ready.connection.scope
    return Caller(CallerKind.SYSTEM, "single_sign_on", scope, name="Single sign-on")


def _signed_in(ready: Ready, person: Person) -> Caller:
    return Caller(CallerKind.PERSON, person.id, ready.connection.scope, name=person.name)


def _resource(person: Person) -> Resource:
    return Resource("person", person.email, person.id)
