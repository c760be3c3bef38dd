"""Suggestions: how long agents wait for them at every key.

    uv run python -m bench.compose --part suggestions [--seconds 20] [--vectors FILE]

Starts a server of its own on an embedded database with 5,000 responses, 40,000 past replies and the
organic lists of 50 agents. Fifty conversations go on at once: a customer writes, its agent types an
answer at five keys a second, asking at every key, and sends it. Then the load this was first measured
with: twenty conversations at eight keys a second, and without a pause. Prints one JSON line a figure;
`against` is the time to embed one customer message alone, in the same run. `--vectors` names a file
that keeps the vectors of the texts between runs.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import uvloop

from bench._compose import (
    REPLIES,
    Answer,
    Client,
    Company,
    Server,
    agent_named,
    answers,
    fill,
    make_company,
    serving,
)
from bench._figures import percentile, tell
from rapport.core import clock
from rapport.core.database import Database
from rapport.core.database.upgrade import upgrade
from rapport.core.ids import new_id
from rapport.engines.embedding import Embedder

# What the server still does after it has read the lists for the first request.
SETTLING_SECONDS = 5
# What is typed of an answer: later keys get no suggestions and cost less.
MOST_KEYS = 24


class Load(NamedTuple):
    """So many conversations in which somebody types, at so many keys a second; 0: without a pause."""

    name: str
    conversations: int
    keys: float
    p95_ms: float
    most_ms: float | None = None

    @property
    def pause(self) -> float:
        return 1 / self.keys if self.keys else 0.0


LOADS = (
    Load("50 agents typing 5 keys a second", 50, 5, 50, 200),
    Load("20 agents typing 8 keys a second", 20, 8, 60),
    Load("20 at once without a pause", 20, 0, 60),
)


class Talk:
    """One conversation whose agent asks for suggestions at every key."""

    def __init__(self, client: Client, number: int, turns: Sequence[Answer]) -> None:
        self._client = client
        self._number = number
        self._turns = turns
        self._id = ""
        self.seconds: list[float] = []

    async def open(self) -> None:
        await self._client.connect()
        record = {
            "externalId": new_id(),
            "timestamp": clock.wire(clock.now()),
            "customer": {"externalId": new_id(), "name": "Sam"},
            "agent": {"externalId": agent_named(self._number), "name": "Kim"},
        }
        opened = await self._client.post("/conversation/v1/conversations", record)
        self._id = opened["id"]

    async def ask(self, query: str) -> int:
        """Ask once, and note how long that took; returns how many suggestions came."""
        path = f"/autocompose/v1/conversations/{self._id}/suggestions"
        started = time.perf_counter()
        answer = await self._client.post(path, {"query": query})
        self.seconds.append(time.perf_counter() - started)
        return len(answer["suggestions"])

    async def say(self, role: str, text: str) -> None:
        said = {
            "text": text,
            "sender": {"role": role, "externalId": role},
            "timestamp": clock.wire(clock.now()),
        }
        await self._client.post(f"/conversation/v1/conversations/{self._id}/messages", said)

    async def run(self, until: float, pause: float) -> None:
        turn = 0
        # The server closes what is idle for a few seconds, as while the others were opened.
        await self._client.connect()
        # People do not all begin in the same second.
        await asyncio.sleep(random.random() * MOST_KEYS * pause)
        while time.monotonic() < until:
            question, answer = self._turns[turn % len(self._turns)]
            turn += 1
            await self.say("customer", question)
            for typed in range(min(len(answer), MOST_KEYS)):
                started = time.monotonic()
                await self.ask(answer[:typed])
                if time.monotonic() > until:
                    return
                await asyncio.sleep(max(0.0, pause - (time.monotonic() - started)))
            await self.say("agent", answer)


class Measured(NamedTuple):
    """Seconds each request took, and the processor seconds of the server for all of them."""

    seconds: list[float]
    busy_seconds: float

    def ms(self, share: float) -> float:
        """The time within which a share of the requests was answered."""
        return percentile(self.seconds, share) * 1_000

    @property
    def busy_ms(self) -> float:
        return self.busy_seconds / len(self.seconds) * 1_000


async def measure(
    server: Server, company: Company, asked: Sequence[Answer], load: Load, seconds: float
) -> Measured:
    """Let every conversation go on for some seconds."""
    talks = [
        Talk(Client(server.address, company.headers), n, asked[n :: load.conversations])
        for n in range(load.conversations)
    ]
    for talk in talks:
        await talk.open()
        await talk.ask("")
        talk.seconds.clear()
    before = server.busy_seconds()
    until = time.monotonic() + seconds
    await asyncio.gather(*(talk.run(until, load.pause) for talk in talks))
    busy = server.busy_seconds() - before
    return Measured([second for talk in talks for second in talk.seconds], busy)


def show(load: Load, measured: Measured, seconds: float, against: float) -> None:
    def figure(name: str, value: float, target: float | None = None) -> None:
        tell(
            f"suggestions, {load.name}, {name}",
            value,
            "ms",
            target=None if target is None else f"at most {target:g}",
            against=f"one customer message embedded alone: {against:.2f} ms",
            ratio=value / against,
        )

    figure("p50", measured.ms(0.5))
    figure("p95", measured.ms(0.95), load.p95_ms)
    figure("p99", measured.ms(0.99))
    figure("longest", max(measured.seconds) * 1_000, load.most_ms)
    figure("processor time of the server for each", measured.busy_ms)
    tell(f"suggestions, {load.name}, answered", len(measured.seconds) / seconds, "a second")


def embedding_ms(asked: Sequence[Answer]) -> float:
    """Median time to embed one message that was never seen before."""
    embedder = Embedder()
    embedder.embed_now([each.question for each in asked[:5]])
    times = []
    for each in asked[:100]:
        started = time.perf_counter()
        embedder.embed_now([each.question])
        times.append((time.perf_counter() - started) * 1_000)
    return percentile(times, 0.5)


async def run(messages: Path, seconds: float, vectors: Path | None) -> None:
    found = answers(messages)
    known, held_out = found[:REPLIES], found[REPLIES:]
    against = embedding_ms(held_out)
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        database = Database(f"sqlite+aiosqlite:///{folder}/rapport.db")
        await upgrade(database.url.render_as_string())
        company = await make_company(database)
        await fill(database, company, known, vectors)
        await database.close()
        async with serving(Path(folder)) as server:
            first = Talk(Client(server.address, company.headers), 0, held_out)
            await first.open()
            assert await first.ask("") == 3
            await asyncio.sleep(SETTLING_SECONDS)
            for number, load in enumerate(LOADS):
                asked = held_out[number :: len(LOADS)]
                measured = await measure(server, company, asked, load, seconds)
                show(load, measured, seconds, against)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=Path, default="../shared/data/airlines/train.jsonl")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--vectors", type=Path)
    options = parser.parse_args()
    uvloop.run(run(options.messages, options.seconds, options.vectors))


if __name__ == "__main__":
    main()
