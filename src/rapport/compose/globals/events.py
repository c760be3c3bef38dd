"""What becomes true of a company's texts. Nobody watches these events; readers act on them."""

from __future__ import annotations

from rapport.core.identity import Scope
from rapport.core.log import Audience, Event, Stream, event_type

KIND = "library"
NOBODY = Audience(0)


def stream_of(scope: Scope) -> Stream:
    """Return the stream of a company's texts in one environment."""
    return Stream(KIND, f"{scope.company_id}.{scope.environment}", scope)


@event_type("responses.saved", audience=NOBODY)
class ResponsesSaved(Event, frozen=True):
    """The company's list has a new version; its texts are embedded from now on."""

    version: int
    count: int


@event_type("responses.deployed", audience=NOBODY)
class ResponsesDeployed(Event, frozen=True):
    """This environment uses another version from now on, or none."""

    version: int | None


@event_type("responses.embedded", audience=NOBODY)
class ResponsesEmbedded(Event, frozen=True):
    """Responses with these texts (fingerprints in hex) can be suggested where they are deployed."""

    texts: list[str]


@event_type("proposal.asked", audience=NOBODY)
class ProposalAsked(Event, frozen=True):
    """Somebody wants responses to be proposed from what agents said."""

    proposal: str
