"""Where a topic's events come from, and how its cursors are read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from typing import NamedTuple, Protocol

import msgspec

from rapport.core.errors import Malformed, Refusal
from rapport.core.identity import Scope
from rapport.core.log import Recorded, Stream
from rapport.core.log.events import Position
from rapport.core.log.tail import Tail
from rapport.live.frames import Frame, encode_event

# A reader that catches up gets larger frames than a live one, but never one that blocks the loop.
CATCH_UP = 200


# More missed events than this are not worth replaying on a topic of a whole company.
SCOPE_CATCH_UP = 2_000


class SnapshotRequired(Refusal):
    """The cursor lies too far back: fetch the list again and continue from its cursor."""

    status = 409
    code = "409-03"
    sentence = "Too much was missed: fetch the snapshot again and subscribe with its cursor"


Mask = Callable[[Recorded], Recorded]


class Masking(Protocol):
    """What an audience must not see at the moment although it is stored (PLT-110)."""

    async def mask(self, scope: Scope, audience: int) -> Mask | None:
        """Return what hides it in an event; None when everything stored may be shown."""
        ...


class ShowStored:
    """Hides nothing of what is stored."""

    async def mask(self, _scope: Scope, _audience: int) -> Mask | None:
        """Return no mask."""
        return None


class StreamSource(NamedTuple):
    """One stream, as one audience sees it. Cursors are sequence numbers."""

    topic: str
    stream: Stream
    audience: int

    @property
    def scope(self) -> Scope:
        """Whose stream it is."""
        return self.stream.scope


class ScopeSource(NamedTuple):
    """Every stream of one kind in a company's environment. Cursors are positions in the log."""

    topic: str
    scope: Scope
    stream_kind: str
    audience: int


Source = StreamSource | ScopeSource


def visible(source: Source, recorded: Recorded) -> bool:
    """Apply the audience that was written when the event was recorded."""
    return bool(recorded.audience & source.audience)


def sequence_of(cursor: str | None) -> int:
    """Return the sequence number of a stream's cursor. Raises Malformed."""
    if cursor is None:
        return 0
    if not cursor.isdecimal() or len(cursor) > 18:
        raise Malformed(problem="this is not a cursor of this topic")
    return int(cursor)


def position_of(cursor: str) -> Position:
    """Return the position of a scope's cursor. Raises Malformed."""
    try:
        return Position.of(cursor)
    except ValueError:
        raise Malformed(problem="this is not a cursor of this topic") from None


def shown(
    source: Source, events: Iterable[Recorded], mask: Mask | None
) -> list[tuple[Recorded, msgspec.Raw]]:
    """Return the events that a source's audience may see, as it may see them."""
    return [(r, encode_event(mask(r) if mask else r)) for r in events if visible(source, r)]


async def replay_stream(
    tail: Tail, masking: Masking, source: StreamSource, after: int
) -> AsyncIterator[Frame]:
    """Read a stream from a sequence number to its end, in frames."""
    mask = await masking.mask(source.scope, source.audience)
    while True:
        found = await tail.stream(source.stream, after, CATCH_UP)
        if not found:
            return
        yield Frame(source.topic, str(after), str(found[-1].seq), shown(source, found, mask))
        after = found[-1].seq
        if len(found) < CATCH_UP:
            return


async def replay_scope(
    tail: Tail, masking: Masking, source: ScopeSource, after: Position, up_to: Position
) -> Frame:
    """Read a scope from one position to another, in one frame.

    Raises SnapshotRequired when that is so much that fetching the list again is cheaper.
    """
    mask = await masking.mask(source.scope, source.audience)
    events: list[tuple[Recorded, msgspec.Raw]] = []
    from_id, read = 0, 0
    while True:
        found = await tail.between(after, up_to, source.scope, from_id)
        events += shown(source, (r for r in found if r.stream_kind == source.stream_kind), mask)
        read += len(found)
        if read > SCOPE_CATCH_UP:
            raise SnapshotRequired
        if not found:
            return Frame(source.topic, after.cursor(), up_to.cursor(), events)
        from_id = found[-1].position.id
