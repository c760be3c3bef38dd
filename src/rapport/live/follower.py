"""Following a topic: first what was missed, from the log, then what happens, from the hub."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from rapport.core.log import Recorded
from rapport.core.log.events import Position
from rapport.core.log.tail import Tail
from rapport.live.frames import Frame
from rapport.live.outbox import Outbox
from rapport.live.sources import (
    Masking,
    ScopeSource,
    Source,
    StreamSource,
    position_of,
    replay_scope,
    replay_stream,
    sequence_of,
)

Seen = Callable[[Recorded], bool]
# Frames kept for one follower while it reads the log; more, and it reads the log again.
_KEPT = 256


class Origin(Protocol):
    """Where events come from: the log, how they are masked, and where the hub stands in it."""

    tail: Tail
    masking: Masking
    position: Position


class Follower:
    """One connection's subscription to one source.

    It joins the hub first and keeps what arrives, reads from the log what it missed, and then goes
    on with what it kept less what it has read: nothing is lost between the two, nothing comes twice.
    """

    def __init__(self, source: Source, cursor: str, outbox: Outbox) -> None:
        self.source = source
        self.cursor = cursor
        self._is_behind = False
        self._is_catching_up = False
        self._outbox = outbox
        self._kept: list[Frame] | None = []
        self._seen: Seen | None = None

    def offer(self, frame: Frame) -> None:
        """Take a live frame from the hub. Never blocks; a full outbox makes it fall behind."""
        if self._is_behind:
            return
        if self._kept is not None:
            self._kept.append(frame)
            if len(self._kept) > _KEPT:
                self._fall_behind()
            return
        self._deliver(frame)

    async def catch_up(self, hub: Origin) -> None:
        """Send what was missed since the cursor, then what was kept meanwhile.

        Raises SnapshotRequired when a company's topic missed too much.
        """
        self._is_catching_up = True
        try:
            while True:
                self._is_behind = False
                self._kept = []
                if isinstance(self.source, StreamSource):
                    await self._catch_up_stream(hub, self.source)
                else:
                    await self._catch_up_scope(hub, self.source, hub.position)
                if not self._is_behind:
                    return
        finally:
            self._is_catching_up = False

    @property
    def must_catch_up(self) -> bool:
        """Whether it has fallen behind and nothing is being done about it yet."""
        return self._is_behind and not self._is_catching_up

    async def _catch_up_stream(self, hub: Origin, source: StreamSource) -> None:
        async for frame in replay_stream(hub.tail, hub.masking, source, sequence_of(self.cursor)):
            self._send_read(frame)
            await self._outbox.drained()
        reached = sequence_of(self.cursor)
        self._go_live(lambda recorded: recorded.seq <= reached)

    async def _catch_up_scope(self, hub: Origin, source: ScopeSource, up_to: Position) -> None:
        start = position_of(self.cursor)
        self._send_read(await replay_scope(hub.tail, hub.masking, source, start, up_to))
        await self._outbox.drained()
        # A cursor from a node that was ahead of this one covers events this hub has yet to see.
        self._go_live(lambda recorded: start.covers(recorded.transaction, recorded.position.id))

    def _go_live(self, seen: Seen) -> None:
        kept, self._kept = self._kept or [], None
        self._seen = seen
        for frame in kept:
            if not self._is_behind:
                self._deliver(frame)

    def _send_read(self, frame: Frame) -> None:
        if frame.events or frame.cursor != self.cursor:
            self._outbox.push(frame.text())
        self.cursor = frame.cursor

    def _deliver(self, frame: Frame) -> None:
        if self._seen is not None:
            rest = frame.without(self._seen)
            if not rest.events:
                return
            if len(rest.events) == len(frame.events):
                self._stop_looking_back(frame)
            else:
                frame = rest
        if self._outbox.offer(frame.text(self.cursor)):
            self.cursor = frame.cursor
        else:
            self._fall_behind()

    def _stop_looking_back(self, frame: Frame) -> None:
        """Compare no more once nothing that was read can come from the hub again."""
        if isinstance(self.source, StreamSource) or frame.events[0][0].position > position_of(
            self.cursor
        ):
            self._seen = None

    def _fall_behind(self) -> None:
        self._is_behind = True
        self._kept = None
