"""What help is worth, of a million messages: how long the figures take, and how fast they are kept.

    uv run python -m bench.compose --part metrics [--messages 20000]

Ninety days of 100 agents in two queues each lie as the reader sums them up; they are read as the
console reads them. Then the reader itself counts messages that were sent and reported.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bench._figures import percentile, tell
from rapport.accounts.companies.models import Company
from rapport.app import SECTIONS
from rapport.compose.usage import metrics
from rapport.compose.usage.events import MessageReported, usage_stream
from rapport.compose.usage.metrics import Filter, Period
from rapport.compose.usage.models import UsageDay
from rapport.compose.usage.readers import MEASURES, usage_reader
from rapport.conversations.events import MessageSent, stream_of
from rapport.core import clock
from rapport.core.database import Base
from rapport.core.identity import SYSTEM, Environment, Scope
from rapport.core.ids import CompanyId, new_id
from rapport.core.log import Append
from rapport.core.node import Node, open_node
from rapport.core.readers import Readers
from rapport.core.settings import load

DAYS = 90
AGENTS = 100
QUEUES = 8
SOURCES = ("", "global", "custom", "organic")
MILLION = 1_000_000
SCOPE = Scope(CompanyId(new_id()), Environment.PRODUCTION)
LAST = date(2026, 11, 28)
REPEATS = 15


def rows() -> Iterator[dict[str, Any]]:
    """A million messages, summed up by day, agent, queue and list."""
    chance = random.Random(7)
    each = MILLION // (DAYS * AGENTS * 2 * len(SOURCES)) + 1
    for day in range(DAYS):
        for agent in range(AGENTS):
            for queue in chance.sample(range(QUEUES), 2):
                for source in SOURCES:
                    yield {
                        "company_id": SCOPE.company_id,
                        "environment": SCOPE.environment,
                        "day": (LAST - timedelta(days=day)).isoformat(),
                        "agent": f"agent-{agent}",
                        "queue": f"queue-{queue}",
                        "source": source,
                        **dict.fromkeys(MEASURES, each),
                    }


async def read(node: Node) -> None:
    """Time the console's request."""
    for days, figure in ((30, "30 days"), (DAYS, "90 days, a million messages")):
        period = Period(LAST - timedelta(days=days - 1), LAST, "UTC")
        taken = []
        cpu = time.process_time()
        for _ in range(REPEATS):
            started = time.perf_counter()
            async with node.database.reading() as session:
                await metrics.report(session, SCOPE, period, Filter())
            taken.append((time.perf_counter() - started) * 1_000)
        cpu = (time.process_time() - cpu) * 1_000 / REPEATS
        tell(f"metrics of {figure}, of one core", cpu, "ms")
        tell(f"metrics of {figure}, median", percentile(taken, 0.5), "ms", target="< 1000 ms")


async def count(node: Node, messages: int) -> None:
    """Time the reader over messages that were sent and reported, all of them in the log already."""
    at = clock.wire(clock.now())
    for _ in range(messages // 20):
        conversation = new_id()
        sent = [MessageSent(new_id(), "Hello", "agent", "a-1", at, None) for _ in range(20)]
        await node.log.submit(Append(stream_of(conversation, SCOPE), sent, SYSTEM))
        told = [
            MessageReported(one.message, ["AUTOSUGGEST"], 0, "", 0, "", 1.0, 1.0, 1.0, 0, 0, "")
            for one in sent
        ]
        await node.log.submit(Append(usage_stream(conversation, SCOPE), told, SYSTEM))
    readers = Readers(node.database, node.tail, node.log, [usage_reader()], metrics=node.metrics)
    started = time.perf_counter()
    await readers.start()
    await readers.drain()
    seconds = time.perf_counter() - started
    await readers.close()
    tell("messages counted by the reader", messages / seconds, "messages/s", target="> 500")


async def run(messages: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = load(SECTIONS, {"RAPPORT_DATA_FOLDER": str(Path(folder))})
        async with open_node(settings) as node:
            async with node.database._write_engine.begin() as connection:
                await connection.run_sync(Base.metadata.create_all)
            company = Company(
                id=SCOPE.company_id,
                marker="bench",
                name="Bench",
                products={},
                settings={},
                created_at=clock.now(),
            )
            async with node.database.writing() as session:
                session.add(company)
                await session.execute(insert(UsageDay), list(rows()))
            await read(node)
            await count(node, messages)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    asyncio.run(run(parser.parse_args().messages))


if __name__ == "__main__":
    main()
