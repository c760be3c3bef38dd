"""The only way to load switches, rules and what is deployed: by company and environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.configuration.redaction.models import (
    RedactionRule,
    RedactionRuleSet,
    RedactionSwitch,
)
from rapport.configuration.redaction.policies import DEFAULTS, Policy, Switches
from rapport.core.errors import NotFound
from rapport.core.identity import Caller, Environment, Scope
from rapport.engines.redaction import CATALOGUE, Entity


def entity_named(entity_id: str) -> Entity:
    """Return an entity of the catalogue. Raises NotFound (PLT-107)."""
    entity = CATALOGUE.get(entity_id)
    if entity is None:
        raise NotFound(what="there is no such redaction entity")
    return entity


async def switches_of(session: AsyncSession, scope: Scope) -> Mapping[str, Switches]:
    """Return every entity's policies in a company's environment."""
    query = select(RedactionSwitch).where(
        RedactionSwitch.company_id == scope.company_id,
        RedactionSwitch.environment == scope.environment,
    )
    changed = {row.entity: switches(row) for row in await session.scalars(query)}
    return {**DEFAULTS, **{entity: changed[entity] for entity in changed if entity in DEFAULTS}}


def switches(row: RedactionSwitch) -> Switches:
    """Return what a row of the table says."""
    return {
        Policy.CUSTOMER_IMMEDIATE: row.customer_immediate,
        Policy.CUSTOMER_DELAYED: row.customer_delayed,
        Policy.AGENT_IMMEDIATE: row.agent_immediate,
        Policy.AUTO_TRANSCRIBE: row.auto_transcribe,
        Policy.VOICE: row.voice,
    }


async def switch_for(session: AsyncSession, scope: Scope, entity: Entity) -> RedactionSwitch | None:
    """Return an entity's row, None while it has the defaults."""
    key = (scope.company_id, scope.environment, entity.id)
    return await session.get(RedactionSwitch, key, populate_existing=True)


async def rules_of(session: AsyncSession, caller: Caller) -> Sequence[RedactionRule]:
    """Return the draft of the caller's company, in order (PLT-121)."""
    query = select(RedactionRule).where(RedactionRule.company_id == caller.scope.company_id)
    return (await session.scalars(query.order_by(RedactionRule.position, RedactionRule.id))).all()


async def rule_for(session: AsyncSession, caller: Caller, rule_id: str) -> RedactionRule:
    """Return a rule of the caller's company. Raises NotFound."""
    rule = await session.get(RedactionRule, rule_id)
    if rule is None or rule.company_id != caller.scope.company_id:
        raise NotFound(what="there is no such rule")
    return rule


async def deployed(session: AsyncSession, scope: Scope) -> RedactionRuleSet | None:
    """Return the rules at work in a company's environment, None before the first deployment."""
    return await session.scalar(_deployments(scope).limit(1))


async def deployments(
    session: AsyncSession, caller: Caller, environment: Environment, limit: int
) -> Sequence[RedactionRuleSet]:
    """Return what was deployed to an environment, latest first."""
    scope = Scope(caller.scope.company_id, environment)
    return (await session.scalars(_deployments(scope).limit(limit))).all()


def _deployments(scope: Scope) -> Select[RedactionRuleSet]:
    return (
        select(RedactionRuleSet)
        .where(
            RedactionRuleSet.company_id == scope.company_id,
            RedactionRuleSet.environment == scope.environment,
        )
        .order_by(RedactionRuleSet.version.desc())
    )
