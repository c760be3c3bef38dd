"""Resident memory that idle WebSocket clients add to the server.

    python -m bench.idle [--clients 2000]

Every client is a customer of their own. First they only say hello and are welcomed; then each opens a
conversation and follows it, which is as idle as a customer with a chat open gets.
"""

import argparse
import asyncio
import json
import resource
import time

import httpx
import uvloop

from bench._figures import tell
from bench._rapport import Rapport, rapport
from bench._wire import Socket

TARGET_MB = 150
WARMING_CLIENTS = 50
ABREAST = 50
SETTLE_SECONDS = 3.0


class Customer:
    """One customer's connection; knows when what it asked for was answered."""

    def __init__(self, server: Rapport, token: str) -> None:
        self._server = server
        self._token = token
        self._answered = asyncio.Event()
        self._conversation = ""
        self.socket: Socket | None = None

    async def connect(self) -> None:
        """Say hello and be welcomed."""
        self.socket = await self._server.socket(self._hear, token=self._token)
        await self._answered.wait()

    async def chat(self) -> None:
        """Open a conversation and follow it."""
        await self._ask({"type": "open", "id": "1", "key": "first", "text": "Where is my bag?"})
        topic = f"conversation/{self._conversation}"
        await self._ask({"type": "subscribe", "id": "2", "topic": topic})

    async def _ask(self, message: dict[str, str]) -> None:
        assert self.socket is not None
        self._answered.clear()
        self.socket.send(json.dumps(message).encode())
        await self._answered.wait()

    def _hear(self, text: bytes) -> None:
        message = json.loads(text)
        if message["type"] == "error":
            raise RuntimeError(text.decode())
        if message["type"] in {"welcome", "ok"}:
            self._conversation = message.get("conversation", self._conversation)
            self._answered.set()


async def abreast(customers: list[Customer], step: str) -> None:
    """Have all take a step, some at a time."""
    for start in range(0, len(customers), ABREAST):
        some = customers[start : start + ABREAST]
        await asyncio.wait_for(asyncio.gather(*(getattr(c, step)() for c in some)), 30)


async def added(server: Rapport, clients: int) -> tuple[float, float, int]:
    """Megabytes added by welcomed clients and by those in a conversation, and connections lost."""
    with httpx.Client(base_url=server.address) as client:
        tokens = [server.chat_token(client) for _ in range(clients + WARMING_CLIENTS)]
    warming = [Customer(server, token) for token in tokens[clients:]]
    for step in ("connect", "chat"):
        await abreast(warming, step)
    await asyncio.sleep(SETTLE_SECONDS)
    before = server.resident_mb()
    customers = [Customer(server, token) for token in tokens[:clients]]
    await abreast(customers, "connect")
    await asyncio.sleep(SETTLE_SECONDS)
    welcomed = server.resident_mb() - before
    await abreast(customers, "chat")
    await asyncio.sleep(SETTLE_SECONDS)
    chatting = server.resident_mb() - before
    lost = sum(c.socket is None or c.socket.closed is not None for c in customers)
    return welcomed, chatting, lost


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=2_000)
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    began = time.monotonic()
    with rapport() as server:
        at_rest = server.resident_mb()
        welcomed, chatting, lost = uvloop.run(added(server, options.clients))
    for what, value in (("welcomed", welcomed), ("in a conversation", chatting)):
        tell(
            f"memory added by {options.clients} idle clients, {what}",
            value,
            "MB",
            target=f"<= {TARGET_MB}",
            against=f"server before: {at_rest:.0f} MB",
            ratio=value / at_rest,
        )
    seconds = time.monotonic() - began
    tell("idle connections lost", lost, "connections", target="0", against=f"after {seconds:.0f} s")


if __name__ == "__main__":
    main()
