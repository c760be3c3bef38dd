"""What is done with teams: make them, and decide who is in them (PLT-147..151, PLT-154)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.accounts.people.access import person_by_email
from rapport.accounts.people.models import Person
from rapport.accounts.people.passwords import hashed, one_time_password
from rapport.accounts.people.service import Newcomer, invite_with
from rapport.accounts.portal import keys
from rapport.accounts.portal.access import Right, TeamRole, team_for
from rapport.accounts.portal.keys import NewKey
from rapport.accounts.portal.models import App, Member, Team
from rapport.core import clock
from rapport.core.database import Database, WriteSession
from rapport.core.errors import Conflict, NotFound
from rapport.core.identity import PERMISSIONS, Caller, Environment, Permission, Role
from rapport.core.ids import new_id


class LastOwner(Conflict):
    """A team always has somebody who controls it."""

    sentence = "Conflict: the team needs another owner first"


class AlreadyMember(Conflict):
    """The person is in the team."""

    sentence = "Conflict: this person is a member of the team already"


class NoPortalAccess(Conflict):
    """The person has a role that does not open the portal."""

    sentence = (
        "Conflict: this person's role does not open the portal; an administrator can change it"
    )


class NewTeam(NamedTuple):
    """A team as it begins: with one app, and that app's first key."""

    team: Team
    app: App
    key: NewKey


class TeamMember(NamedTuple):
    """Somebody in a team."""

    person: Person
    role: TeamRole


class AddedMember(NamedTuple):
    """Somebody added to a team; the one-time password when they were invited for it."""

    member: TeamMember
    password: str | None


async def create_team(
    session: WriteSession, caller: Caller, *, environment: Environment, name: str, owner: Person
) -> NewTeam:
    """Make a team with its owner, one app and the first key (PLT-148, PLT-151, PLT-152)."""
    team = Team(
        id=new_id(),
        company_id=caller.scope.company_id,
        environment=environment,
        name=name,
        created_at=clock.now(),
    )
    session.add(team)
    await session.flush()
    session.add(Member(team_id=team.id, person_id=owner.id, role=TeamRole.OWNER))
    record(session, caller, AuditEvent.CREATE, Resource("team", team.name, team.id))
    app = await create_app(session, caller, team, name=f"{name} app")
    key = await keys.create(session, caller, app, team, name="First key")
    return NewTeam(team, app, key)


def rename_team(session: WriteSession, caller: Caller, team: Team, name: str) -> Team:
    """Give a team another name."""
    team.name = name
    record(session, caller, AuditEvent.UPDATE, Resource("team", team.name, team.id))
    return team


async def create_app(session: WriteSession, caller: Caller, team: Team, *, name: str) -> App:
    """Register an app: without one nobody gets a key (PLT-153)."""
    app = App(id=new_id(), team_id=team.id, name=name, created_at=clock.now())
    session.add(app)
    await session.flush()
    record(session, caller, AuditEvent.CREATE, Resource("app", app.name, app.id))
    return app


def rename_app(session: WriteSession, caller: Caller, app: App, name: str) -> App:
    """Give an app another name."""
    app.name = name
    record(session, caller, AuditEvent.UPDATE, Resource("app", app.name, app.id))
    return app


async def apps_of(session: AsyncSession, team_id: str) -> Sequence[App]:
    """Return a team's apps, oldest first."""
    return (await session.scalars(select(App).where(App.team_id == team_id).order_by(App.id))).all()


async def members_of(session: AsyncSession, team_id: str) -> Sequence[TeamMember]:
    """Return who is in a team."""
    rows = await session.execute(
        select(Person, Member.role)
        .join(Member, Member.person_id == Person.id)
        .where(Member.team_id == team_id)
        .order_by(Person.id)
    )
    return [TeamMember(person, TeamRole(role)) for person, role in rows]


async def add_member(
    database: Database, caller: Caller, team_id: str, *, email: str, name: str, role: TeamRole
) -> AddedMember:
    """Add somebody to a team; whoever is not in the company yet is invited as a developer.

    Raises AlreadyMember, and NoPortalAccess for people whose role does not open the portal.
    """
    password = one_time_password()
    password_hash = await hashed(password)
    async with database.writing() as session:
        team = (await team_for(session, caller, team_id, Right.MANAGE_MEMBERS)).team
        person, is_new = await developer_for(session, caller, email, name, password_hash)
        await _join(session, caller, team, person, role)
    return AddedMember(TeamMember(person, role), password if is_new else None)


async def developer_for(
    session: WriteSession, caller: Caller, email: str, name: str, password_hash: str
) -> tuple[Person, bool]:
    """Return who has an e-mail address, invited as a developer when nobody has, and whether so.

    Raises NoPortalAccess when they have a role that does not open the portal.
    """
    known = await person_by_email(session, caller.scope.company_id, email)
    if known is None:
        newcomer = Newcomer(email, name or email, Role.DEVELOPER)
        return await invite_with(session, caller, newcomer, password_hash), True
    if not PERMISSIONS[Role(known.role)] & {Permission.USE_PORTAL, Permission.MANAGE_PEOPLE}:
        raise NoPortalAccess()
    return known, False


async def change_member(
    session: WriteSession, caller: Caller, team: Team, person_id: str, role: TeamRole
) -> TeamMember:
    """Give a member another role. Raises LastOwner."""
    member, person = await _member(session, team, person_id)
    if role != member.role:
        await _refuse_last_owner(session, member)
        member.role = role
        record(session, caller, AuditEvent.UPDATE, _resource(team, person))
    return TeamMember(person, role)


async def remove_member(session: WriteSession, caller: Caller, team: Team, person_id: str) -> None:
    """Take somebody out of a team. Raises LastOwner."""
    member, person = await _member(session, team, person_id)
    await _refuse_last_owner(session, member)
    record(session, caller, AuditEvent.DELETE, _resource(team, person))
    await session.delete(member)


async def _join(
    session: WriteSession, caller: Caller, team: Team, person: Person, role: TeamRole
) -> None:
    if await session.get(Member, (team.id, person.id)) is not None:
        raise AlreadyMember()
    session.add(Member(team_id=team.id, person_id=person.id, role=role))
    record(session, caller, AuditEvent.CREATE, _resource(team, person))


async def _member(session: WriteSession, team: Team, person_id: str) -> tuple[Member, Person]:
    member = await session.get(Member, (team.id, person_id))
    person = await session.get(Person, person_id)
    if member is None or person is None:
        raise NotFound(what="member")
    return member, person


async def _refuse_last_owner(session: WriteSession, member: Member) -> None:
    if member.role != TeamRole.OWNER:
        return
    others = select(func.count()).where(
        Member.team_id == member.team_id,
        Member.role == TeamRole.OWNER,
        Member.person_id != member.person_id,
    )
    if await session.scalar(others) == 0:
        raise LastOwner()


def _resource(team: Team, person: Person) -> Resource:
    return Resource("team_member", f"{team.name}: {person.email}", person.id)
