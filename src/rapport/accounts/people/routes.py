"""`/console/v1/people`: the people of a company, for its administrators."""

from __future__ import annotations

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody

from rapport.accounts.dependencies import provide_database
from rapport.accounts.fields import Limit
from rapport.accounts.people import service
from rapport.accounts.people.access import people_of, person_of
from rapport.accounts.people.schemas import (
    InvitationRequest,
    Invitations,
    PeoplePage,
    PersonChange,
    PersonDetails,
    PersonWithPassword,
    details,
    newcomer,
    with_password,
)
from rapport.accounts.people.service import Tools, locks_of
from rapport.core.bus import Bus
from rapport.core.database import Database, ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission, Role
from rapport.core.log import Log


async def provide_tools(
    session: NamedDependency[WriteSession],
    caller: NamedDependency[Caller],
    log: NamedDependency[Log],
    bus: NamedDependency[Bus],
) -> Tools:
    """Gather what a change of a person needs."""
    return Tools(session, caller, log, bus)


class PeopleController(Controller):
    """People and what administrators do with them."""

    path = "/console/v1/people"
    tags = ("People",)
    guards = (requires(Permission.MANAGE_PEOPLE),)
    dependencies = {  # noqa: RUF012
        "tools": Provide(provide_tools),
        "database": Provide(provide_database, sync_to_thread=False),
    }

    @get(responses=refusals(400, 401, 403))
    async def list_people(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        search: FromQuery[str | None] = None,
        role: FromQuery[Role | None] = None,
        limit: Limit = 100,
        cursor: FromQuery[str | None] = None,
    ) -> PeoplePage:
        """List the company's people; `search` looks into names and e-mail addresses."""
        people, following = await people_of(
            reading, caller, search=search, role=role, limit=limit, cursor=cursor
        )
        locks = await locks_of(reading, caller, people)
        return PeoplePage([details(p, locks.get(p.id)) for p in people], following)

    @post(responses=refusals(400, 401, 403, 409))
    async def invite(
        self,
        data: JSONBody[InvitationRequest],
        database: NamedDependency[Database],
        caller: NamedDependency[Caller],
    ) -> Invitations:
        """Invite people, all or none (PLT-163); each one-time password is shown only here."""
        invited = await service.invite(database, caller, [newcomer(one) for one in data.people])
        return Invitations([with_password(one) for one in invited])

    @get("/{person_id:str}", responses=refusals(401, 403, 404))
    async def show(
        self,
        person_id: FromPath[str],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
    ) -> PersonDetails:
        """Show one person."""
        person = await person_of(reading, caller, person_id)
        locks = await locks_of(reading, caller, [person])
        return details(person, locks.get(person.id))

    @patch("/{person_id:str}", responses=refusals(400, 401, 403, 404, 409))
    async def change(
        self,
        person_id: FromPath[str],
        data: JSONBody[PersonChange],
        tools: NamedDependency[Tools],
    ) -> PersonDetails:
        """Change a person's name, role or slots."""
        person = await service.change(
            tools, person_id, name=data.name, role=data.role, slots=data.slots
        )
        return details(person)

    @post("/{person_id:str}/disable", status_code=200, responses=refusals(401, 403, 404, 409))
    async def disable(
        self, person_id: FromPath[str], tools: NamedDependency[Tools]
    ) -> PersonDetails:
        """Shut a person out at once (PLT-204)."""
        return details(await service.disable(tools, person_id))

    @post("/{person_id:str}/enable", status_code=200, responses=refusals(401, 403, 404))
    async def enable(
        self, person_id: FromPath[str], tools: NamedDependency[Tools]
    ) -> PersonDetails:
        """Let a disabled person sign in again."""
        return details(await service.enable(tools, person_id))

    @post("/{person_id:str}/unlock", status_code=200, responses=refusals(401, 403, 404))
    async def unlock(
        self, person_id: FromPath[str], tools: NamedDependency[Tools]
    ) -> PersonDetails:
        """Lift the lock that failed attempts brought about."""
        return details(await service.unlock(tools, person_id))

    @post("/{person_id:str}/reset-password", status_code=200, responses=refusals(401, 403, 404))
    async def reset_password(
        self,
        person_id: FromPath[str],
        database: NamedDependency[Database],
        bus: NamedDependency[Bus],
        caller: NamedDependency[Caller],
    ) -> PersonWithPassword:
        """Give a person a one-time password again, shown only here; their sessions end."""
        return with_password(await service.reset_password(database, bus, caller, person_id))

    @delete("/{person_id:str}", responses=refusals(401, 403, 404, 409))
    async def remove(self, person_id: FromPath[str], tools: NamedDependency[Tools]) -> None:
        """Remove a person for good (PLT-192)."""
        await service.remove(tools, person_id)


controllers = [PeopleController]
