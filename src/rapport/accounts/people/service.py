"""What administrators do with people (PLT-163, PLT-189, PLT-192, PLT-204).

Hashing a password takes tens of milliseconds, and a write session on SQLite holds the one right to
write. Use cases that need a new password therefore take the database and hash before they write.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.accounts.changes import Changed, announce
from rapport.accounts.companies.access import company_of
from rapport.accounts.fields import EMAIL
from rapport.accounts.people.access import (
    canonical,
    is_last_administrator,
    person_by_email,
    person_of,
)
from rapport.accounts.people.events import (
    PersonDisabled,
    PersonEnabled,
    PersonRemoved,
    PersonRoleChanged,
    PersonSlotsChanged,
    person_stream,
)
from rapport.accounts.people.models import Person
from rapport.accounts.people.passwords import hashed, one_time_password
from rapport.accounts.sign_in import attempts
from rapport.accounts.sign_in.sessions import end_sessions
from rapport.core import clock
from rapport.core.bus import Bus
from rapport.core.database import Database, WriteSession
from rapport.core.errors import Conflict, Invalid
from rapport.core.identity import Caller, Role, actor_of
from rapport.core.ids import new_id
from rapport.core.log import Event, Log


class EmailTaken(Conflict):
    """Somebody of the company has this e-mail address already."""

    sentence = "Conflict: somebody of this company has one of these e-mail addresses already"


class LastAdministrator(Conflict):
    """The company would be left with nobody to manage it."""

    sentence = "Conflict: the company needs another administrator first"


class OwnAccount(Conflict):
    """People do not disable or remove themselves."""

    sentence = "Conflict: another administrator has to do this to your own account"


class Newcomer(NamedTuple):
    """Somebody to be invited."""

    email: str
    name: str
    role: Role
    slots: int = 3


class Invited(NamedTuple):
    """Somebody who was invited, with the password to be told once."""

    person: Person
    password: str


class Tools(NamedTuple):
    """What a change of a person is written and told with."""

    session: WriteSession
    caller: Caller
    log: Log
    bus: Bus


async def add(
    session: WriteSession,
    company_id: str,
    newcomer: Newcomer,
    password_hash: str,
    *,
    must_change_password: bool = True,
) -> Person:
    """Add a person to a company. Raises Invalid for what is no e-mail address, and EmailTaken."""
    email = canonical(newcomer.email)
    if not re.match(EMAIL, email):
        raise Invalid(path="/email", problem="is no e-mail address")
    if await person_by_email(session, company_id, email) is not None:
        raise EmailTaken()
    person = Person(
        id=new_id(),
        company_id=company_id,
        email=email,
        name=newcomer.name,
        role=newcomer.role,
        slots=newcomer.slots,
        password=password_hash,
        must_change_password=must_change_password,
        enabled=True,
        created_at=clock.now(),
    )
    session.add(person)
    try:
        await session.flush()
    except IntegrityError:  # somebody else was quicker, on another node
        raise EmailTaken() from None
    return person


async def locks_of(
    session: AsyncSession, caller: Caller, people: Sequence[Person]
) -> dict[str, datetime]:
    """Return until when sign-in is locked, by the ids of those for whom it is."""
    marker = (await company_of(session, caller)).marker
    subjects = {attempts.subject_of(marker, person.email): person.id for person in people}
    locked = await attempts.locked_subjects(session, subjects)
    return {subjects[subject]: until for subject, until in locked.items()}


async def invite(
    database: Database, caller: Caller, newcomers: Sequence[Newcomer]
) -> list[Invited]:
    """Invite people, all of them or none (PLT-163, PLT-189). Raises EmailTaken."""
    passwords = [one_time_password() for _ in newcomers]
    hashes = await asyncio.gather(*(hashed(password) for password in passwords))
    async with database.writing() as session:
        people = [
            await invite_with(session, caller, newcomer, password_hash)
            for newcomer, password_hash in zip(newcomers, hashes, strict=True)
        ]
    return [Invited(*pair) for pair in zip(people, passwords, strict=True)]


async def invite_with(
    session: WriteSession, caller: Caller, newcomer: Newcomer, password_hash: str
) -> Person:
    """Add a person to the caller's company and write it down."""
    person = await add(session, caller.scope.company_id, newcomer, password_hash)
    record(session, caller, AuditEvent.CREATE, _resource(person))
    return person


