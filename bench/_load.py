"""The load generator, a process of its own: many connections, each sends and waits for the answer.

`generate` starts it and waits for what it counted. Within, requests are complete bytes made before
the clock starts; a request is a few string searches and one write.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import time

import msgspec
import uvloop

from bench._wire import HttpConnection, Socket

MESSAGE = b'"type":"message.sent"'
# Where a request has this, a number of its own is put for each time it is sent.
NUMBER = "@number@"
STRAGGLER_SECONDS = 20.0


class Watch(msgspec.Struct):
    """A live topic to be followed meanwhile: path, headers and the texts to begin with."""

    path: str
    headers: dict[str, str]
    texts: list[str]


class Load(msgspec.Struct):
    """What to send: for so many seconds after warming up, or so many requests in all."""

    port: int
    connections: int
    requests: list[str]
    seconds: float = 10.0
    warm_up: float = 2.0
    count: int | None = None
    watch: Watch | None = None


class Counted(msgspec.Struct):
    """What came of it; `per_second` counts after warming up, the others everything.

    `began` is on the clock of `time.perf_counter`, which all processes of a machine share.
    """

    acknowledged: int
    refused: int
    per_second: float
    began: float
    seconds: float
    processor_seconds: float
    watched: int = 0
    first_refusal: str = ""


def start(load: Load) -> subprocess.Popen[bytes]:
    """Start generating load; `result` waits for its end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench._load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(msgspec.json.encode(load))
    process.stdin.close()
    process.stdin = None
    return process


def result(process: subprocess.Popen[bytes]) -> Counted:
    """Return what a load generator counted."""
    out, _ = process.communicate()
    return msgspec.json.decode(out, type=Counted)


def generate(load: Load) -> Counted:
    """Generate load in another process."""
    return result(start(load))


class _Generator:
    def __init__(self, load: Load) -> None:
        self._load = load
        self._requests = [each.encode().split(NUMBER.encode()) for each in load.requests]
        self._next = 0
        self._in_flight = 0
        self._stopping = False
        self._ended = asyncio.Event()
        self.acknowledged = 0
        self.refused = 0
        self.watched = 0
        self.first_refusal = ""

    async def run(self) -> Counted:
        loop = asyncio.get_running_loop()
        load = self._load
        watcher = await self._watch()
        connections = [
            await HttpConnection.open(load.port, self._answered) for _ in range(load.connections)
        ]
        began, began_at = loop.time(), time.perf_counter()
        self._in_flight = len(connections)
        for connection in connections:
            self._send(connection)
        before = 0
        if load.count is None:
            await asyncio.sleep(load.warm_up)
            warm, before = loop.time(), self.acknowledged
            await asyncio.sleep(load.seconds)
            rate = (self.acknowledged - before) / (loop.time() - warm)
            self._stopping = True
            await self._ended.wait()
        else:
            await self._ended.wait()
            rate = self.acknowledged / (loop.time() - began)
        seconds = loop.time() - began
        await self._stragglers(watcher)
        for connection in connections:
            connection.close()
        return Counted(
            acknowledged=self.acknowledged,
            refused=self.refused,
            per_second=rate,
            began=began_at,
            seconds=seconds,
            processor_seconds=_processor_seconds(),
            watched=self.watched,
            first_refusal=self.first_refusal,
        )

    def _send(self, connection: HttpConnection) -> None:
        pieces = self._requests[self._next % len(self._requests)]
        self._next += 1
        connection.send(str(self._next).encode().join(pieces))

    def _answered(self, connection: HttpConnection, answer: bytes) -> None:
        if answer.startswith(b"HTTP/1.1 200"):
            self.acknowledged += 1
        else:
            self.refused += 1
            self.first_refusal = self.first_refusal or answer.decode(errors="replace")
        enough = self._load.count is not None and self._next >= self._load.count
        if answer and not enough and not self._stopping:
            self._send(connection)
            return
        self._in_flight -= 1
        if not self._in_flight:
            self._ended.set()

    async def _watch(self) -> Socket | None:
        watch = self._load.watch
        if watch is None:
            return None
        socket = await Socket.open(self._load.port, watch.path, self._seen, watch.headers)
        for text in watch.texts:
            socket.send(text.encode())
        await asyncio.sleep(1)
        return socket

    def _seen(self, text: bytes) -> None:
        self.watched += text.count(MESSAGE)

    async def _stragglers(self, watcher: Socket | None) -> None:
        """Wait for what was acknowledged and is still on its way to the watcher."""
        waited = 0.0
        while watcher and self.watched < self.acknowledged and waited < STRAGGLER_SECONDS:
            await asyncio.sleep(0.05)
            waited += 0.05


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    counted = uvloop.run(_Generator(msgspec.json.decode(sys.stdin.buffer.read(), type=Load)).run())
    sys.stdout.buffer.write(msgspec.json.encode(counted))
