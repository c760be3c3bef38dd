"""What a bus promises, and the bus of a single process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

import structlog

Handler = Callable[[bytes], None]

logger = structlog.get_logger(__name__)


@runtime_checkable  # handlers ask for a bus by this type
class Bus(Protocol):
    """Carries small messages between the nodes, best effort, in order for one channel and node.

    Everything here is called on the event loop. A node hears its own messages at once, before
    `publish` returns, and once.
    """

    @property
    def is_healthy(self) -> bool:
        """Whether messages reach the other nodes at the moment."""
        ...

    async def open(self) -> None:
        """Start carrying. Succeeds while the server is away: the bus connects when it comes."""
        ...

    async def close(self) -> None:
        """Stop carrying; what still waits to be sent may be lost. Closing twice is allowed."""
        ...

    def publish(self, channel: str, payload: bytes) -> None:
        """Tell every subscriber of a channel; never waits, never fails the caller."""
        ...

    def subscribe(self, channel: str, handler: Handler) -> Callable[[], None]:
        """Have a handler called with each message of exactly this channel; returns the way out."""
        ...


class Subscribers:
    """The handlers of one process, by channel."""

    def __init__(self) -> None:
        self._handlers: dict[str, list[Handler]] = {}

    @property
    def channels(self) -> frozenset[str]:
        """The channels somebody listens to."""
        return frozenset(self._handlers)

    def add(self, channel: str, handler: Handler) -> None:
        """Add a handler to a channel."""
        self._handlers.setdefault(channel, []).append(handler)

    def remove(self, channel: str, handler: Handler) -> None:
        """Remove a handler; removing it twice is allowed."""
        handlers = self._handlers.get(channel, [])
        if handler in handlers:
            handlers.remove(handler)
        if not handlers:
            self._handlers.pop(channel, None)

    def deliver(self, channel: str, payload: bytes) -> None:
        """Call every handler of a channel; one that fails stops neither the others nor the caller."""
        for handler in tuple(self._handlers.get(channel, ())):
            try:
                handler(payload)
            except Exception:
                # Whoever published is not to blame, and the other handlers still have to hear it.
                logger.exception("bus_handler_failed", channel_kind=channel.partition(":")[0])


class MemoryBus:
    """The bus of an embedded installation: one process, nothing to lose, nothing to wait for."""

    def __init__(self) -> None:
        self._subscribers = Subscribers()

    @property
    def is_healthy(self) -> bool:
        """Always: there is nobody else to reach."""
        return True

    async def open(self) -> None:
        """Nothing to connect to."""

    async def close(self) -> None:
        """Nothing to disconnect from."""

    def publish(self, channel: str, payload: bytes) -> None:
        """Call the channel's handlers."""
        self._subscribers.deliver(channel, payload)

    def subscribe(self, channel: str, handler: Handler) -> Callable[[], None]:
        """Add a handler; returns the function that removes it."""
        self._subscribers.add(channel, handler)
        return lambda: self._subscribers.remove(channel, handler)
