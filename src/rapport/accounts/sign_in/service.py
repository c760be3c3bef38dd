"""Signing in and out, and changing one's own password (PLT-160, PLT-235).

Looking at a password takes tens of milliseconds, and a write session on SQLite holds the one right
to write: these use cases take the database, write, look, and write again. A failed attempt is
committed although the caller is refused.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.accounts.companies.access import company_of
from rapport.accounts.companies.models import Company
from rapport.accounts.people.access import canonical, person_by_email, person_of
from rapport.accounts.people.models import Person
from rapport.accounts.people.passwords import NO_PASSWORD, hashed, matches
from rapport.accounts.settings import AccountsSettings
from rapport.accounts.sign_in import attempts
from rapport.accounts.sign_in.sessions import csrf_of, end_sessions, open_session
from rapport.core.bus import Bus
from rapport.core.database import Database
from rapport.core.errors import Conflict, Forbidden, Invalid, Unauthenticated
from rapport.core.identity import Caller

_WRONG = "the organization, e-mail or password is wrong"


class AccountDisabled(Forbidden):
    """The password is right and the person shut out (PLT-204). Told to nobody who guesses."""

    code = "403-03"
    sentence = "Forbidden: this account is disabled"


class NoPassword(Conflict):
    """The person signs in through an identity provider, and has no password here to change."""

    code = "409-04"
    sentence = "Conflict: your identity provider keeps your password"


class SignedIn(NamedTuple):
    """Who signed in, and the tokens of the new session."""

    person: Person
    company: Company
    token: str
    csrf: str


async def sign_in(
    database: Database, settings: AccountsSettings, *, organization: str, email: str, password: str
) -> SignedIn:
    """Open a session for whoever has this organization, e-mail and password.

    Whatever of the three is wrong, the answer and the time it takes are the same. Raises
    Unauthenticated, SignInLocked, and AccountDisabled to those who know the password.
    """
    marker = organization.strip().lower()
    subject = attempts.subject_of(marker, canonical(email))
    async with database.writing() as session:
        await attempts.begin(session, subject, settings)
        found = await _find(session, marker, email)
    if not await matches(found and found[1].password, password) or found is None:
        raise Unauthenticated(problem=_WRONG)
    company, known = found
    async with database.writing() as session:
        # Read again: an administrator may have been quicker than the hash.
        person = await session.get(Person, known.id)
        if person is None or person.password != known.password:
            raise Unauthenticated(problem=_WRONG)
        await attempts.clear(session, subject)
        token = await open_session(session, person.id, settings) if person.enabled else None
    if token is None:
        raise AccountDisabled()
    return SignedIn(person, company, token, csrf_of(token))


async def identify(session: AsyncSession, caller: Caller) -> tuple[Person, Company]:
    """Return the signed-in person and its company."""
    return await person_of(session, caller, caller.id), await company_of(session, caller)


async def change_password(
    database: Database,
    bus: Bus,
    settings: AccountsSettings,
    caller: Caller,
    *,
    current: str,
    new: str,
    token: str,
) -> None:
    """Change the caller's own password; every other session of theirs ends.

    Guessing the current one is counted like guessing at sign-in. Raises Unauthenticated when it is
    wrong, SignInLocked, NoPassword, and Invalid when the new one is too short or the same.
    """
    _check_new(current, new, settings)
    async with database.writing() as session:
        person, company = await identify(session, caller)
        if person.password == NO_PASSWORD:
            raise NoPassword()
        subject = attempts.subject_of(company.marker, person.email)
        await attempts.begin(session, subject, settings)
    if not await matches(person.password, current):
        raise Unauthenticated(problem="the current password is wrong")
    password_hash = await hashed(new)
    async with database.writing() as session:
        await attempts.clear(session, subject)
        person, _ = await identify(session, caller)
        person.password = password_hash
        person.must_change_password = False
        await end_sessions(session, bus, person.id, except_token=token)
        record(session, caller, AuditEvent.UPDATE, Resource("password", person.email, person.id))


async def _find(session: AsyncSession, marker: str, email: str) -> tuple[Company, Person] | None:
    company = await session.scalar(select(Company).where(Company.marker == marker))
    person = await person_by_email(session, company.id, email) if company else None
    return (company, person) if company and person else None


def _check_new(current: str, new: str, settings: AccountsSettings) -> None:
    if len(new) < settings.password_length:
        problem = f"must have at least {settings.password_length} characters"
        raise Invalid(path="/new", problem=problem)
    if new == current:
        raise Invalid(path="/new", problem="must differ from the current password")
