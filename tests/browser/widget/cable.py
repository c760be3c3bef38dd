"""The cable between a browser and the server, which a test may pull out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Cable:
    """Carries bytes to the server while plugged in; pulled out, it drops every connection."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._carrying: set[asyncio.Task[None]] = set()
        self._is_plugged = True
        self.address = ""

    def pull(self) -> None:
        """Cut all connections and refuse new ones."""
        self._is_plugged = False
        for task in self._carrying:
            task.cancel()

    def plug(self) -> None:
        """Carry again."""
        self._is_plugged = True

    async def _carry(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if not self._is_plugged or task is None:
            back.transport.abort()
            return
        self._carrying.add(task)
        far, there = await asyncio.open_connection(*self._to)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_pour(near, there))
                group.create_task(_pour(far, back))
        except* ConnectionError:
            pass  # one side went: so does the other
        finally:
            self._carrying.discard(task)
            for writer in (back, there):
                writer.transport.abort()


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        target.write(data)
        await target.drain()
    with contextlib.suppress(OSError):
        target.write_eof()


@asynccontextmanager
async def cable_to(host: str, port: int) -> AsyncIterator[Cable]:
    """Lay a cable to a server."""
    cable = Cable(host, port)

    async def carry(near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await cable._carry(near, back)

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    cable.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield cable
    finally:
        server.close()
        cable.pull()
