"""Client settings: for the clients that follow them, and for the console that sets them."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, delete, get, patch, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from rapport.compose.access import WRITERS, agent_of
from rapport.compose.fluency import Fluency
from rapport.compose.switches import service
from rapport.compose.switches.board import SwitchBoard
from rapport.compose.switches.schemas import (
    ClientSettings,
    DefaultsChange,
    DefaultsView,
    Exceptions,
    ExceptionView,
    OwnSwitches,
    defaults_view,
    exception_view,
    settings_view,
)
from rapport.core.bus import Bus
from rapport.core.database import ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission
from rapport.core.log import Log

AgentKey = Annotated[str, QueryParameter(query="agentId", min_length=1, max_length=255)]
AskedFor = Annotated[str | None, QueryParameter(query="agentId", max_length=255)]


class ClientSettingsController(Controller):
    """What a client leaves out."""

    path = "/autocompose/v1/settings"
    guards = (WRITERS,)
    tags = ("AutoCompose",)

    @get(operation_id="getSettings", responses=refusals())
    async def show(
        self,
        switches: NamedDependency[SwitchBoard],
        fluency: NamedDependency[Fluency],
        caller: NamedDependency[Caller],
        agent_id: AskedFor = None,
    ) -> ClientSettings:
        """Tell what an agent's clients switch off."""
        agent = agent_of(caller, agent_id)
        # Who asks is about to type: the first word is not to wait for the dictionaries.
        fluency.prepare()
        return settings_view(await switches.switches_of(caller.scope, agent))


class SwitchesController(Controller):
    """Which help the company's agents get, in the environment of the address in use."""

    path = "/console/v1/compose/switches"
    guards = (requires(Permission.MANAGE_RESPONSES),)
    tags = ("Console",)

    @get(operation_id="getSwitches", responses=refusals())
    async def show(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> DefaultsView:
        """Show what holds for all agents."""
        return defaults_view(await service.defaults(reading, caller.scope))

    @patch(operation_id="changeSwitches", responses=refusals())
    async def change(
        self,
        data: JSONBody[DefaultsChange],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        bus: NamedDependency[Bus],
        caller: NamedDependency[Caller],
    ) -> DefaultsView:
        """Change what holds for all agents."""
        changed = await service.change_defaults(
            session, log, bus, caller, data.wanted(), data.control_share
        )
        return defaults_view(changed)

    @get("/agents", operation_id="listAgentSwitches", responses=refusals())
    async def list_exceptions(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> Exceptions:
        """List the agents for whom something differs."""
        found = await service.exceptions(reading, caller.scope)
        return Exceptions([exception_view(each) for each in found])

    @put("/agents", operation_id="setAgentSwitches", responses=refusals())
    async def set_exception(
        self,
        agent_id: AgentKey,
        data: JSONBody[OwnSwitches],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        bus: NamedDependency[Bus],
        caller: NamedDependency[Caller],
    ) -> ExceptionView:
        """Set what differs for one agent, known by its external id."""
        own = data.given()
        changed = await service.set_exception(session, log, bus, caller, agent_id, own)
        return exception_view(changed)

    @delete("/agents", operation_id="removeAgentSwitches", responses=refusals())
    async def remove_exception(
        self,
        agent_id: AgentKey,
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        bus: NamedDependency[Bus],
        caller: NamedDependency[Caller],
    ) -> None:
        """Leave an agent to what holds for all."""
        await service.remove_exception(session, log, bus, caller, agent_id)
