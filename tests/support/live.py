"""A client of the live protocol for tests."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect


class LiveClient:
    """Speaks docs/protocol.md; keeps every message and folds frames by topic."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.welcome: dict[str, Any] = {}
        self.messages: list[dict[str, Any]] = []
        self.cursors: dict[str, str] = {}
        self.events: dict[str, list[dict[str, Any]]] = {}
        self._ids = itertools.count(1)
        self._arrived = asyncio.Condition()
        self._reading: asyncio.Task[None] | None = None

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        address: str,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> AsyncIterator[LiveClient]:
        """Connect, say hello and wait for the welcome."""
        async with connect(address, additional_headers=headers, max_size=None, **options) as socket:
            client = cls(socket)
            await client.tell({"type": "hello", "protocol": 1, "token": token})
            client.welcome = json.loads(await socket.recv())
            client._reading = asyncio.create_task(client._read())
            try:
                yield client
            finally:
                client._reading.cancel()

    async def tell(self, message: dict[str, Any]) -> None:
        """Send a message."""
        await self.socket.send(json.dumps(message))

    async def ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Make a request and return its answer, `ok` or `error`."""
        request = str(next(self._ids))
        await self.tell({"type": kind, "id": request, **fields})
        return await self.until(
            lambda m: m["type"] in {"ok", "error", "pong"} and m.get("id") == request
        )

    async def subscribe(self, topic: str, cursor: str | None = None) -> dict[str, Any]:
        """Follow a topic."""
        if cursor is not None:
            self.cursors[topic] = cursor
        return await self.ask("subscribe", topic=topic, cursor=cursor)

    async def until(
        self, wanted: Callable[[dict[str, Any]], bool], seconds: float = 10
    ) -> dict[str, Any]:
        """Return the first message, past or coming, that is wanted."""
        async with asyncio.timeout(seconds), self._arrived:
            while True:
                for message in self.messages:
                    if wanted(message):
                        return message
                await self._arrived.wait()

    async def event(
        self, topic: str, kind: str, seconds: float = 10, **data: Any
    ) -> dict[str, Any]:
        """Return the first event of a kind on a topic whose data has these values."""

        def is_it(event: dict[str, Any]) -> bool:
            return event["type"] == kind and all(
                event["data"].get(name) == value for name, value in data.items()
            )

        async with asyncio.timeout(seconds), self._arrived:
            while True:
                for event in self.events.get(topic, []):
                    if is_it(event):
                        return event
                await self._arrived.wait()

    async def _read(self) -> None:
        async for text in self.socket:
            message = json.loads(text)
            async with self._arrived:
                self.messages.append(message)
                if message["type"] == "frame":
                    self._fold(message)
                self._arrived.notify_all()

    def _fold(self, frame: dict[str, Any]) -> None:
        topic = frame["topic"]
        before = self.cursors.get(topic)
        if frame["cursor"] == before:
            return
        if before is not None and before != frame["after"]:
            raise AssertionError(
                f"gap on {topic}: at {before}, frame begins after {frame['after']}"
            )
        self.cursors[topic] = frame["cursor"]
        self.events.setdefault(topic, []).extend(frame["events"])
