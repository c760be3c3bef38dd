"""What became true of a company's blocklist, for the nodes that apply it from then on."""

from __future__ import annotations

from rapport.core.identity import Scope
from rapport.core.log import Audience, Event, Stream, event_type


def blocklist_stream(scope: Scope) -> Stream:
    """Return the stream of a company's blocklist."""
    return Stream("blocklist", scope.company_id, scope)


@event_type("blocklist.changed", Audience(0))
class BlocklistChanged(Event, frozen=True):
    """A term was added, or removed: `blocked` is absent then."""

    term_id: str
    blocked: bool | None = None
