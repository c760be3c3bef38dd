"""Suggestions: how long an agent waits for them while twenty conversations ask at once.

    uv run bench/suggestions.py [--messages ../shared/data/airlines/train.jsonl] [--seconds 20]

Starts a server of its own on an embedded database with 5,000 responses and 40,000 past replies,
lets twenty conversations ask at once (a customer writes, the agent then types), at a typist's pace
and then without a pause, and prints one JSON line a figure. `against` is the time to embed one
customer message alone, in the same run.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import insert

from rapport.accounts.onboarding.service import create_company, operator
from rapport.compose.globals.draft import hold
from rapport.compose.globals.models import ListDeployment
from rapport.compose.globals.replacing import Line, replace_all
from rapport.compose.models import PastReply
from rapport.compose.suggestions.candidates import packed
from rapport.compose.suggestions.library import found_by
from rapport.compose.suggestions.replies import is_worth_keeping
from rapport.compose.texts import fingerprint_of, keep
from rapport.core import clock
from rapport.core.database import Database
from rapport.core.database.upgrade import upgrade
from rapport.core.identity import Environment
from rapport.core.ids import CompanyId, new_id
from rapport.engines.embedding import Embedder

RESPONSES = 5_000
REPLIES = 40_000
CONVERSATIONS = 20
TARGET_MS = 60.0
# What an agent types after each customer message; the first request comes before the first key.
TYPED = ("", "s", "so", "sorr")
# A fast typist manages five.
KEYS = 8
SEED = 20_260_401
# The server prepares its library for fast searching in the background after the first request.
SETTLING_SECONDS = 20


class Answer(NamedTuple):
    """A customer message and what an agent answered."""

    question: str
    answer: str


class Company(NamedTuple):
    """A company to ask for, and its key."""

    id: str
    headers: dict[str, str]


class Server(NamedTuple):
    """A server that answers, and its process id."""

    address: str
    process: int


def answers(path: Path) -> Iterator[Answer]:
    """Every answer of the conversations that is worth keeping."""
    for line in path.read_text().splitlines():
        question = ""
        for message in json.loads(line)["messages"]:
            if message["role"] == "customer":
                question = message["text"]
            elif question and is_worth_keeping(message["text"]):
                yield Answer(question, message["text"])


async def make_company(database: Database) -> Company:
    async with database.writing() as session:
        account = await create_company(
            session, "bench", "Bench", "admin@bench.test", "dev@bench.test"
        )
        key = account.sandbox.key
        key.key.rate_per_second = key.key.burst = 1_000_000
    headers = {"asapp-api-id": key.key.id, "asapp-api-secret": key.secret}
    return Company(account.company.id, headers)


async def fill(database: Database, company: Company, known: Sequence[Answer]) -> None:
    """Store responses and past replies with their vectors, as their jobs would."""
    embedder, cores = Embedder(), os.cpu_count() or 1
    questions = embedder.embed_now([each.question for each in known], threads=cores)
    texts = embedder.embed_now([each.answer for each in known], threads=cores)
    scope = {"company_id": company.id, "environment": "sandbox"}
    now = clock.now()
    replies = [
        {
            "id": new_id(),
            "conversation_id": "",
            "seq": 0,
            "text": each.answer,
            "said_at": now,
            "fingerprint": row.to_bytes(16, "big"),
            "situation": packed(found_by(question, text)),
            "meaning": packed(text),
            **scope,
        }
        for row, (each, question, text) in enumerate(zip(known, questions, texts, strict=True))
    ]
    # What a company would write down is what its agents say anyway: a library has no other source.
    listed = {each.answer: packed(text) for each, text in zip(known, texts, strict=True)}
    listed = dict(islice(listed.items(), RESPONSES))
    caller = operator(CompanyId(company.id), Environment.SANDBOX)
    async with database.writing() as session:
        await session.execute(insert(PastReply), replies)
        await keep(session, company.id, {fingerprint_of(text): listed[text] for text in listed})
        draft = await hold(session, caller)
        await replace_all(draft, [Line(text) for text in listed])
        draft.list.saved = 1
        deployed = ListDeployment(
            company_id=company.id,
            environment=Environment.SANDBOX,
            number=1,
            version=1,
            author="bench",
            at=now,
        )
        session.add(deployed)


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Server]:
    """Run `rapport serve` in the folder until the block ends."""
    environment = {
        **os.environ,
        "RAPPORT_DATA_FOLDER": str(folder),
        "RAPPORT_SERVER_DEFAULT_ENVIRONMENT": "sandbox",
        "RAPPORT_TELEMETRY_LOG_LEVEL": "warning",
        "PYTHONUNBUFFERED": "1",
    }
    rapport = Path(sys.executable).with_name("rapport")
    server = await asyncio.create_subprocess_exec(
        rapport, "serve", "--port", "0", env=environment, stderr=asyncio.subprocess.PIPE
    )
    assert server.stderr is not None
    try:
        line = await server.stderr.readline()
        yield Server(line.decode().split()[-1], server.pid)
    finally:
        server.terminate()
        await server.wait()


class Client:
    """One connection that posts JSON: a full HTTP client would take as much of the cores as the server."""

    def __init__(self, address: str, headers: dict[str, str]) -> None:
        self._host, _, self._port = address.removeprefix("http://").partition(":")
        lines = {"host": self._host, "content-type": "application/json", **headers}
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in lines.items())

    async def connect(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._host, int(self._port))

    async def post(self, path: str, body: object) -> dict[str, Any]:
        content = msgspec.json.encode(body)
        head = f"POST {path} HTTP/1.1\r\n{self._headers}content-length: {len(content)}\r\n\r\n"
        self._writer.write(head.encode() + content)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        status, *fields = answer.decode().lower().split("\r\n")
        length = next(f for f in fields if f.startswith("content-length:")).partition(":")[2]
        content = await self._reader.readexactly(int(length))
        if " 200 " not in f"{status} ":
            raise RuntimeError(f"{path} answered {status}: {content.decode()}")
        found: dict[str, Any] = msgspec.json.decode(content)
        return found


class Talk:
    """One conversation whose agent asks for suggestions at every key."""

    def __init__(self, client: Client, questions: Sequence[str]) -> None:
        self._client = client
        self._questions = questions
        self._id = ""
        self.seconds: list[float] = []

    async def open(self) -> None:
        await self._client.connect()
        record = {
            "externalId": new_id(),
            "timestamp": clock.wire(clock.now()),
            "customer": {"externalId": new_id(), "name": "Sam"},
            "agent": {"externalId": "agent", "name": "Kim"},
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

    async def run(self, until: float, pause: float) -> None:
        turn = 0
        await asyncio.sleep(random.random() * pause)
        while time.monotonic() < until:
            said = {
                "text": self._questions[turn % len(self._questions)],
                "sender": {"role": "customer", "externalId": "c"},
                "timestamp": clock.wire(clock.now()),
            }
            turn += 1
            await self._client.post(f"/conversation/v1/conversations/{self._id}/messages", said)
            for query in TYPED:
                await self.ask(query)
                await asyncio.sleep(pause)


async def warm_up(server: Server, company: Company, asked: Sequence[str]) -> None:
    """Have the library read, and prepared for fast searching."""
    first = Talk(Client(server.address, company.headers), asked)
    await first.open()
    assert await first.ask("") == 3
    await asyncio.sleep(SETTLING_SECONDS)


class Measured(NamedTuple):
    """Seconds each request took, and the processor seconds of the server for all of them."""

    seconds: list[float]
    busy_seconds: float

    def cut(self, percent: int) -> float:
        """A percentile in ms."""
        return statistics.quantiles(self.seconds, n=100)[percent - 1] * 1_000

    @property
    def busy_ms(self) -> float:
        return self.busy_seconds / len(self.seconds) * 1_000


def busy_seconds(process: int) -> float:
    """Processor time a process has used so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(
    server: Server, company: Company, asked: Sequence[str], seconds: float, pause: float
) -> Measured:
    """Let every conversation ask for some seconds, with a pause after each answer."""
    talks = [
        Talk(Client(server.address, company.headers), asked[n::CONVERSATIONS])
        for n in range(CONVERSATIONS)
    ]
    for talk in talks:
        await talk.open()
    before = busy_seconds(server.process)
    until = time.monotonic() + seconds
    await asyncio.gather(*(talk.run(until, pause) for talk in talks))
    busy = busy_seconds(server.process) - before
    return Measured([second for talk in talks for second in talk.seconds], busy)


