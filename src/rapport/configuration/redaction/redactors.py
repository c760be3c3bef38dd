"""The redactors that companies' policies ask for, ready before a message needs one (PLT-111)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rapport.accounts.authentication.recent import Recent
from rapport.configuration.redaction import access
from rapport.configuration.redaction.events import RedactionPolicyChanged, RedactionRulesDeployed
from rapport.configuration.redaction.models import RedactionRuleSet
from rapport.configuration.redaction.policies import DEFAULTS, MASKS, Policy
from rapport.core.bus import Bus
from rapport.core.database import Database, WriteSession
from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.log import Audience, Recorded
from rapport.engines.redaction import LOCKED, Redactor, Rule

# The bus channel that tells nodes whose policies have changed.
CHANNEL = "redaction"
# A node that missed both the message and the event asks again after this long: well within the
# minute that a change may take (PLT-111).
KEPT_SECONDS = 20.0


class _Compiled(NamedTuple):
    """A company's redactors in one environment, one for each policy."""

    by_policy: dict[Policy, Redactor]
    # Policies of live channels that hide an entity which is readable in storage.
    hides_more: frozenset[Policy]


def _key(scope: Scope) -> str:
    return f"{scope.company_id}.{scope.environment}"


def _scope(key: str) -> Scope:
    company_id, _, environment = key.rpartition(".")
    return Scope(CompanyId(company_id), Environment(environment))


def announce(session: WriteSession, bus: Bus, scope: Scope) -> None:
    """Tell every node, once the session's transaction is durable, to forget a company's redactors."""
    payload = _key(scope).encode()
    session.after_commit(lambda: bus.publish(CHANNEL, payload))


class PolicyRedactors:
    """Gives conversations the redactors of their company and environment."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._recent = Recent(
            self._load, keep_seconds=KEPT_SECONDS, keep_unknown_seconds=KEPT_SECONDS
        )
        bus.subscribe(CHANNEL, lambda payload: self._recent.forget(payload.decode()))

    async def stored(self, scope: Scope) -> Redactor:
        """Return the redactor for what is stored: what it leaves is all that is ever kept."""
        return await self.of(scope, Policy.CUSTOMER_DELAYED)

    async def of(self, scope: Scope, policy: Policy) -> Redactor:
        """Return the redactor of one policy; the live ones mask in addition to what is stored."""
        return (await self._compiled(scope)).by_policy[policy]

    async def live(self, scope: Scope, audience: Audience) -> Redactor | None:
        """Return the redactor for what an audience sees live; None when it hides nothing more.

        Stored text is the floor: a live policy can only hide in addition (PLT-110).
        """
        customer = Audience.CUSTOMER in audience
        policy = Policy.CUSTOMER_IMMEDIATE if customer else Policy.AGENT_IMMEDIATE
        compiled = await self._compiled(scope)
        return compiled.by_policy[policy] if policy in compiled.hides_more else None

    def observe(self, recorded: Recorded) -> None:
        """Forget a company's redactors when the log says that they have changed."""
        if recorded.is_a(RedactionPolicyChanged) or recorded.is_a(RedactionRulesDeployed):
            self._recent.forget(_key(recorded.scope))

    async def _compiled(self, scope: Scope) -> _Compiled:
        compiled = await self._recent.get(_key(scope))
        assert compiled is not None
        return compiled

    async def _load(self, key: str) -> _Compiled:
        scope = _scope(key)
        async with self._database.reading() as session:
            switches = await access.switches_of(session, scope)
            deployed = await access.deployed(session, scope)
        rules = () if deployed is None else _rules(deployed)
        active = {
            policy: LOCKED | {entity for entity in DEFAULTS if switches[entity][policy]}
            for policy in Policy
        }
        return _Compiled(
            {policy: _redactor(active[policy], rules, MASKS[policy]) for policy in Policy},
            frozenset(p for p in Policy if not active[p] <= active[Policy.CUSTOMER_DELAYED]),
        )


@lru_cache(maxsize=1_024)
def _redactor(active: frozenset[str], rules: tuple[Rule, ...], mask: str) -> Redactor:
    """Compile a policy once for all companies that have the same."""
    return Redactor(active, rules, mask)


def _rules(deployed: RedactionRuleSet) -> tuple[Rule, ...]:
    return tuple(Rule(one["name"], one["pattern"]) for one in deployed.rules)
