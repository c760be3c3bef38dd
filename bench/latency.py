"""How long a message takes to reach the other party's WebSocket, at 200 messages a second.

    python -m bench.latency [--rate 200] [--seconds 15]

Half of the messages are written over the HTTP API and awaited by a supervisor, half are sent by an
agent's socket and awaited by the customer's. Times run from the write of the request to the read of
the frame, in one process. `against` is a round trip through a bare uvicorn WebSocket echo, at the
same rate in the same run.
"""

import argparse
import asyncio
import itertools
import json
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import httpx
import uvloop

from bench._figures import percentile, tell
from bench._peer import peer
from bench._rapport import Rapport, rapport
from bench._wire import HttpConnection, Socket

TARGETS = {"p50": (0.50, "<= 5"), "p99": (0.99, "<= 30")}
CUSTOMERS = 5
API_CONNECTIONS = 16
WARM_UP_SECONDS = 2.0
TEXT = "thank you for waiting, your bag is on the next flight and will be brought to your door "


class Stopwatch:
    """When each message was sent, and how long it took."""

    def __init__(self) -> None:
        self._sent: dict[str, float] = {}
        self.ms: list[float] = []

    def start(self, key: str) -> None:
        self._sent[key] = time.perf_counter()

    def stop(self, key: str) -> None:
        now = time.perf_counter()
        self.ms.append((now - self._sent.pop(key)) * 1_000)

    def is_timing(self, key: str) -> bool:
        return key in self._sent

    @property
    def missing(self) -> int:
        return len(self._sent)


async def at_rate(
    rate: float, seconds: float, send: Callable[[str], None], prefix: str = "message"
) -> None:
    """Call with a new name at even distances, however long each call takes."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(began + number / rate - loop.time())
        send(f"{prefix}-{number}")


async def echo(rate: float, seconds: float) -> Stopwatch:
    """Time round trips through the bare server."""
    watch = Stopwatch()
    with peer() as port:
        socket = await Socket.open(port, "/echo", lambda text: watch.stop(text.decode()))

        def send(key: str) -> None:
            watch.start(key)
            socket.send(key.encode())

        await at_rate(rate, seconds, send)
        await asyncio.sleep(0.5)
    return watch


class Desk:
    """An agent who takes what is assigned, with five customers; each reads the agent's messages."""

    def __init__(self, server: Rapport) -> None:
        self._server = server
        self._assigned: list[str] = []
        self._assignments = asyncio.Event()
        self._next = itertools.count()
        self.watch = Stopwatch()

    async def open(self) -> None:
        """Bring everybody together."""
        headers = self._server.sign_in("agent")
        self._agent = await self._server.socket(self._heard_by_agent, headers=headers)
        self._ask(self._agent, "subscribe", topic="me")
        self._server.become_active(headers)
        with httpx.Client(base_url=self._server.address) as client:
            for _ in range(CUSTOMERS):
                token = self._server.chat_token(client)
                customer = await self._server.socket(self._heard_by_customer, token=token)
                self._ask(customer, "open", key="first", text="Where is my bag?")
                self._assignments.clear()
                await asyncio.wait_for(self._assignments.wait(), 20)
                conversation = self._assigned[-1]
                self._ask(customer, "subscribe", topic=f"conversation/{conversation}")
        await asyncio.sleep(0.5)

    def say(self, key: str) -> None:
        """Have the agent answer the next customer."""
        conversation = self._assigned[next(self._next) % len(self._assigned)]
        self.watch.start(key)
        self._ask(self._agent, "send", conversation=conversation, key=key, text=TEXT + key)

    def _ask(self, socket: Socket, kind: str, **fields: str) -> None:
        message = {"type": kind, "id": str(next(self._next)), **fields}
        socket.send(json.dumps(message).encode())

    def _heard_by_agent(self, text: bytes) -> None:
        for event in events_of(text):
            if event["type"] == "assignment.made":
                self._assigned.append(event["data"]["conversation"])
                self._assignments.set()

    def _heard_by_customer(self, text: bytes) -> None:
        heard(self.watch, text)


class Integration:
    """An integrator who writes over the HTTP API, and a supervisor who watches."""

    def __init__(self, server: Rapport) -> None:
        self._server = server
        self._free: deque[HttpConnection] = deque()
        self._waiting: deque[bytes] = deque()
        self._next = itertools.count()
        self.watch = Stopwatch()

    async def open(self) -> None:
        """Connect both."""
        self._conversations = self._server.conversations(CUSTOMERS)
        headers = self._server.sign_in("supervisor")
        socket = await self._server.socket(lambda t: heard(self.watch, t), headers=headers)
        socket.send(b'{"type": "subscribe", "id": "1", "topic": "conversations"}')
        for _ in range(API_CONNECTIONS):
            self._free.append(await HttpConnection.open(self._server.port, self._answered))
        await asyncio.sleep(0.5)

    def say(self, key: str) -> None:
        """Write the next message."""
        conversation = self._conversations[next(self._next) % CUSTOMERS]
        data = self._server.message(conversation, "customer", TEXT + key, key=key)
        self.watch.start(key)
        if self._free:
            self._free.popleft().send(data)
        else:
            self._waiting.append(data)

    def _answered(self, connection: HttpConnection, answer: bytes) -> None:
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer.decode())
        if self._waiting:
            connection.send(self._waiting.popleft())
        else:
            self._free.append(connection)


def events_of(text: bytes) -> list[dict[str, Any]]:
    """Return the events of a text, none when it is no frame."""
    message = json.loads(text)
    return list(message.get("events", ()))


def heard(watch: Stopwatch, text: bytes) -> None:
    """Stop the time of every message in a text that is being waited for."""
    for event in events_of(text):
        key = event["data"].get("key") or ""
        if watch.is_timing(key):
            watch.stop(key)


async def both(server: Rapport, rate: float, seconds: float) -> tuple[Stopwatch, Stopwatch]:
    """Have both ways spoken at once, each at half the rate; what is said to warm up is not timed."""
    desk, integration = Desk(server), Integration(server)
    await desk.open()
    await integration.open()
    for part, length in (("warm", WARM_UP_SECONDS), ("timed", seconds)):
        desk.watch, integration.watch = Stopwatch(), Stopwatch()
        await asyncio.gather(
            *(at_rate(rate / 2, length, say, part) for say in (desk.say, integration.say))
        )
        await asyncio.sleep(1)
    return integration.watch, desk.watch


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rate", type=float, default=200.0, help="messages a second")
    parser.add_argument("--seconds", type=float, default=15.0)
    options = parser.parse_args()
    bare = uvloop.run(echo(options.rate, min(5.0, options.seconds)))
    with rapport() as server:
        api, desk = uvloop.run(both(server, options.rate, options.seconds))
    for way, watch in (("API to supervisor", api), ("agent to customer", desk)):
        for name, (share, target) in TARGETS.items():
            ours, theirs = percentile(watch.ms, share), percentile(bare.ms, share)
            tell(
                f"{way}, {options.rate:.0f} messages/s, {name}",
                ours,
                "ms",
                target=target,
                against=f"bare uvicorn WebSocket echo: {theirs:.2f} ms",
                ratio=ours / theirs,
            )
        told = f"sent: {len(watch.ms) + watch.missing}"
        tell(f"{way}, not arrived", watch.missing, "messages", target="0", against=told)


if __name__ == "__main__":
    main()
