"""What any bus promises, asked of both; and what only Redis can do to it: go away."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rapport.core.bus import Bus, MemoryBus, RedisBus, open_bus
from rapport.core.settings import DataSettings, Settings
from tests.core.helpers import until

pytestmark = pytest.mark.cluster

REDIS = os.environ.get("RAPPORT_TEST_REDIS_URL", "redis://127.0.0.1:6379/15")


def collector(into: list[bytes]) -> Callable[[bytes], None]:
    return into.append


@pytest.fixture(params=["memory", "redis"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    bus: Bus = MemoryBus() if request.param == "memory" else RedisBus(REDIS)
    await bus.open()
    yield bus
    await bus.close()


async def test_a_subscriber_hears_its_channel_and_no_other(bus: Bus) -> None:
    heard: list[bytes] = []
    bus.subscribe("company:1", collector(heard))

    bus.publish("company:1", b"a")
    bus.publish("company:10", b"b")
    bus.publish("company", b"c")

    assert heard == [b"a"]


async def test_a_node_hears_itself_at_once_and_once(bus: Bus) -> None:
    own: list[bytes] = []
    bus.subscribe("c", collector(own))

    for number in range(50):
        bus.publish("c", str(number).encode())
    at_once = list(own)
    await asyncio.sleep(0.1)  # an echo of its own messages would come back within this time

    assert at_once == own == [str(number).encode() for number in range(50)]


async def test_every_subscriber_hears_until_it_leaves(bus: Bus) -> None:
    first: list[bytes] = []
    second: list[bytes] = []
    leave = bus.subscribe("c", collector(first))
    bus.subscribe("c", collector(second))

    bus.publish("c", b"1")
    leave()
    leave()
    bus.publish("c", b"2")

    assert (first, second) == ([b"1"], [b"1", b"2"])


async def test_a_failing_handler_fails_neither_the_publisher_nor_the_others(bus: Bus) -> None:
    heard: list[bytes] = []

    def fail(_payload: bytes) -> None:
        raise RuntimeError

    bus.subscribe("c", fail)
    bus.subscribe("c", collector(heard))
    bus.publish("c", b"x")

    assert heard == [b"x"]


async def test_closing_twice_is_allowed(bus: Bus) -> None:
    await bus.close()
    await bus.close()


async def test_nodes_hear_each_other_in_order_and_follow_late_subscriptions() -> None:
    here, there = RedisBus(REDIS), RedisBus(REDIS)
    await here.open()
    await there.open()
    heard: list[bytes] = []
    leave = there.subscribe("late", collector(heard))
    await _hears(here, "late", heard)

    payloads = [b"\x00\xff%d" % number for number in range(2_000)]
    heard.clear()
    for payload in payloads:
        here.publish("late", payload)
    await until(lambda: len(heard) >= len(payloads))
    leave()

    assert heard == payloads
    await here.close()
    await there.close()


async def _hears(bus: Bus, channel: str, heard: list[bytes]) -> None:
    """Publish until the other side's subscription has taken effect."""
    async with asyncio.timeout(10):
        while not heard:
            bus.publish(channel, b"?")
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)


async def test_settings_choose_the_bus() -> None:
    alone = await open_bus(Settings({DataSettings: DataSettings()}))
    cluster = await open_bus(Settings({DataSettings: DataSettings(redis_url=REDIS)}))

    assert isinstance(alone, MemoryBus)
    assert isinstance(cluster, RedisBus)
    assert cluster.is_healthy
    await cluster.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """A Redis of this test's own, to be stopped and started."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started: list[subprocess.Popen[bytes]] = []
    program = shutil.which("redis-server") or shutil.which("valkey-server") or "redis-server"

    def start() -> subprocess.Popen[bytes]:
        command = [program, "--port", str(port), "--save", "", "--dir", str(tmp_path)]
        started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        return started[-1]

    start.url = f"redis://127.0.0.1:{port}"  # type: ignore[attr-defined]
    yield start
    for process in started:
        process.kill()
        process.wait()


async def test_the_bus_survives_redis_going_away_and_coming_back(
    server: Callable[[], subprocess.Popen[bytes]],
) -> None:
    url: str = server.url  # type: ignore[attr-defined]
    here, there = RedisBus(url), RedisBus(url)
    heard: list[bytes] = []
    there.subscribe("c", collector(heard))
    first = server()
    await here.open()
    await there.open()
    await until(lambda: here.is_healthy and there.is_healthy)
    await _hears(here, "c", heard)

    first.kill()
    first.wait()
    await until(lambda: not here.is_healthy and not there.is_healthy)
    own: list[bytes] = []
    here.subscribe("c", collector(own))
    here.publish("c", b"while away")  # neither blocks nor fails, and the own node hears it
    assert own == [b"while away"]

    server()
    await until(lambda: here.is_healthy and there.is_healthy)
    heard.clear()
    await _hears(here, "c", heard)
    await here.close()
    await there.close()


async def test_opening_without_a_server_waits_for_it_in_the_background(
    server: Callable[[], subprocess.Popen[bytes]],
) -> None:
    bus = RedisBus(server.url)  # type: ignore[attr-defined]
    await bus.open()
    assert not bus.is_healthy

    server()
    await until(lambda: bus.is_healthy)
    await bus.close()


async def test_a_bus_without_a_server_forgets_the_oldest_rather_than_grow(
    server: Callable[[], subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.core.bus.redis.WAITING", 100)
    url: str = server.url  # type: ignore[attr-defined]
    here = RedisBus(url)
    for number in range(1_000):
        here.publish("c", str(number).encode())
    heard: list[bytes] = []
    there = RedisBus(url)
    there.subscribe("c", collector(heard))
    server()
    await there.open()
    await until(lambda: there.is_healthy)
    await here.open()
    await until(lambda: len(heard) >= 100)

    assert heard == [str(number).encode() for number in range(900, 1_000)]
    await here.close()
    await there.close()
