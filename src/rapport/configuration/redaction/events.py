"""What became true about redaction, for the nodes that must apply it from then on."""

from __future__ import annotations

from rapport.core.identity import Scope
from rapport.core.log import Audience, Event, Stream, event_type

_SERVER_ONLY = Audience(0)


def redaction_stream(scope: Scope) -> Stream:
    """Return the stream of a company's redaction in one environment."""
    return Stream("redaction", f"{scope.company_id}.{scope.environment}", scope)


@event_type("redaction.policy_changed", _SERVER_ONLY)
class RedactionPolicyChanged(Event, frozen=True):
    """An entity is hidden for other policies from now on."""

    entity: str
    policies: dict[str, bool]


@event_type("redaction.rules_deployed", _SERVER_ONLY)
class RedactionRulesDeployed(Event, frozen=True):
    """Other rules of the company are at work in this environment from now on."""

    version: int
