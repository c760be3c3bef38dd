"""Promotion to production: a team asks, an administrator of the company decides (PLT-155)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.accounts.people.access import canonical
from rapport.accounts.people.passwords import hashed, one_time_password
from rapport.accounts.portal.access import Right, memberships, team_for
from rapport.accounts.portal.models import Promotion, Team
from rapport.accounts.portal.teams import NewTeam, create_team, developer_for
from rapport.core import clock
from rapport.core.database import Database, WriteSession
from rapport.core.errors import Conflict, NotFound
from rapport.core.identity import Caller, Environment, Permission
from rapport.core.ids import new_id

REQUESTED, APPROVED, DECLINED = "requested", "approved", "declined"


class AlreadyProduction(Conflict):
    """Only a sandbox team is promoted."""

    sentence = "Conflict: this team is in production"


class AlreadyRequested(Conflict):
    """The team's request waits to be decided."""

    sentence = "Conflict: this team's request waits for an administrator"


class AlreadyDecided(Conflict):
    """A request is decided once."""

    sentence = "Conflict: this request is {state} already"


class Approved(NamedTuple):
    """What an approval makes; the password when the portal admin was invited for it."""

    promotion: Promotion
    production: NewTeam
    password: str | None


async def promotions_of(session: AsyncSession, caller: Caller) -> Sequence[Promotion]:
    """Return the requests of the caller's teams; to administrators those of the company."""
    query = select(Promotion).where(Promotion.company_id == caller.scope.company_id)
    if not caller.may(Permission.MANAGE_PEOPLE):
        teams = [membership.team.id for membership in await memberships(session, caller)]
        query = query.where(Promotion.sandbox_team_id.in_(teams))
    return (await session.scalars(query.order_by(Promotion.id))).all()


async def request(
    session: WriteSession, caller: Caller, team_id: str, *, admin_email: str, admin_name: str
) -> Promotion:
    """Ask for production, naming who is to run it there.

    Raises AlreadyProduction and AlreadyRequested.
    """
    team = (await team_for(session, caller, team_id, Right.MANAGE_MEMBERS)).team
    if team.environment != Environment.SANDBOX:
        raise AlreadyProduction()
    waiting = select(Promotion.id).where(
        Promotion.sandbox_team_id == team.id, Promotion.state == REQUESTED
    )
    if await session.scalar(waiting) is not None:
        raise AlreadyRequested()
    promotion = Promotion(
        id=new_id(),
        company_id=team.company_id,
        sandbox_team_id=team.id,
        production_team_id=None,
        admin_email=canonical(admin_email),
        admin_name=admin_name,
        state=REQUESTED,
        requested_by=caller.name,
        decided_by=None,
        created_at=clock.now(),
        decided_at=None,
    )
    session.add(promotion)
    await session.flush()
    record(session, caller, AuditEvent.CREATE, _resource(promotion))
    return promotion


async def approve(database: Database, caller: Caller, promotion_id: str) -> Approved:
    """Make the production team, its app and first key, with the named person as its owner.

    Raises AlreadyDecided, and NoPortalAccess when that person has another role.
    """
    password = one_time_password()
    password_hash = await hashed(password)
    async with database.writing() as session:
        promotion = await _decide(session, caller, promotion_id, APPROVED)
        sandbox = await session.get_one(Team, promotion.sandbox_team_id)
        owner, is_new = await developer_for(
            session, caller, promotion.admin_email, promotion.admin_name, password_hash
        )
        production = await create_team(
            session,
            caller,
            environment=Environment.PRODUCTION,
            name=_production_name(sandbox.name),
            owner=owner,
        )
        promotion.production_team_id = production.team.id
    return Approved(promotion, production, password if is_new else None)


async def decline(session: WriteSession, caller: Caller, promotion_id: str) -> Promotion:
    """Turn a request down; the team may ask again. Raises AlreadyDecided."""
    return await _decide(session, caller, promotion_id, DECLINED)


async def _decide(
    session: WriteSession, caller: Caller, promotion_id: str, state: str
) -> Promotion:
    promotion = await session.get(Promotion, promotion_id)
    if promotion is None or promotion.company_id != caller.scope.company_id:
        raise NotFound(what="promotion")
    if promotion.state != REQUESTED:
        raise AlreadyDecided(state=promotion.state)
    promotion.state = state
    promotion.decided_by = caller.name
    promotion.decided_at = clock.now()
    record(session, caller, AuditEvent.UPDATE, _resource(promotion))
    return promotion


def _production_name(sandbox: str) -> str:
    return f"{sandbox.removesuffix(' sandbox')} production"


def _resource(promotion: Promotion) -> Resource:
    return Resource("promotion", promotion.admin_email, promotion.id)
