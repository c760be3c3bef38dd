"""Frames: events on their way to readers, encoded once however many readers there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from rapport.core import clock
from rapport.core.log import Recorded


class _WireEvent(msgspec.Struct):
    conversation: str
    seq: int
    type: str
    at: str
    actor: msgspec.Raw
    data: msgspec.Raw


class _WireFrame(msgspec.Struct, tag="frame", tag_field="type"):
    topic: str
    after: str
    cursor: str
    events: list[msgspec.Raw]


_encode = msgspec.json.Encoder().encode


def encode_event(recorded: Recorded) -> msgspec.Raw:
    """Return an event as readers get it."""
    return msgspec.Raw(
        _encode(
            _WireEvent(
                conversation=recorded.stream_id,
                seq=recorded.seq,
                type=recorded.kind,
                at=clock.wire(clock.from_microseconds(recorded.occurred_at)),
                actor=recorded.actor,
                data=recorded.payload,
            )
        )
    )


class Frame:
    """Consecutive events of one topic, from `after` to `cursor`."""

    __slots__ = ("_texts", "after", "cursor", "events", "topic")

    def __init__(
        self, topic: str, after: str, cursor: str, events: Sequence[tuple[Recorded, msgspec.Raw]]
    ) -> None:
        self.topic = topic
        self.after = after
        self.cursor = cursor
        self.events = events
        self._texts: dict[str, str] = {}

    def text(self, after: str | None = None) -> str:
        """Return the frame's text, for a reader that stands at `after`; encoded once for all of them."""
        start = self.after if after is None else after
        known = self._texts.get(start)
        if known is None:
            wire = _WireFrame(self.topic, start, self.cursor, [raw for _, raw in self.events])
            known = self._texts[start] = _encode(wire).decode()
        return known

    def without(self, seen: Callable[[Recorded], bool]) -> Frame:
        """Return the frame less the events that a reader has already."""
        rest = [pair for pair in self.events if not seen(pair[0])]
        return Frame(self.topic, self.after, self.cursor, rest)
