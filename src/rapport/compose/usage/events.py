"""What clients report about messages. Nobody watches these events; readers count them."""

from __future__ import annotations

from rapport.core.identity import Scope
from rapport.core.log import Audience, Event, Stream, event_type

_SERVER_ONLY = Audience(0)


def usage_stream(conversation_id: str, scope: Scope) -> Stream:
    """Return the stream of what is reported about one conversation."""
    return Stream("usage", conversation_id, scope)


@event_type("compose.message_sent", _SERVER_ONLY)
class MessageReported(Event, frozen=True):
    """A client told how a message was written; texts are in the table of reports."""

    message: str
    augmentation_type: list[str]
    num_edits: int
    selected_suggestions_id: str
    selected_suggestion_index: int
    initial_suggestions_id: str
    time_to_action: float
    crafting_time: float
    dwell_time: float
    phrase_autocomplete_presented_ct: int
    phrase_autocomplete_selected_ct: int
    source: str


@event_type("compose.action_taken", _SERVER_ONLY)
class ActionTaken(Event, frozen=True):
    """An agent did something with our help while it wrote; texts are in the table of actions."""

    action: str
    type: str
    suggestions_id: str
    correction_id: str
    source: str
