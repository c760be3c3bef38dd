"""Greetings: an agent's own, and what the console sets for all."""

from __future__ import annotations

from litestar import Controller, get, patch, put
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody

from rapport.compose.access import WRITERS, agent_of
from rapport.compose.greetings import service
from rapport.compose.greetings.policy import Texts
from rapport.compose.greetings.schemas import (
    AutopilotGreetings,
    AutopilotGreetingsStatus,
    GreetingPolicyChange,
    GreetingPolicyView,
    greetings_view,
    policy_view,
)
from rapport.compose.greetings.service import Tools
from rapport.compose.switches.routes import AskedFor
from rapport.conversations.redaction import Redaction
from rapport.core.bus import Bus
from rapport.core.database import ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission
from rapport.core.log import Log


def provide_agent(caller: NamedDependency[Caller], agent_id: AskedFor = None) -> str:
    """Return the external id of the agent a request is about."""
    return agent_of(caller, agent_id)


class GreetingsController(Controller):
    """An agent's own greetings."""

    path = "/autocompose/v1/autopilot/greetings"
    guards = (WRITERS,)
    tags = ("AutoCompose",)
    dependencies = {"agent": Provide(provide_agent, sync_to_thread=False)}  # noqa: RUF012

    @get(operation_id="getAutopilotGreetings", responses=refusals())
    async def show(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        agent: NamedDependency[str],
    ) -> AutopilotGreetings:
        """Show an agent's greetings; the company's where it has none of its own."""
        return greetings_view(await service.greetings(reading, caller.scope, agent))

    @put(operation_id="updateAutopilotGreetings", responses=refusals())
    async def change(
        self,
        data: JSONBody[AutopilotGreetings],
        session: NamedDependency[WriteSession],
        redaction: NamedDependency[Redaction],
        caller: NamedDependency[Caller],
        agent: NamedDependency[str],
    ) -> AutopilotGreetings:
        """Replace an agent's greetings; an empty one leaves the company's in place."""
        wanted = Texts(data.greeting_generic, data.greeting_customer_name)
        kept = await service.set_texts(session, redaction, caller.scope, agent, wanted)
        return greetings_view(kept)

    @get("/status", operation_id="getAutopilotGreetingsStatus", responses=refusals())
    async def show_status(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        agent: NamedDependency[str],
    ) -> AutopilotGreetingsStatus:
        """Tell whether greetings are on for an agent."""
        return AutopilotGreetingsStatus(await service.is_enabled(reading, caller.scope, agent))

    @put("/status", operation_id="updateAutopilotGreetingsStatus", responses=refusals())
    async def change_status(
        self,
        data: JSONBody[AutopilotGreetingsStatus],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
        agent: NamedDependency[str],
    ) -> AutopilotGreetingsStatus:
        """Switch greetings on or off for an agent."""
        on = await service.enable(session, caller.scope, agent, on=data.enabled)
        return AutopilotGreetingsStatus(on)


class GreetingPolicyController(Controller):
    """What the company has decided about greetings, in the environment of the address in use."""

    path = "/console/v1/compose/greetings"
    guards = (requires(Permission.MANAGE_RESPONSES),)
    tags = ("Console",)

    @get(operation_id="getGreetingPolicy", responses=refusals())
    async def show(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> GreetingPolicyView:
        """Show what holds for all agents."""
        return policy_view(await service.policy(reading, caller.scope))

    @patch(operation_id="changeGreetingPolicy", responses=refusals())
    async def change(
        self,
        data: JSONBody[GreetingPolicyChange],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        bus: NamedDependency[Bus],
        redaction: NamedDependency[Redaction],
        caller: NamedDependency[Caller],
    ) -> GreetingPolicyView:
        """Change what holds for all agents, from the next conversation on."""
        tools = Tools(log, bus, redaction)
        changed = await service.change_policy(session, tools, caller, data.wanted())
        return policy_view(changed)
