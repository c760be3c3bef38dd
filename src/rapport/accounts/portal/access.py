"""The only way to load teams, apps and keys: for members, each by their role (PLT-147..150)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, StrEnum
from typing import NamedTuple

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.people.models import Person
from rapport.accounts.portal.models import ApiKey, App, Member, Team
from rapport.core.errors import Forbidden, NotFound
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Environment, Permission


class TeamRole(StrEnum):
    """What a member of a team is."""

    OWNER = "owner"
    APP_ADMIN = "app_admin"
    VIEWER = "viewer"


class Right(IntEnum):
    """What a member wants to do; each holds what stands above it."""

    READ = 1
    MANAGE_APPS = 2
    MANAGE_MEMBERS = 3


RIGHTS = {
    TeamRole.VIEWER: Right.READ,
    TeamRole.APP_ADMIN: Right.MANAGE_APPS,
    TeamRole.OWNER: Right.MANAGE_MEMBERS,
}


class Membership(NamedTuple):
    """A team, and what the caller is in it."""

    team: Team
    role: TeamRole


async def memberships(session: AsyncSession, caller: Caller) -> Sequence[Membership]:
    """Return the caller's teams, oldest first."""
    rows = await session.execute(_visible(caller).order_by(Team.id))
    return [Membership(team, _role(role)) for team, role in rows]


async def team_for(
    session: AsyncSession, caller: Caller, team_id: str, right: Right = Right.READ
) -> Membership:
    """Return one of the caller's teams. Raises NotFound for others' teams, Forbidden by role."""
    row = (await session.execute(_visible(caller).where(Team.id == team_id))).one_or_none()
    if row is None:
        raise NotFound(what="team")
    membership = Membership(row[0], _role(row[1]))
    if RIGHTS[membership.role] < right:
        raise Forbidden(problem=f"as {membership.role} of the team you may not do this")
    return membership


async def app_for(
    session: AsyncSession, caller: Caller, app_id: str, right: Right = Right.READ
) -> tuple[App, Team]:
    """Return an app of one of the caller's teams, and the team."""
    app = await session.get(App, app_id)
    if app is None:
        raise NotFound(what="app")
    try:
        membership = await team_for(session, caller, app.team_id, right)
    except NotFound:
        raise NotFound(what="app") from None
    return app, membership.team


async def key_for(
    session: AsyncSession, caller: Caller, key_id: str, right: Right = Right.READ
) -> ApiKey:
    """Return an API key of one of the caller's teams."""
    key = await session.get(ApiKey, key_id)
    if key is None:
        raise NotFound(what="key")
    try:
        await app_for(session, caller, key.app_id, right)
    except NotFound:
        raise NotFound(what="key") from None
    return key


async def key_of_installation(session: AsyncSession, key_id: str) -> ApiKey:
    """Return a key of any company, for the operator. Raises NotFound."""
    key = await session.get(ApiKey, key_id)
    if key is None:
        raise NotFound(what="key")
    return key


async def keys_of_company(
    session: AsyncSession, company_id: str, environment: Environment | None = None
) -> Sequence[ApiKey]:
    """Return a company's keys, oldest first, for the operator."""
    query = select(ApiKey).where(ApiKey.company_id == company_id)
    if environment is not None:
        query = query.where(ApiKey.environment == environment)
    return (await session.scalars(query.order_by(ApiKey.id))).all()


async def app_of_company(
    session: AsyncSession, company_id: str, environment: Environment, app_id: str | None
) -> tuple[App, Team]:
    """Return an app of a company, else its environment's first one, for the operator."""
    query = (
        select(App, Team)
        .join(Team, Team.id == App.team_id)
        .where(Team.company_id == company_id, Team.environment == environment)
        .order_by(App.id)
    )
    if app_id is not None:
        query = query.where(App.id == app_id)
    row = (await session.execute(query.limit(1))).one_or_none()
    if row is None:
        raise NotFound(what=f"app in {environment}")
    return row[0], row[1]


def _visible(caller: Caller) -> Select[Team, str | None]:
    """Select the caller's teams with its role in each.

    A team whose last owner has left the company belongs to the administrators until it has one
    again; otherwise nobody could ever revoke its keys. Their role there is None in the row.
    """
    mine = (Member.team_id == Team.id) & (Member.person_id == caller.id)
    query = (
        select(Team, Member.role)
        .outerjoin(Member, mine)
        .where(Team.company_id == caller.scope.company_id)
    )
    if not caller.may(Permission.MANAGE_PEOPLE):
        return query.where(Member.role.is_not(None))
    owners = (
        select(Member.person_id)
        .join(Person, Person.id == Member.person_id)
        .where(Member.team_id == Team.id, Member.role == TeamRole.OWNER, Person.enabled)
    )
    return query.where(or_(Member.role.is_not(None), ~exists(owners)))


def _role(found: str | None) -> TeamRole:
    return TeamRole.OWNER if found is None else TeamRole(found)


# Administrators come in as well: they may be members, and they decide about production.
opens_portal = requires(Permission.USE_PORTAL, Permission.MANAGE_PEOPLE)
