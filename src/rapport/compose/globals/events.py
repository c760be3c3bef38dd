"""What becomes true of a company's texts. Nobody watches these events; readers act on them."""

from __future__ import annotations

from rapport.core.identity import Scope
from rapport.core.log import Audience, Event, Stream, event_type

KIND = "library"
NOBODY = Audience(0)


def stream_of(scope: Scope) -> Stream:
    """Return the stream of a company's texts in one environment."""
    return Stream(KIND, f"{scope.company_id}.{scope.environment}", scope)


@event_type("responses.imported", audience=NOBODY)
class ResponsesImported(Event, frozen=True):
    """Many responses were stored together; they can be suggested once they are embedded."""

    import_id: str
    count: int


@event_type("responses.embedded", audience=NOBODY)
class ResponsesEmbedded(Event, frozen=True):
    """These responses can be suggested from now on."""

    responses: list[str]


@event_type("responses.changed", audience=NOBODY)
class ResponsesChanged(Event, frozen=True):
    """These responses were rewritten or deleted: what they were is not suggested any more."""

    responses: list[str]


@event_type("replies.kept", audience=NOBODY)
class RepliesKept(Event, frozen=True):
    """What agents answered was kept and can be suggested from now on."""

    replies: list[str]
