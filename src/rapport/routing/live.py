"""The topic `me` of the live protocol: what happens to a person at the desk."""

from __future__ import annotations

from rapport.core.errors import Forbidden, NotFound
from rapport.core.identity import Caller, CallerKind
from rapport.core.log import Audience
from rapport.live.registry import Admission, Protocol
from rapport.live.sources import StreamSource
from rapport.routing.events import desk_stream


def protocol() -> Protocol:
    """Return the topics of routing."""
    return Protocol(topics={"me": _admit}, requests={})


async def _admit(caller: Caller, name: str) -> Admission:
    if name:
        raise NotFound(what="there is no such topic")
    if caller.kind is not CallerKind.PERSON:
        raise Forbidden(problem="only people have a desk")
    return Admission(StreamSource("me", desk_stream(caller.id, caller.scope), int(Audience.STAFF)))
