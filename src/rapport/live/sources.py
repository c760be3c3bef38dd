"""Where a topic's events come from, and how its cursors are read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import NamedTuple

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


class StreamSource(NamedTuple):
    """One stream, as one audience sees it. Cursors are sequence numbers."""

    topic: str
    stream: Stream
    audience: int


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


async def replay_stream(tail: Tail, source: StreamSource, after: int) -> AsyncIterator[Frame]:
    """Read a stream from a sequence number to its end, in frames."""
    while True:
        found = await tail.stream(source.stream, after, CATCH_UP)
        if not found:
            return
        events = [(r, encode_event(r)) for r in found if visible(source, r)]
        yield Frame(source.topic, str(after), str(found[-1].seq), events)
        after = found[-1].seq
        if len(found) < CATCH_UP:
            return


async def replay_scope(tail: Tail, source: ScopeSource, after: Position, up_to: Position) -> Frame:
    """Read a scope from one position to another, in one frame.

    Raises SnapshotRequired when that is so much that fetching the list again is cheaper.
    """
    events: list[tuple[Recorded, msgspec.Raw]] = []
    from_id, read = 0, 0
    while True:
        found = await tail.between(after, up_to, source.scope, from_id)
        events += [
            (r, encode_event(r))
            for r in found
            if r.stream_kind == source.stream_kind and visible(source, r)
        ]
        read += len(found)
        if read > SCOPE_CATCH_UP:
            raise SnapshotRequired
        if not found:
            return Frame(source.topic, after.cursor(), up_to.cursor(), events)
        from_id = found[-1].position.id
