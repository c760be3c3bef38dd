"""What becomes true of a company's models, on the stream of its texts."""

from __future__ import annotations

from rapport.compose.globals.events import NOBODY
from rapport.core.log import Event, event_type


@event_type("model.deployed", audience=NOBODY)
class ModelDeployed(Event, frozen=True):
    """This version answers from now on: every node loads it (`access.live_blob`)."""

    kind: str
    version: int
