"""What becomes true for a person at the desk; seen by that person alone, on the topic `me`."""

from __future__ import annotations

from msgspec import Struct

from rapport.core.identity import Scope
from rapport.core.log import Audience, Event, Stream, event_type


def desk_stream(person_id: str, scope: Scope) -> Stream:
    """Return the stream of what happens to a person at the desk of one environment."""
    return Stream("person", f"{person_id}.{scope.environment}", scope)


class CustomerGiven(Struct, frozen=True):
    """The customer of an assigned conversation."""

    id: str
    name: str | None


@event_type("agent.status_changed", Audience.STAFF)
class AgentStatusChanged(Event, frozen=True):
    """An agent takes new conversations from here on (`active`) or does not (`away`)."""

    status: str


@event_type("assignment.made", Audience.STAFF)
class AssignmentMade(Event, frozen=True):
    """An agent serves a conversation from here on."""

    conversation: str
    customer: CustomerGiven


@event_type("assignment.ended", Audience.STAFF)
class AssignmentEnded(Event, frozen=True):
    """An agent no longer serves a conversation; `reason` is how it ended, or `replaced`."""

    conversation: str
    reason: str