def embedding_ms(asked: Sequence[str]) -> float:
    """Median time to embed one message that was never seen before."""
    embedder = Embedder()
    embedder.embed_now(asked[:5])
    times = []
    for text in asked[:200]:
        started = time.perf_counter()
        embedder.embed_now([text])
        times.append((time.perf_counter() - started) * 1_000)
    return statistics.median(times)


def show(figure: str, value: float, against: float, target: float | None = None) -> None:
    line = {
        "figure": figure,
        "value": round(value, 2),
        "unit": "ms",
        "target": target,
        "against": round(against, 2),
        "ratio": round(value / against, 2),
    }
    print(json.dumps(line), flush=True)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=Path, default="../shared/data/airlines/train.jsonl")
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    found = list(answers(options.messages))
    random.Random(SEED).shuffle(found)
    known, held_out = found[:REPLIES], found[REPLIES:]
    asked = [each.question for each in held_out]
    against = embedding_ms(asked)
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        database = Database(f"sqlite+aiosqlite:///{folder}/rapport.db")
        await upgrade(database.url.render_as_string())
        company = await make_company(database)
        await fill(database, company, known)
        await database.close()
        async with serving(Path(folder)) as server:
            await warm_up(server, company, asked)
            half = len(asked) // 2
            paced = await measure(server, company, asked[:half], options.seconds, 1 / KEYS)
            full = await measure(server, company, asked[half:], options.seconds, 0)
    show(f"suggestions, 20 agents typing {KEYS} keys a second, p50", paced.cut(50), against)
    show(
        f"suggestions, 20 agents typing {KEYS} keys a second, p95",
        paced.cut(95),
        against,
        TARGET_MS,
    )
    show("suggestions, 20 at once without a pause, p50", full.cut(50), against)
    show("suggestions, 20 at once without a pause, p95", full.cut(95), against)
    show("suggestions, processor time of the server for each", full.busy_ms, against)


if __name__ == "__main__":
    asyncio.run(main())
