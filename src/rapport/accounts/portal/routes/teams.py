"""Teams, their members and their apps."""

from __future__ import annotations

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from rapport.accounts.dependencies import provide_database
from rapport.accounts.portal import teams
from rapport.accounts.portal.access import Right, app_for, memberships, opens_portal, team_for
from rapport.accounts.portal.schemas import (
    AppDetails,
    Apps,
    MemberAdded,
    MemberChange,
    MemberDetails,
    MemberRequest,
    Members,
    NameChange,
    TeamDetails,
    Teams,
    app_details,
    member_added,
    member_details,
    team_details,
)
from rapport.core.database import Database, ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.identity import Caller


class TeamController(Controller):
    """Teams of the caller: everyone sees only their own (PLT-147)."""

    path = "/portal/v1"
    tags = ("Portal: teams",)
    guards = (opens_portal,)
    dependencies = {"database": Provide(provide_database, sync_to_thread=False)}  # noqa: RUF012

    @get("/teams", responses=refusals(401, 403))
    async def list_teams(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> Teams:
        """List the caller's teams and its role in each."""
        return Teams([team_details(one) for one in await memberships(reading, caller)])

    @patch("/teams/{team_id:str}", responses=refusals(400, 401, 403, 404))
    async def rename_team(
        self,
        team_id: FromPath[str],
        data: JSONBody[NameChange],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> TeamDetails:
        """Rename a team (owners)."""
        membership = await team_for(session, caller, team_id, Right.MANAGE_MEMBERS)
        teams.rename_team(session, caller, membership.team, data.name)
        return team_details(membership)

    @get("/teams/{team_id:str}/members", responses=refusals(401, 403, 404))
    async def list_members(
        self,
        team_id: FromPath[str],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
    ) -> Members:
        """List who is in a team."""
        team = (await team_for(reading, caller, team_id)).team
        return Members([member_details(one) for one in await teams.members_of(reading, team.id)])

    @post("/teams/{team_id:str}/members", responses=refusals(400, 401, 403, 404, 409))
    async def add_member(
        self,
        team_id: FromPath[str],
        data: JSONBody[MemberRequest],
        database: NamedDependency[Database],
        caller: NamedDependency[Caller],
    ) -> MemberAdded:
        """Add somebody to a team (owners, PLT-148)."""
        added = await teams.add_member(
            database, caller, team_id, email=data.email, name=data.name, role=data.role
        )
        return member_added(added)

    @patch(
        "/teams/{team_id:str}/members/{person_id:str}",
        responses=refusals(400, 401, 403, 404, 409),
    )
    async def change_member(
        self,
        team_id: FromPath[str],
        person_id: FromPath[str],
        data: JSONBody[MemberChange],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> MemberDetails:
        """Give a member another role (owners)."""
        team = (await team_for(session, caller, team_id, Right.MANAGE_MEMBERS)).team
        return member_details(
            await teams.change_member(session, caller, team, person_id, data.role)
        )

    @delete("/teams/{team_id:str}/members/{person_id:str}", responses=refusals(401, 403, 404, 409))
    async def remove_member(
        self,
        team_id: FromPath[str],
        person_id: FromPath[str],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> None:
        """Take somebody out of a team (owners)."""
        team = (await team_for(session, caller, team_id, Right.MANAGE_MEMBERS)).team
        await teams.remove_member(session, caller, team, person_id)

    @get("/teams/{team_id:str}/apps", responses=refusals(401, 403, 404))
    async def list_apps(
        self,
        team_id: FromPath[str],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
    ) -> Apps:
        """List a team's apps."""
        team = (await team_for(reading, caller, team_id)).team
        return Apps([app_details(app) for app in await teams.apps_of(reading, team.id)])

    @post("/teams/{team_id:str}/apps", responses=refusals(400, 401, 403, 404))
    async def create_app(
        self,
        team_id: FromPath[str],
        data: JSONBody[NameChange],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> AppDetails:
        """Register an app (owners, app admins)."""
        team = (await team_for(session, caller, team_id, Right.MANAGE_APPS)).team
        return app_details(await teams.create_app(session, caller, team, name=data.name))

    @patch("/apps/{app_id:str}", responses=refusals(400, 401, 403, 404))
    async def rename_app(
        self,
        app_id: FromPath[str],
        data: JSONBody[NameChange],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> AppDetails:
        """Rename an app (owners, app admins)."""
        app, _ = await app_for(session, caller, app_id, Right.MANAGE_APPS)
        return app_details(teams.rename_app(session, caller, app, data.name))
