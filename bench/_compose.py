"""A company as large as Compose is measured with, on a server of the benchmark's own."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from sqlalchemy import insert

from rapport.accounts.onboarding.service import create_company, operator
from rapport.compose.globals.draft import hold
from rapport.compose.globals.models import ListDeployment
from rapport.compose.globals.replacing import Line, replace_all
from rapport.compose.models import PastReply
from rapport.compose.suggestions.anonymous import is_anonymous
from rapport.compose.suggestions.candidates import packed
from rapport.compose.suggestions.inserts import Template
from rapport.compose.suggestions.library import found_by
from rapport.compose.suggestions.models import OrganicText, OrganicUse
from rapport.compose.suggestions.replies import is_worth_keeping
from rapport.compose.texts import fingerprint_of, keep
from rapport.core import clock
from rapport.core.database import Database
from rapport.core.identity import Environment
from rapport.core.ids import CompanyId, new_id
from rapport.engines.embedding import Embedder, Vectors

RESPONSES = 5_000
REPLIES = 40_000
AGENTS = 50
# Texts each agent says again and again.
ORGANICS = 100
SEED = 20_260_401


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

    def busy_seconds(self) -> float:
        """Processor time the server has used so far."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def answers(path: Path) -> list[Answer]:
    """Every answer of the conversations that is worth keeping, in an order that is always the same."""
    found = list(_answers(path))
    random.Random(SEED).shuffle(found)
    return found


def _answers(path: Path) -> Iterator[Answer]:
    for line in path.read_text().splitlines():
        question = ""
        for message in json.loads(line)["messages"]:
            if message["role"] == "customer":
                question = message["text"]
            elif question and is_worth_keeping(message["text"]):
                yield Answer(question, message["text"])


async def make_company(database: Database) -> Company:
    """Create a company whose key is not limited."""
    async with database.writing() as session:
        account = await create_company(
            session, "bench", "Bench", "admin@bench.test", "dev@bench.test"
        )
        key = account.sandbox.key
        key.key.rate_per_second = key.key.burst = 1_000_000
    headers = {"asapp-api-id": key.key.id, "asapp-api-secret": key.secret}
    return Company(account.company.id, headers)


def embedded(known: Sequence[Answer], kept: Path | None) -> tuple[Vectors, Vectors]:
    """Vectors of the questions and of the answers; read from a file where it was kept before."""
    if kept is not None and kept.exists():
        with np.load(kept) as stored:
            return stored["questions"], stored["answers"]
    embedder, cores = Embedder(), os.cpu_count() or 1
    questions = embedder.embed_now([each.question for each in known], threads=cores)
    texts = embedder.embed_now([each.answer for each in known], threads=cores)
    if kept is not None:
        np.savez(kept, questions=questions, answers=texts)
    return questions, texts


async def fill(
    database: Database, company: Company, known: Sequence[Answer], kept: Path | None = None
) -> None:
    """Store what a company has after some years, with its vectors, as its jobs would."""
    questions, texts = embedded(known, kept)
    now = clock.now()
    scope = {"company_id": company.id, "environment": "sandbox"}
    replies = [
        {
            "id": new_id(),
            "conversation_id": "",
            "agent": agent_named(row % AGENTS),
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
        said = {
            e.answer: packed(t) for e, t in zip(known[RESPONSES:], texts[RESPONSES:], strict=True)
        }
        organics, uses = _organics(said, scope)
        await session.execute(insert(OrganicText), organics)
        await session.execute(insert(OrganicUse), uses)


def _organics(
    said: dict[str, bytes], scope: dict[str, str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What each agent says again and again, and two conversations in which it did."""
    plain = {Template(text).saying: text for text in said if is_anonymous(text)}
    texts = [
        {
            "id": new_id(),
            "fingerprint": row.to_bytes(16, "big"),
            "text": text,
            "wanted": True,
            "is_common": False,
            "vector": said[text],
            "said_at": clock.now(),
            **scope,
        }
        for row, text in enumerate(islice(plain.values(), AGENTS * ORGANICS))
    ]
    uses = [
        {
            "text_id": text["id"],
            "conversation_id": f"{time}",
            "agent": agent_named(row % AGENTS),
            "customer_id": f"{time}",
            **scope,
        }
        for row, text in enumerate(texts)
        for time in range(2)
    ]
    return texts, uses


def agent_named(number: int) -> str:
    """The external id of one of the agents."""
    return f"agent-{number}"


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
        """Open the connection."""
        self._reader, self._writer = await asyncio.open_connection(self._host, int(self._port))

    async def post(self, path: str, body: object) -> dict[str, Any]:
        """Post, and return the answer. Raises RuntimeError for anything but 200."""
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
