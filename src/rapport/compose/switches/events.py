"""What became true of a company's composer settings, for the nodes that apply them from then on."""

from __future__ import annotations

from rapport.core.identity import Scope
from rapport.core.log import Audience, Event, Stream, event_type

_SERVER_ONLY = Audience(0)


def composer_stream(scope: Scope) -> Stream:
    """Return the stream of a company's composer settings in one environment."""
    return Stream("composer", f"{scope.company_id}.{scope.environment}", scope)


@event_type("composer.switches_changed", _SERVER_ONLY)
class SwitchesChanged(Event, frozen=True):
    """Other switches hold from now on: for one agent, or, without one, for the company."""

    agent: str | None
