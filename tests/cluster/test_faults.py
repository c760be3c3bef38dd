"""Nothing acknowledged is ever lost: servers and services are killed in the middle of a replay."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis.asyncio

from tests.support.nodes import Node, Replay, corpus, free_port, metric, postgres_database

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(240)]


@pytest.fixture
async def postgres() -> AsyncIterator[str]:
    """A database of its own on the real PostgreSQL."""
    async with postgres_database() as url:
        yield url


class OwnRedis:
    """A Redis server of the test's own, to be stopped and started."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        command += ["--dir", str(self._folder)]
        self._process = await asyncio.to_thread(
            subprocess.Popen, command, stdout=subprocess.DEVNULL
        )
        client = redis.asyncio.Redis.from_url(self.url)
        while True:
            try:
                await client.ping()
                break
            except redis.exceptions.ConnectionError:
                await asyncio.sleep(0.05)
        await client.aclose()

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


async def until_accepted(node: Node, messages: int, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if await asyncio.to_thread(metric, node, "messages_accepted_total") >= messages:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{messages} messages were not accepted in time")


def assert_whole(report: dict[str, float], messages: int) -> None:
    assert report["lost"] == 0
    assert report["duplicated"] == 0
    assert report["reordered"] == 0
    assert report["sent"] == report["acknowledged"] == report["delivered"] == messages


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_kill_9_in_the_middle_of_a_replay(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with postgres_database() as url:
        environment = {} if engine == "sqlite" else {"RAPPORT_DATA_DATABASE_URL": url}
        node = Node(tmp_path / "node", **environment)
        with ExitStack() as stack:
            stack.callback(node.stop)
            node.start()
            conversations = corpus(tmp_path / "corpus.jsonl", 24)
            replay = Replay(conversations, [node], "--concurrency", "8", "--rate", "40")
            await until_accepted(node, 70)
            node.kill()
            await asyncio.sleep(1)
            node.start()

            assert_whole(await replay.result(), 24 * 8)


async def test_one_of_two_nodes_is_killed(postgres: str, tmp_path: Path) -> None:
    shared_redis = OwnRedis(tmp_path)
    await shared_redis.start()
    environment = {
        "RAPPORT_DATA_DATABASE_URL": postgres,
        "RAPPORT_DATA_REDIS_URL": shared_redis.url,
        "RAPPORT_SERVER_SECRET": "one secret for both nodes of this installation",
    }
    with ExitStack() as stack:
        stack.callback(shared_redis.stop)
        first, second = (Node(tmp_path / "node", **environment) for _ in range(2))
        for node in (first, second):
            stack.callback(node.stop)
            node.start()
        conversations = corpus(tmp_path / "corpus.jsonl", 24)
        replay = Replay(conversations, [first, second], "--concurrency", "8", "--rate", "40")
        await until_accepted(second, 20)
        second.kill()

        assert_whole(await replay.result(), 24 * 8)


async def test_redis_goes_away_and_comes_back(postgres: str, tmp_path: Path) -> None:
    shared_redis = OwnRedis(tmp_path)
    await shared_redis.start()
    environment = {
        "RAPPORT_DATA_DATABASE_URL": postgres,
        "RAPPORT_DATA_REDIS_URL": shared_redis.url,
        "RAPPORT_SERVER_SECRET": "one secret for both nodes of this installation",
    }
    with ExitStack() as stack:
        stack.callback(shared_redis.stop)
        nodes = [Node(tmp_path / "node", **environment) for _ in range(2)]
        for node in nodes:
            stack.callback(node.stop)
            node.start()
        conversations = corpus(tmp_path / "corpus.jsonl", 40)
        replay = Replay(conversations, nodes, "--concurrency", "8", "--rate", "16")
        await until_accepted(nodes[0], 20)
        shared_redis.stop()
        await asyncio.sleep(10)
        await shared_redis.start()

        assert_whole(await replay.result(), 40 * 8)
