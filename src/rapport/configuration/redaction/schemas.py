"""The wire shapes of redaction: entities as documented, rules for the console."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from litestar.params import QueryParameter
from msgspec import UNSET, Meta, Struct, UnsetType

from rapport.configuration.redaction.entities import Page, Switched, is_active
from rapport.configuration.redaction.models import RedactionRule, RedactionRuleSet
from rapport.configuration.redaction.policies import Policy, Switches
from rapport.configuration.redaction.rules import as_deployed
from rapport.core.identity import Environment
from rapport.engines.redaction import PATTERN_LENGTH

Limit = Annotated[int, QueryParameter(ge=1, le=100)]


class Policies(Struct, rename="camel"):
    """For which policies an entity is hidden."""

    customer_immediate: bool
    customer_delayed: bool
    agent_immediate: bool
    auto_transcribe: bool
    voice: bool


class RedactionEntity(Struct):
    """Something that can be hidden."""

    id: str
    name: str
    description: str
    policies: Policies


class RedactionEntityPage(Struct, rename="camel"):
    """A page of entities."""

    redaction_entities: list[RedactionEntity]
    next_cursor: str | None
    prev_cursor: str | None


class PoliciesChange(Struct, rename="camel", forbid_unknown_fields=True):
    """The policies to change; others stay."""

    customer_immediate: bool | UnsetType = UNSET
    customer_delayed: bool | UnsetType = UNSET
    agent_immediate: bool | UnsetType = UNSET
    auto_transcribe: bool | UnsetType = UNSET
    voice: bool | UnsetType = UNSET

    def wanted(self) -> Switches:
        """Return what is to change."""
        given = {policy: getattr(self, policy.name.lower()) for policy in Policy}
        return {policy: on for policy, on in given.items() if not isinstance(on, UnsetType)}


class RedactionEntityUpdate(Struct, forbid_unknown_fields=True):
    """A change of an entity: its policies, and nothing else can change."""

    policies: PoliciesChange


class ConsoleEntity(RedactionEntity):
    """An entity for people: whether it can be switched off here."""

    locked: bool


class ConsoleEntities(Struct):
    """The whole catalogue."""

    items: list[ConsoleEntity]


class OlderEntity(Struct):
    """An entity as the older routes show it: one switch, for transcripts."""

    id: str
    name: str
    description: str
    active: bool


class OlderEntityPage(Struct, rename="camel"):
    """A page of entities in the older shape."""

    redaction_entities: list[OlderEntity]
    next_cursor: str | None
    prev_cursor: str | None


class OlderEntityUpdate(Struct, forbid_unknown_fields=True):
    """The older routes' one switch."""

    active: bool


def entity_view(switched: Switched) -> RedactionEntity:
    """Shape an entity for the wire."""
    entity = switched.entity
    return RedactionEntity(entity.id, entity.id, entity.description, _policies(switched))


def console_view(switched: Switched) -> ConsoleEntity:
    """Shape an entity for the console."""
    entity = switched.entity
    policies = _policies(switched)
    return ConsoleEntity(entity.id, entity.id, entity.description, policies, entity.is_locked)


def _policies(switched: Switched) -> Policies:
    return Policies(**{policy.name.lower(): on for policy, on in switched.switches.items()})


def entity_page(page: Page) -> RedactionEntityPage:
    """Shape a page of entities."""
    items = [entity_view(item) for item in page.items]
    return RedactionEntityPage(items, page.following, page.preceding)


def older_view(switched: Switched) -> OlderEntity:
    """Shape an entity for the older routes."""
    entity = switched.entity
    return OlderEntity(entity.id, entity.id, entity.description, is_active(switched.switches))


def older_page(page: Page) -> OlderEntityPage:
    """Shape a page of entities for the older routes."""
    items = [older_view(item) for item in page.items]
    return OlderEntityPage(items, page.following, page.preceding)


RuleName = Annotated[str, Meta(min_length=1, max_length=100)]
Pattern = Annotated[str, Meta(min_length=1, max_length=PATTERN_LENGTH)]


class RuleDraft(Struct, forbid_unknown_fields=True):
    """A new rule."""

    name: RuleName
    pattern: Pattern


class RuleChange(Struct, forbid_unknown_fields=True):
    """What is to change about a rule."""

    name: RuleName | None = None
    pattern: Pattern | None = None
    position: Annotated[int, Meta(ge=0)] | None = None


class RuleDetails(Struct):
    """A rule of the draft, and whether it works just so in each environment."""

    id: str
    name: str
    pattern: str
    updated_at: datetime
    sandbox: bool
    production: bool


class Rules(Struct):
    """The draft, in order."""

    items: list[RuleDetails]


class RuleTest(Struct, forbid_unknown_fields=True):
    """A pattern and a text to try it on."""

    pattern: Pattern
    text: Annotated[str, Meta(max_length=10_000)]


class Match(Struct):
    """Where a pattern matches, in characters of the text."""

    start: int
    end: int


class RuleTestResult(Struct):
    """What a pattern does to a text."""

    matches: list[Match]
    redacted: str


class DeploymentRequest(Struct, forbid_unknown_fields=True):
    """Where rules are to work: the draft in the sandbox, then the sandbox's rules in production."""

    environment: Environment
    notes: Annotated[str, Meta(max_length=2_000)] = ""


class DeployedRule(Struct):
    """A rule at work."""

    id: str
    name: str
    pattern: str


class Deployment(Struct):
    """Rules put to work."""

    environment: Environment
    version: int
    rules: list[DeployedRule]
    notes: str
    deployed_by: str
    deployed_at: datetime


class Deployments(Struct):
    """What was deployed to an environment, latest first."""

    items: list[Deployment]


def rule_details(
    rule: RedactionRule, at_work: Mapping[Environment, Sequence[dict[str, str]]]
) -> RuleDetails:
    """Shape a rule of the draft."""
    just_so = as_deployed(rule)
    return RuleDetails(
        rule.id,
        rule.name,
        rule.pattern,
        rule.updated_at,
        sandbox=just_so in at_work[Environment.SANDBOX],
        production=just_so in at_work[Environment.PRODUCTION],
    )


def deployment_view(live: RedactionRuleSet) -> Deployment:
    """Shape a deployment."""
    return Deployment(
        Environment(live.environment),
        live.version,
        [DeployedRule(**rule) for rule in live.rules],
        live.notes,
        live.deployed_by,
        live.deployed_at,
    )
