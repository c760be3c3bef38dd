"""`/console/v1/redaction-…`: what administrators switch, write, try and deploy (PLT-121..124)."""

from __future__ import annotations

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from rapport.configuration.redaction import access, entities, rules
from rapport.configuration.redaction.schemas import (
    ConsoleEntities,
    ConsoleEntity,
    Deployment,
    DeploymentRequest,
    Deployments,
    Limit,
    Match,
    RedactionEntityUpdate,
    RuleChange,
    RuleDetails,
    RuleDraft,
    Rules,
    RuleTest,
    RuleTestResult,
    console_view,
    deployment_view,
    rule_details,
)
from rapport.core.bus import Bus
from rapport.core.database import ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Environment, Permission
from rapport.core.log import Log
from rapport.engines.redaction import CATALOGUE


class ConsoleEntitiesController(Controller):
    """Entities for people, in the environment of the address they use."""

    path = "/console/v1/redaction/entities"
    tags = ("Redaction",)
    guards = (requires(Permission.MANAGE_CONFIGURATION),)

    @get(responses=refusals(401, 403))
    async def list_entities(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> ConsoleEntities:
        """List the catalogue with its policies."""
        page = await entities.page(reading, caller.scope, cursor=None, limit=len(CATALOGUE))
        return ConsoleEntities([console_view(item) for item in page.items])

    @patch("/{entity_id:str}", responses=refusals(400, 401, 403, 404))
    async def change(
        self,
        entity_id: FromPath[str],
        data: JSONBody[RedactionEntityUpdate],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        bus: NamedDependency[Bus],
        caller: NamedDependency[Caller],
    ) -> ConsoleEntity:
        """Change policies of an entity."""
        wanted = data.policies.wanted()
        return console_view(await entities.switch(session, log, bus, caller, entity_id, wanted))


class RulesController(Controller):
    """The company's own rules."""

    path = "/console/v1/redaction/rules"
    tags = ("Redaction",)
    guards = (requires(Permission.MANAGE_CONFIGURATION),)

    @get(responses=refusals(401, 403))
    async def list_rules(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> Rules:
        """List the draft in its order, and where each rule works (PLT-121)."""
        at_work = await rules.at_work(reading, caller)
        draft = await access.rules_of(reading, caller)
        return Rules([rule_details(rule, at_work) for rule in draft])

    @post(responses=refusals(400, 401, 403, 409))
    async def add(
        self,
        data: JSONBody[RuleDraft],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> RuleDetails:
        """Add a rule to the draft (PLT-122)."""
        rule = await rules.add(session, caller, name=data.name, pattern=data.pattern)
        return rule_details(rule, await rules.at_work(session, caller))

    @patch("/{rule_id:str}", responses=refusals(400, 401, 403, 404, 409))
    async def change(
        self,
        rule_id: FromPath[str],
        data: JSONBody[RuleChange],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> RuleDetails:
        """Change a rule of the draft."""
        rule = await rules.change(
            session,
            caller,
            rule_id,
            name=data.name,
            pattern=data.pattern,
            position=data.position,
        )
        return rule_details(rule, await rules.at_work(session, caller))

    @delete("/{rule_id:str}", responses=refusals(401, 403, 404))
    async def remove(
        self,
        rule_id: FromPath[str],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> None:
        """Take a rule out of the draft."""
        await rules.remove(session, caller, rule_id)

    @post("/test", status_code=200, responses=refusals(400, 401, 403))
    async def test(self, data: JSONBody[RuleTest]) -> RuleTestResult:
        """Try a pattern on a text; nothing is saved (PLT-123)."""
        tried = rules.attempt(data.pattern, data.text)
        return RuleTestResult([Match(*place) for place in tried.matches], tried.redacted)

    @post("/deploy", responses=refusals(400, 401, 403, 409))
    async def deploy(
        self,
        data: JSONBody[DeploymentRequest],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        bus: NamedDependency[Bus],
        caller: NamedDependency[Caller],
    ) -> Deployment:
        """Put rules to work: in the sandbox, then in production (PLT-124)."""
        live = await rules.deploy(session, log, bus, caller, data.environment, notes=data.notes)
        return deployment_view(live)

    @get("/deployments", responses=refusals(400, 401, 403))
    async def list_deployments(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        environment: FromQuery[Environment],
        limit: Limit = 20,
    ) -> Deployments:
        """List what was deployed to an environment, latest first."""
        found = await access.deployments(reading, caller, environment, limit)
        return Deployments([deployment_view(live) for live in found])
