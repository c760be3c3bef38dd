"""What uvicorn alone does: a WebSocket server without an application behind it.

`/echo` returns each text; `/watch` listens; a text `COUNT SIZE` on `/publish` sends so many texts of
that size to everybody who watches. It runs with the same settings as Rapport's server.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from bench._rapport import stop, stop_with_us

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

_watchers: set[Send] = set()


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Serve one socket."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    if scope["path"] == "/watch":
        _watchers.add(send)
    while (message := await receive())["type"] == "websocket.receive":
        if scope["path"] == "/echo":
            await send({"type": "websocket.send", "text": message["text"]})
        else:
            count, size = map(int, message["text"].split())
            await _broadcast(count, "x" * size)
    _watchers.discard(send)


async def _broadcast(count: int, text: str) -> None:
    for _ in range(count):
        for send in list(_watchers):
            await send({"type": "websocket.send", "text": text})
        # An event is on its way before the next one happens.
        await asyncio.sleep(0)


@contextmanager
def peer() -> Iterator[int]:
    """Run it; gives its port."""
    stop_with_us()
    process = subprocess.Popen([sys.executable, "-m", "bench._peer"], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        stop(process)


class _Server(uvicorn.Server):
    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        print(self.servers[0].sockets[0].getsockname()[1], flush=True)


if __name__ == "__main__":
    _Server(
        uvicorn.Config(
            application,
            port=0,
            loop="uvloop",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            lifespan="off",
            log_level="warning",
        )
    ).run()
