"""Which help an agent gets, known on every node without asking the database each time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from rapport.accounts.authentication.recent import Recent
from rapport.compose.access import agent_of
from rapport.compose.switches import access
from rapport.compose.switches.events import SwitchesChanged
from rapport.compose.switches.models import AgentSwitches, ComposerSwitches
from rapport.core.bus import Bus
from rapport.core.database import Database, WriteSession
from rapport.core.identity import Caller, CallerKind, Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.log import Recorded

# The bus channel that tells nodes whose switches have changed.
CHANNEL = "composer.switches"
# A node that missed both the message and the event asks again after this long.
KEPT_SECONDS = 20.0


class Switches(NamedTuple):
    """What an agent's clients leave out (3.8); `autocompose_disabled` stands above all others."""

    suggestions_while_typing_disabled: bool = False
    phrase_completions_disabled: bool = False
    spellcheck_disabled: bool = False
    autopilot_greetings_disabled: bool = False
    autocompose_disabled: bool = False

    @property
    def suggests(self) -> bool:
        """Whether suggestions may be given at all."""
        return not self.autocompose_disabled

    @property
    def suggests_while_typing(self) -> bool:
        """Whether suggestions may be given for a text that somebody types."""
        return not (self.autocompose_disabled or self.suggestions_while_typing_disabled)

    @property
    def completes_phrases(self) -> bool:
        """Whether a phrase may be completed."""
        return not (self.autocompose_disabled or self.phrase_completions_disabled)

    @property
    def corrects_spelling(self) -> bool:
        """Whether spelling may be corrected."""
        return not (self.autocompose_disabled or self.spellcheck_disabled)

    @property
    def greets(self) -> bool:
        """Whether a greeting may be offered."""
        return not (self.autocompose_disabled or self.autopilot_greetings_disabled)


class Defaults(NamedTuple):
    """What holds for a company's agents, and which share of them (percent) gets no help."""

    switches: Switches = Switches()
    control_share: int = 0


class _Company(NamedTuple):
    defaults: Defaults
    exceptions: Mapping[str, AgentSwitches]


def defaults_from(row: ComposerSwitches | None) -> Defaults:
    """Return what a company's row says; without one everything is on (3.8)."""
    if row is None:
        return Defaults()
    return Defaults(Switches(*(getattr(row, name) for name in Switches._fields)), row.control_share)


def is_control(scope: Scope, agent_id: str, share: int) -> bool:
    """Tell whether an agent belongs to the share (percent) that gets no help, to compare with.

    Always the same answer for the same agent; a larger share keeps those of a smaller one.
    """
    digest = hashlib.sha256(f"{scope.company_id}.{scope.environment}.{agent_id}".encode()).digest()
    return int.from_bytes(digest[:4]) % 10_000 < share * 100


def resolve(
    scope: Scope, agent_id: str, defaults: Defaults, exception: AgentSwitches | None
) -> Switches:
    """Return an agent's switches: its own, else the control group's, else the company's."""
    switches = defaults.switches
    if is_control(scope, agent_id, defaults.control_share):
        switches = switches._replace(autocompose_disabled=True)
    if exception is None:
        return switches
    own = {name: getattr(exception, name) for name in Switches._fields}
    return switches._replace(**{name: value for name, value in own.items() if value is not None})


def announce(session: WriteSession, bus: Bus, scope: Scope) -> None:
    """Tell every node, once the session's transaction is durable, to forget a company's switches."""
    payload = _key(scope).encode()
    session.after_commit(lambda: bus.publish(CHANNEL, payload))


class SwitchBoard:
    """Gives every agent's switches; follows what any node changes."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._recent = Recent(
            self._load, keep_seconds=KEPT_SECONDS, keep_unknown_seconds=KEPT_SECONDS
        )
        bus.subscribe(CHANNEL, lambda payload: self._recent.forget(payload.decode()))

    async def switches_of(self, scope: Scope, agent_id: str) -> Switches:
        """Return what holds for an agent, known by its external id (CMP-112, CMP-117)."""
        company = await self._recent.get(_key(scope))
        assert company is not None
        return resolve(scope, agent_id, company.defaults, company.exceptions.get(agent_id))

    async def switches_for(self, caller: Caller, agent_id: str | None) -> Switches:
        """Return what holds for the agent that a call is about.

        Where it names none: a person's own, or, of a key, the company's.
        """
        if agent_id is not None:
            return await self.switches_of(caller.scope, agent_id)
        if caller.kind is CallerKind.PERSON:
            return await self.switches_of(caller.scope, agent_of(caller, None))
        company = await self._recent.get(_key(caller.scope))
        assert company is not None
        return company.defaults.switches

    def observe(self, recorded: Recorded) -> None:
        """Forget a company's switches when the log says that they have changed."""
        if recorded.is_a(SwitchesChanged):
            self._recent.forget(_key(recorded.scope))

    async def _load(self, key: str) -> _Company:
        company_id, _, environment = key.rpartition(".")
        scope = Scope(CompanyId(company_id), Environment(environment))
        async with self._database.reading() as session:
            defaults = defaults_from(await access.defaults_of(session, scope))
            exceptions = await access.exceptions_of(session, scope)
        return _Company(defaults, {row.agent_id: row for row in exceptions})


def _key(scope: Scope) -> str:
    return f"{scope.company_id}.{scope.environment}"
