"""What became true about API keys, in the stream of the company: notices to the customer."""

from __future__ import annotations

from rapport.core.identity import Scope
from rapport.core.log import Audience, Event, Stream, event_type

_SERVER_ONLY = Audience(0)


def company_stream(scope: Scope) -> Stream:
    """Return the stream of a company in one environment."""
    return Stream("company", f"{scope.company_id}.{scope.environment}", scope)


@event_type("api_key.revoked", _SERVER_ONLY)
class ApiKeyRevoked(Event, frozen=True):
    """Calls with this key fail from now on: the notice to its owner (PLT-032)."""

    key: str
    name: str
    reason: str
