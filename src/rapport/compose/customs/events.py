"""What becomes true of an agent's own texts."""

from __future__ import annotations

from rapport.compose.globals.events import NOBODY
from rapport.core.log import Event, event_type


@event_type("customs.changed", audience=NOBODY)
class CustomsChanged(Event, frozen=True):
    """An agent wrote, rewrote or deleted some of its own responses."""

    agent: str
    responses: list[str]
