"""A company's own rules: a draft in order, tested before it is saved, deployed step by step.

    draft ──deploy──> sandbox ──deploy──> production        (PLT-121..124)

What is deployed is a copy: editing the draft changes nothing that is at work.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.configuration.redaction import access
from rapport.configuration.redaction.events import RedactionRulesDeployed, redaction_stream
from rapport.configuration.redaction.models import RedactionRule, RedactionRuleSet
from rapport.configuration.redaction.redactors import announce
from rapport.core import clock
from rapport.core.bus import Bus
from rapport.core.database import WriteSession
from rapport.core.errors import Conflict, Invalid
from rapport.core.identity import Caller, Environment, Scope, actor_of
from rapport.core.ids import new_id
from rapport.core.log import Log
from rapport.engines.redaction import InvalidPattern, Redactor, Rule, compile_pattern, matches

# Every rule reads every message: at some 5 µs each, this many still cost less than a millisecond.
MOST_RULES = 100


class RuleNameTaken(Conflict):
    """A company's rules have different names (PLT-122). Facts: `name`."""

    sentence = "Conflict: there is a rule called {name} already"


class TooManyRules(Conflict):
    """The draft is full. Facts: `most`."""

    sentence = "Conflict: a company has at most {most} rules"


class NothingInSandbox(Conflict):
    """Rules go to the sandbox first (PLT-124)."""

    sentence = "Conflict: deploy the rules to the sandbox first"


class Tried(NamedTuple):
    """What a pattern does to a text: where it matches, and what would be stored."""

    matches: Sequence[tuple[int, int]]
    redacted: str


async def at_work(session: AsyncSession, caller: Caller) -> dict[Environment, list[dict[str, str]]]:
    """Return the rules that are deployed in each environment of the caller's company."""
    found = {}
    for environment in Environment:
        live = await access.deployed(session, Scope(caller.scope.company_id, environment))
        found[environment] = live.rules if live else []
    return found


async def add(session: WriteSession, caller: Caller, *, name: str, pattern: str) -> RedactionRule:
    """Add a rule at the end of the draft (PLT-122).

    Raises RuleNameTaken, TooManyRules, and Invalid for a pattern that cannot serve.
    """
    _check_pattern(pattern)
    rules = await access.rules_of(session, caller)
    if len(rules) >= MOST_RULES:
        raise TooManyRules(most=MOST_RULES)
    await _check_name(session, caller, name)
    rule = RedactionRule(
        id=new_id(),
        company_id=caller.scope.company_id,
        name=name,
        pattern=pattern,
        position=rules[-1].position + 1 if rules else 0,
        updated_at=clock.now(),
    )
    session.add(rule)
    await session.flush()
    record(session, caller, AuditEvent.CREATE, _resource(rule))
    return rule


async def change(
    session: WriteSession,
    caller: Caller,
    rule_id: str,
    *,
    name: str | None = None,
    pattern: str | None = None,
    position: int | None = None,
) -> RedactionRule:
    """Change a rule of the draft, or where it stands in it; None leaves things as they are.

    Raises NotFound, RuleNameTaken and Invalid.
    """
    rule = await access.rule_for(session, caller, rule_id)
    if name is not None and name != rule.name:
        await _check_name(session, caller, name, besides=rule_id)
        rule.name = name
    if pattern is not None:
        _check_pattern(pattern)
        rule.pattern = pattern
    if position is not None:
        await _move(session, caller, rule, position)
    rule.updated_at = clock.now()
    record(session, caller, AuditEvent.UPDATE, _resource(rule))
    return rule


async def _move(session: WriteSession, caller: Caller, rule: RedactionRule, to: int) -> None:
    others = [other for other in await access.rules_of(session, caller) if other.id != rule.id]
    others.insert(to, rule)
    for position, other in enumerate(others):
        other.position = position


async def remove(session: WriteSession, caller: Caller, rule_id: str) -> None:
    """Take a rule out of the draft; where it is deployed it works until the next deployment."""
    rule = await access.rule_for(session, caller, rule_id)
    record(session, caller, AuditEvent.DELETE, _resource(rule))
    await session.delete(rule)


def attempt(pattern: str, text: str) -> Tried:
    """Show what a pattern would do to a text, saving nothing (PLT-123). Raises Invalid."""
    _check_pattern(pattern)
    redacted = Redactor(frozenset(), [Rule("tried", pattern)]).redact(text)
    return Tried(matches(pattern, text), redacted.text)


async def deploy(
    session: WriteSession,
    log: Log,
    bus: Bus,
    caller: Caller,
    environment: Environment,
    *,
    notes: str = "",
) -> RedactionRuleSet:
    """Put rules to work: the draft in the sandbox, the sandbox's rules in production (PLT-124).

    Raises NothingInSandbox when there is nothing to bring to production.
    """
    scope = Scope(caller.scope.company_id, environment)
    rules = await _to_deploy(session, caller, environment)
    now_live = await access.deployed(session, scope)
    version = now_live.version + 1 if now_live else 1
    event = RedactionRulesDeployed(version)
    await log.append(session, redaction_stream(scope), event, actor=actor_of(caller))
    live = RedactionRuleSet(
        company_id=scope.company_id,
        environment=environment,
        version=version,
        rules=rules,
        notes=notes,
        deployed_by=caller.name or caller.id,
        deployed_at=clock.now(),
    )
    session.add(live)
    await session.flush()
    resource = Resource("redaction_rules", f"version {version}")
    record(session, caller, AuditEvent.DEPLOY, resource, environment=environment)
    announce(session, bus, scope)
    return live


async def _to_deploy(
    session: WriteSession, caller: Caller, environment: Environment
) -> list[dict[str, str]]:
    if environment == Environment.SANDBOX:
        draft = await access.rules_of(session, caller)
        return [as_deployed(rule) for rule in draft]
    tried = await access.deployed(session, Scope(caller.scope.company_id, Environment.SANDBOX))
    if tried is None:
        raise NothingInSandbox()
    return tried.rules


def as_deployed(rule: RedactionRule) -> dict[str, str]:
    """Return a rule as a deployment keeps it."""
    return {"id": rule.id, "name": rule.name, "pattern": rule.pattern}


def _check_pattern(pattern: str) -> None:
    try:
        compile_pattern(pattern)
    except InvalidPattern as refused:
        raise Invalid(path="/pattern", problem=refused.reason) from None


async def _check_name(
    session: WriteSession, caller: Caller, name: str, *, besides: str | None = None
) -> None:
    taken = select(RedactionRule.id).where(
        RedactionRule.company_id == caller.scope.company_id,
        func.lower(RedactionRule.name) == name.lower(),
        RedactionRule.id != (besides or ""),
    )
    if await session.scalar(taken) is not None:
        raise RuleNameTaken(name=name)


def _resource(rule: RedactionRule) -> Resource:
    return Resource("redaction_rule", rule.name, rule.id)
