"""Opening an account: a company with its first people, team, app and key (PLT-154, PLT-158)."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.accounts.companies import service as companies
from rapport.accounts.companies.models import Company
from rapport.accounts.people import service as people
from rapport.accounts.people.access import canonical
from rapport.accounts.people.models import Person
from rapport.accounts.people.passwords import hashed, one_time_password
from rapport.accounts.people.service import Newcomer
from rapport.accounts.portal.access import TeamRole
from rapport.accounts.portal.models import Member
from rapport.accounts.portal.teams import NewTeam, create_team
from rapport.core.database import WriteSession
from rapport.core.identity import Caller, CallerKind, Environment, Role, Scope
from rapport.core.ids import CompanyId


class FirstPerson(NamedTuple):
    """Somebody the account begins with, and the password to be told once."""

    person: Person
    password: str


class NewAccount(NamedTuple):
    """All that a new account begins with; nobody can show its passwords and secret again."""

    company: Company
    admin: FirstPerson
    developer: FirstPerson  # the admin again when both have one e-mail address
    sandbox: NewTeam


def operator(company_id: str, environment: Environment = Environment.SANDBOX) -> Caller:
    """Return whoever runs this installation, acting for a company at the command line."""
    scope = Scope(CompanyId(company_id), environment)
    return Caller(kind=CallerKind.SYSTEM, id="operator", scope=scope, name="Operator")


async def create_company(
    session: WriteSession, marker: str, name: str, admin_email: str, developer_email: str
) -> NewAccount:
    """Open an account (PLT-158): the administrator invites, the developer owns the portal.

    It begins with a sandbox team, an app and a first key (PLT-151, PLT-152, PLT-154), of which the
    administrator is an owner too, so that the keys outlive the developer's stay. Raises Invalid and
    MarkerTaken.
    """
    company = await companies.create(session, marker=marker, name=name)
    caller = operator(company.id)
    record(session, caller, AuditEvent.CREATE, Resource("company", name, company.id))
    passwords = [one_time_password() for _ in range(2)]
    hashes = await asyncio.gather(*(hashed(password) for password in passwords))
    newcomer = Newcomer(admin_email, "Administrator", Role.ADMINISTRATOR)
    person = await people.invite_with(session, caller, newcomer, hashes[0])
    admin = developer = FirstPerson(person, passwords[0])
    if canonical(developer_email) != person.email:
        newcomer = Newcomer(developer_email, "Developer", Role.DEVELOPER)
        person = await people.invite_with(session, caller, newcomer, hashes[1])
        developer = FirstPerson(person, passwords[1])
    sandbox = await create_team(
        session,
        caller,
        environment=Environment.SANDBOX,
        name=f"{name} sandbox",
        owner=developer.person,
    )
    if developer is not admin:
        session.add(Member(team_id=sandbox.team.id, person_id=admin.person.id, role=TeamRole.OWNER))
    return NewAccount(company, admin, developer, sandbox)