async def change(
    tools: Tools,
    person_id: str,
    *,
    name: str | None = None,
    role: Role | None = None,
    slots: int | None = None,
) -> Person:
    """Change a person's name, role or slots; what is None stays. Raises LastAdministrator."""
    person = await person_of(tools.session, tools.caller, person_id)
    events: list[Event] = []
    if role is not None and role != person.role:
        if await is_last_administrator(tools.session, person):
            raise LastAdministrator()
        person.role = role
        events.append(PersonRoleChanged(role=role))
    if slots is not None and slots != person.slots:
        person.slots = slots
        events.append(PersonSlotsChanged(slots=slots))
    renamed = name is not None and name != person.name
    person.name = person.name if name is None else name
    if events or renamed:
        await _changed(tools, person, *events)
    return person


async def disable(tools: Tools, person_id: str) -> Person:
    """Shut a person out: sign-in is refused and every session ends at once (PLT-204)."""
    person = await _another(tools, person_id)
    if person.enabled:
        person.enabled = False
        await end_sessions(tools.session, tools.bus, person.id)
        await _changed(tools, person, PersonDisabled())
    return person


async def enable(tools: Tools, person_id: str) -> Person:
    """Let a disabled person sign in again."""
    person = await person_of(tools.session, tools.caller, person_id)
    if not person.enabled:
        person.enabled = True
        await _changed(tools, person, PersonEnabled())
    return person


async def unlock(tools: Tools, person_id: str) -> Person:
    """Lift the lock that failed attempts brought about."""
    person = await person_of(tools.session, tools.caller, person_id)
    await _forget_attempts(tools.session, tools.caller, person)
    record(tools.session, tools.caller, AuditEvent.UPDATE, _resource(person))
    return person


async def reset_password(database: Database, bus: Bus, caller: Caller, person_id: str) -> Invited:
    """Give a person a one-time password again; their sessions end and a lock is lifted."""
    password = one_time_password()
    password_hash = await hashed(password)
    async with database.writing() as session:
        person = await person_of(session, caller, person_id)
        person.password = password_hash
        person.must_change_password = True
        await _forget_attempts(session, caller, person)
        await end_sessions(session, bus, person.id)
        record(session, caller, AuditEvent.UPDATE, Resource("password", person.email, person.id))
    return Invited(person, password)


async def remove(tools: Tools, person_id: str) -> None:
    """Remove a person for good (PLT-192); what they wrote keeps their name."""
    person = await _another(tools, person_id)
    await end_sessions(tools.session, tools.bus, person.id)
    stream = person_stream(person.company_id, person.id)
    await tools.log.append(tools.session, stream, PersonRemoved(), actor=actor_of(tools.caller))
    record(tools.session, tools.caller, AuditEvent.DELETE, _resource(person))
    await tools.session.delete(person)


async def _another(tools: Tools, person_id: str) -> Person:
    """Return a person that the caller may shut out."""
    person = await person_of(tools.session, tools.caller, person_id)
    if person.id == tools.caller.id:
        raise OwnAccount()
    if await is_last_administrator(tools.session, person):
        raise LastAdministrator()
    return person


async def _changed(tools: Tools, person: Person, *events: Event) -> None:
    announce(tools.session, tools.bus, Changed.PERSON, person.id)
    record(tools.session, tools.caller, AuditEvent.UPDATE, _resource(person))
    if events:
        stream = person_stream(person.company_id, person.id)
        await tools.log.append(tools.session, stream, *events, actor=actor_of(tools.caller))


async def _forget_attempts(session: WriteSession, caller: Caller, person: Person) -> None:
    company = await company_of(session, caller)
    await attempts.clear(session, attempts.subject_of(company.marker, person.email))


def _resource(person: Person) -> Resource:
    return Resource("person", person.email, person.id)
