"""The bus of a cluster: publish and subscribe on Redis or Valkey, through its absences.

One connection listens; one task sends what waits, many messages in one round trip. Plain `PUBLISH`
reaches every node of a Redis Cluster whichever node it is told to, so channels need no hash tag.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import Callable
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import RedisError

from rapport.core.bus.bus import Handler, Subscribers
from rapport.core.ids import new_id

# While Redis is away the newest messages are worth more than the oldest, and memory is worth more
# than both.
WAITING = 10_000
# Messages sent in one round trip: more would make the first wait for the last to be packed.
TOGETHER = 500
PREFIX = "rapport:"
# A channel nobody publishes to: listening to it proves the connection from the first moment on.
ALWAYS = "nodes"
# A connection that says nothing for this long is asked; if it still says nothing it is dead.
SILENCE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 2.0

_FAULTS = (RedisError, OSError, asyncio.TimeoutError)

logger = structlog.get_logger(__name__)


class RedisBus:
    """Carries messages between nodes over Redis; reconnects by itself, with growing pauses."""

    def __init__(self, url: str) -> None:
        self._client = Redis.from_url(
            url,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=2,
            socket_timeout=5,
        )
        self._node = new_id().encode()
        self._subscribers = Subscribers()
        self._waiting: deque[tuple[str, bytes]] = deque(maxlen=WAITING)
        self._wake = asyncio.Event()
        self._listening: PubSub | None = None
        self._asked: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = False

    @property
    def is_healthy(self) -> bool:
        """Whether the connection to Redis stands."""
        return self._listening is not None

    async def open(self) -> None:
        """Start listening and sending, whether or not Redis is there yet."""
        connected = asyncio.Event()
        self._tasks = [
            asyncio.create_task(self._listen_for_ever(connected), name="bus-listen"),
            asyncio.create_task(self._send_for_ever(), name="bus-send"),
        ]
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(connected.wait(), timeout=2)

    async def close(self) -> None:
        """Stop, and disconnect."""
        # The client turns a cancellation that meets it while connecting into a connection error, so
        # the loops also look at this.
        self._closing = True
        self._wake.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self._client.aclose()

    def publish(self, channel: str, payload: bytes) -> None:
        """Tell this node's subscribers at once, the other nodes' as soon as it goes."""
        self._waiting.append((channel, payload))
        self._wake.set()
        self._subscribers.deliver(channel, payload)

    def subscribe(self, channel: str, handler: Handler) -> Callable[[], None]:
        """Add a handler; returns the function that removes it."""
        self._subscribers.add(channel, handler)
        self._wake.set()

        def leave() -> None:
            self._subscribers.remove(channel, handler)
            self._wake.set()

        return leave

    async def _listen_for_ever(self, connected: asyncio.Event) -> None:
        pause = 0.05
        while not self._closing:
            try:
                async with self._client.pubsub() as pubsub:
                    await self._listen(pubsub, connected)
            except _FAULTS as fault:
                if self.is_healthy:
                    pause = 0.05
                    logger.warning("bus_disconnected", error=type(fault).__name__)
                self._listening = None
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _listen(self, pubsub: PubSub, connected: asyncio.Event) -> None:
        self._asked = {ALWAYS, *self._subscribers.channels}
        await pubsub.subscribe(*(PREFIX + channel for channel in sorted(self._asked)))
        is_asked = False
        while True:
            message = await pubsub.get_message(timeout=SILENCE_SECONDS)
            if message is not None:
                is_asked = False
                self._receive(pubsub, message, connected)
            elif is_asked:
                raise Disconnected("no answer to a ping")
            else:
                is_asked = True
                await pubsub.ping()

    def _receive(self, pubsub: PubSub, message: dict[str, Any], connected: asyncio.Event) -> None:
        if self._listening is None:
            self._listening = pubsub
            connected.set()
            self._wake.set()
            logger.info("bus_connected")
        if message["type"] != "message":
            return
        sender, payload = message["data"][: len(self._node)], message["data"][len(self._node) :]
        if sender != self._node:
            channel = message["channel"].decode().removeprefix(PREFIX)
            self._subscribers.deliver(channel, payload)

    async def _send_for_ever(self) -> None:
        while not self._closing:
            await self._wake.wait()
            self._wake.clear()
            if self._listening is None:
                continue  # connecting wakes this task
            try:
                await self._follow_subscribers(self._listening)
                await self._send_waiting()
            except _FAULTS as fault:
                logger.warning("bus_send_failed", error=type(fault).__name__)
                self._wake.set()
                await asyncio.sleep(0.2)

    async def _follow_subscribers(self, pubsub: PubSub) -> None:
        wanted = {ALWAYS, *self._subscribers.channels}
        new, old = wanted - self._asked, self._asked - wanted
        self._asked = wanted
        if new:
            await pubsub.subscribe(*(PREFIX + channel for channel in sorted(new)))
        if old:
            await pubsub.unsubscribe(*(PREFIX + channel for channel in sorted(old)))

    async def _send_waiting(self) -> None:
        while self._waiting:
            count = min(TOGETHER, len(self._waiting))
            async with self._client.pipeline(transaction=False) as pipeline:
                for _ in range(count):
                    channel, payload = self._waiting.popleft()
                    pipeline.publish(PREFIX + channel, self._node + payload)
                await pipeline.execute()
