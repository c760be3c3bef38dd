"""The hub: reads the log once on this node and hands it to everybody who follows a part of it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import msgspec
import structlog

from rapport.core import clock
from rapport.core.identity import Scope
from rapport.core.log import Audience, Recorded
from rapport.core.log.events import START, Position
from rapport.core.node import Node
from rapport.live.follower import Follower
from rapport.live.frames import Frame, encode_event
from rapport.live.settings import LiveSettings
from rapport.live.sources import Mask, Masking, Source, StreamSource, visible

log = structlog.get_logger(__name__)

# The bus channel on which nodes tell each other, without truth, that the log has grown.
NUDGE = "log"
# Under load every look at the log finds this many events, and a look costs more than the events it
# finds: then the next few milliseconds' events are read together, and shown so much later.
BUSY_EVENTS = 8
BUSY_PAUSE_SECONDS = 0.004


class _Channel:
    """Those who follow one source, and where the frames they were given end."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.followers: set[Follower] = set()

    def hand_out(self, events: Sequence[tuple[Recorded, msgspec.Raw]], position: Position) -> None:
        seen = [pair for pair in events if visible(self.source, pair[0])]
        if isinstance(self.source, StreamSource):
            after, cursor = str(events[0][0].seq - 1), str(events[-1][0].seq)
        else:
            after, cursor = "", position.cursor()
        if not seen:
            return
        frame = Frame(self.source.topic, after, cursor, seen)
        for follower in self.followers:
            follower.offer(frame)


class Hub:
    """This node's one tail reader and the channels it feeds."""

    def __init__(self, node: Node, masking: Masking, settings: LiveSettings) -> None:
        self.position = START
        self.tail = node.tail
        self.masking = masking
        self._feed = node.feed
        self._database = node.database
        self._bus = node.bus
        self._metrics = node.metrics
        self._settings = settings
        # What events of the batch at hand look like, once for all who see them unmasked.
        self._encodings: dict[int, msgspec.Raw] = {}
        self._channels: dict[Source, _Channel] = {}
        self._by_key: defaultdict[object, list[_Channel]] = defaultdict(list)
        self._observers: list[Callable[[Recorded], None]] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin reading at the log's end."""
        async with self._database.reading() as session:
            self.position = await self.tail.current(session)
        self._bus.subscribe(NUDGE, self._nudged)
        self._task = asyncio.create_task(self._run(), name="hub")

    async def close(self) -> None:
        """Stop reading."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def nudge(self) -> None:
        """Tell this node and the others that the log has grown."""
        self._bus.publish(NUDGE, b"")

    def _nudged(self, _payload: bytes) -> None:
        self._feed.nudged()
        self._wake.set()

    def observe(self, observer: Callable[[Recorded], None]) -> None:
        """Have every event shown to a cache of this node; the observer must be quick and never fail."""
        self._observers.append(observer)

    def join(self, follower: Follower) -> None:
        """Begin to offer live frames to a follower."""
        channel = self._channels.get(follower.source)
        if channel is None:
            channel = self._channels[follower.source] = _Channel(follower.source)
            self._by_key[_key_of(follower.source)].append(channel)
        channel.followers.add(follower)

    def leave(self, follower: Follower) -> None:
        """Offer nothing more to a follower."""
        channel = self._channels.get(follower.source)
        if channel is None:
            return
        channel.followers.discard(follower)
        if not channel.followers:
            del self._channels[follower.source]
            siblings = self._by_key[_key_of(follower.source)]
            siblings.remove(channel)
            if not siblings:
                del self._by_key[_key_of(follower.source)]

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._read_to_end()
            except Exception as error:
                # The log is out of reach: what was written meanwhile is read when it is back.
                log.warning("tail_unreadable", error=type(error).__name__)
                await asyncio.sleep(self._settings.degraded_poll_seconds)
                continue
            settings = self._settings
            poll = settings.poll_seconds if self._bus.is_healthy else settings.degraded_poll_seconds
            try:
                await asyncio.wait_for(self._wake.wait(), poll)
            except TimeoutError:
                continue

    async def _read_to_end(self) -> None:
        while events := await self._feed.after(self.position):
            masks = await self._masks({recorded.scope for recorded in events})
            # From here on nothing waits: a follower that joins finds position and frames in step.
            self.position = events[-1].position
            for channel, seen in self._sorted(events).items():
                mask = masks.get((channel.source.scope, channel.source.audience))
                channel.hand_out(self._encoded(seen, mask), seen[-1].position)
            self._encodings.clear()
            lag = clock.microseconds(clock.now()) - events[-1].recorded_at
            self._metrics.log_tail_lag_seconds.set(lag / 1e6)
            if len(events) >= BUSY_EVENTS:
                await asyncio.sleep(BUSY_PAUSE_SECONDS)

    async def _masks(self, scopes: set[Scope]) -> dict[tuple[Scope, int], Mask | None]:
        return {
            (scope, int(audience)): await self.masking.mask(scope, int(audience))
            for scope in scopes
            for audience in (Audience.CUSTOMER, Audience.AGENT, Audience.SUPERVISOR)
        }

    def _sorted(self, events: Sequence[Recorded]) -> dict[_Channel, list[Recorded]]:
        by_channel: dict[_Channel, list[Recorded]] = {}
        for recorded in events:
            for observer in self._observers:
                observer(recorded)
            for channel in self._channels_of(recorded):
                by_channel.setdefault(channel, []).append(recorded)
        return by_channel

    def _encoded(
        self, events: Sequence[Recorded], mask: Mask | None
    ) -> list[tuple[Recorded, msgspec.Raw]]:
        if mask is not None:
            return [(recorded, encode_event(mask(recorded))) for recorded in events]
        known = self._encodings
        for recorded in events:
            if recorded.position.id not in known:
                known[recorded.position.id] = encode_event(recorded)
        return [(recorded, known[recorded.position.id]) for recorded in events]

    def _channels_of(self, recorded: Recorded) -> Iterable[_Channel]:
        scope = recorded.scope
        yield from self._by_key.get((recorded.stream_kind, recorded.stream_id, scope), ())
        yield from self._by_key.get((scope, recorded.stream_kind), ())


def _key_of(source: Source) -> object:
    if isinstance(source, StreamSource):
        stream = source.stream
        return (stream.kind, stream.id, stream.scope)
    return (source.scope, source.stream_kind)
