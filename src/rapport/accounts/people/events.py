"""What became true about a person, for those who must react: routing, the desk, live connections.

They lie in the stream `person/{id}` and are for the server's own readers: no live connection sees
them.
"""

from __future__ import annotations

from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.log import Audience, Event, Stream, event_type

_SERVER_ONLY = Audience(0)


def person_stream(company_id: str, person_id: str) -> Stream:
    """Return a person's stream. People belong to both environments; their stream is kept in one."""
    return Stream("person", person_id, Scope(CompanyId(company_id), Environment.PRODUCTION))


@event_type("person.role_changed", _SERVER_ONLY)
class PersonRoleChanged(Event, frozen=True):
    """The person may do other things from now on."""

    role: str


@event_type("person.slots_changed", _SERVER_ONLY)
class PersonSlotsChanged(Event, frozen=True):
    """The agent may serve another number of conversations at once; those running go on."""

    slots: int


@event_type("person.disabled", _SERVER_ONLY)
class PersonDisabled(Event, frozen=True):
    """The person can no longer sign in, and every session has ended."""


@event_type("person.enabled", _SERVER_ONLY)
class PersonEnabled(Event, frozen=True):
    """The person can sign in again."""


@event_type("person.removed", _SERVER_ONLY)
class PersonRemoved(Event, frozen=True):
    """The person is gone for good; what it wrote keeps its name."""
