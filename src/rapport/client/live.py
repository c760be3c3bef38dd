"""The live protocol (docs/protocol.md): reconnects by itself and continues from its cursors."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
from collections.abc import Callable
from types import TracebackType
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 10.0
# Closing with one of these codes means that trying again would end the same way.
_FINAL = {4401, 4403}

OnEvent = Callable[[str, dict[str, Any]], None]


class Refused(Exception):
    """A request was refused; `name` is for programs, the text for people."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['code']} {error['message']}")
        self.name = str(error["name"])


class LiveClient:
    """One party's connection. Events arrive once and in order, across any number of reconnections.

    Requests that were not answered before the connection broke are asked again on the next one:
    those that change something carry a `key`, so asking twice does it once.
    """

    def __init__(
        self,
        *addresses: str,
        on_event: OnEvent,
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        # Nodes of one installation: when one cannot be reached the next one is tried.
        self._addresses = itertools.cycle(addresses)
        self._address = next(self._addresses)
        self._on_event = on_event
        self._token = token
        self._headers = headers
        self._cursors: dict[str, str | None] = {}
        self._pending: dict[str, tuple[dict[str, Any], asyncio.Future[dict[str, Any]]]] = {}
        self._ids = itertools.count(1)
        self._socket: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._failed: Exception | None = None
        self.connections = 0

    async def __aenter__(self) -> LiveClient:
        self._task = asyncio.create_task(self._run(), name="live-client")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def subscribe(self, topic: str, cursor: str | None = None) -> None:
        """Follow a topic from a cursor, else from its beginning. Raises Refused."""
        self._cursors[topic] = cursor
        await self.request("subscribe", topic=topic, cursor=cursor)

    async def unsubscribe(self, topic: str) -> None:
        """Follow a topic no longer."""
        self._cursors.pop(topic, None)
        await self.request("unsubscribe", topic=topic)

    async def request(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Ask for something; returns the `ok`. Raises Refused, or what ended the connection for good."""
        if self._failed is not None:
            raise self._failed
        request = str(next(self._ids))
        message = {"type": kind, "id": request, **fields}
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._pending[request] = (message, future)
        await self._tell(message)
        return await future

    async def _tell(self, message: dict[str, Any]) -> None:
        if self._socket is not None:
            # A broken connection is noticed by the reading task, which asks again on the next one.
            with contextlib.suppress(WebSocketException, OSError):
                await self._socket.send(msgspec.json.encode(message).decode())

    async def _run(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                async with connect(
                    self._address, additional_headers=self._headers, max_size=None, compression=None
                ) as socket:
                    await self._greet(socket)
                    pause = FIRST_PAUSE
                    await self._read(socket)
            except (WebSocketException, OSError, TimeoutError) as error:
                if self._is_final(error):
                    return
            self._socket = None
            self._address = next(self._addresses)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 (spreads reconnections)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _is_final(self, error: Exception) -> bool:
        code = getattr(getattr(error, "rcvd", None), "code", None)
        if code not in _FINAL:
            return False
        self._failed = error
        for _, future in self._pending.values():
            if not future.done():
                future.set_exception(error)
        return True

    async def _greet(self, socket: ClientConnection) -> None:
        hello = {"type": "hello", "protocol": 1, "token": self._token}
        await socket.send(msgspec.json.encode(hello).decode())
        await asyncio.wait_for(socket.recv(), 10)
        self.connections += 1
        self._socket = socket
        asked = {m["topic"] for m, _ in self._pending.values() if m["type"] == "subscribe"}
        for topic, cursor in list(self._cursors.items()):
            if topic not in asked:
                again = {"type": "subscribe", "id": "again", "topic": topic, "cursor": cursor}
                await self._tell(again)
        for message, _ in list(self._pending.values()):
            if message["type"] == "subscribe":
                message["cursor"] = self._cursors.get(message["topic"])
            await self._tell(message)

    async def _read(self, socket: ClientConnection) -> None:
        async for text in socket:
            message = msgspec.json.decode(text)
            if message["type"] == "frame":
                self._fold(message)
            elif message["type"] in {"ok", "error"}:
                self._settle(message)

    def _fold(self, frame: dict[str, Any]) -> None:
        topic = frame["topic"]
        cursor = self._cursors.get(topic)
        if topic not in self._cursors or frame["cursor"] == cursor:
            return
        if cursor is not None and frame["after"] != cursor:
            raise OSError(f"gap on {topic}: reconnect")
        self._cursors[topic] = frame["cursor"]
        for event in frame["events"]:
            self._on_event(topic, event)

    def _settle(self, message: dict[str, Any]) -> None:
        asked, future = self._pending.pop(message["id"], (None, None))
        if asked is None or future is None or future.done():
            return
        if message["type"] == "error":
            future.set_exception(Refused(message["error"]))
            return
        if asked["type"] == "subscribe" and self._cursors.get(asked["topic"]) is None:
            self._cursors[asked["topic"]] = message.get("cursor")
        future.set_result(message)
