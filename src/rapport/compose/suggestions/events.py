"""What was learnt from agents' messages. Nobody watches these events; nodes take over what they name.

They have a stream of their own: what is written for agents to use is waited for by whoever asks next,
what is learnt comes by the second and is waited for by nobody.
"""

from __future__ import annotations

from rapport.compose.globals.events import NOBODY
from rapport.core.identity import Scope
from rapport.core.log import Event, Stream, event_type

KIND = "learnt"


def stream_of(scope: Scope) -> Stream:
    """Return the stream of what a company's agents have taught in one environment."""
    return Stream(KIND, f"{scope.company_id}.{scope.environment}", scope)


@event_type("organics.kept", audience=NOBODY)
class OrganicsKept(Event, frozen=True):
    """What these agents, or all, say again and again has changed."""

    agents: list[str]
    everyone: bool


@event_type("replies.kept", audience=NOBODY)
class RepliesKept(Event, frozen=True):
    """What agents answered was kept and can be suggested from now on."""

    replies: list[str]
