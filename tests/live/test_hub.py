"""How the hub reads under load: what comes in the next few milliseconds is read together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rapport.app import SECTIONS
from rapport.core.database import Base
from rapport.core.log import Audience
from rapport.core.node import Node, open_node
from rapport.core.settings import load
from rapport.live.follower import Follower
from rapport.live.frames import Frame
from rapport.live.hub import BUSY_EVENTS, Hub
from rapport.live.outbox import Outbox
from rapport.live.settings import LiveSettings
from rapport.live.sources import ShowStored, StreamSource
from tests.core.helpers import until
from tests.core.saying import say, stream, words

pytestmark = pytest.mark.unit

# Longer than a few messages take to be stored, on any machine.
PAUSE_SECONDS = 1.0


class Listener(Follower):
    """Keeps the frames that it is offered."""

    def __init__(self, settings: LiveSettings) -> None:
        source = StreamSource("test/s", stream(), Audience.SUPERVISOR)
        super().__init__(source, "0", Outbox(settings))
        self.frames: list[Frame] = []

    def offer(self, frame: Frame) -> None:
        self.frames.append(frame)

    @property
    def heard(self) -> list[list[str]]:
        """The words of each frame."""
        return [words([recorded for recorded, _ in frame.events]) for frame in self.frames]


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    async with open_node(load(SECTIONS, {"RAPPORT_DATA_FOLDER": str(tmp_path)})) as opened:
        async with opened.database._write_engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        yield opened


@pytest.fixture
async def listener(node: Node) -> AsyncIterator[Listener]:
    """Somebody who follows a stream of a node."""
    settings = node.settings[LiveSettings]
    hub = Hub(node, ShowStored(), settings)
    listener = Listener(settings)
    await hub.start()
    node.log.on_commit(hub.nudge)
    hub.join(listener)
    yield listener
    await hub.close()


async def test_after_many_events_the_next_are_read_together(
    node: Node, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.live.hub.BUSY_PAUSE_SECONDS", PAUSE_SECONDS)
    many = [str(number) for number in range(BUSY_EVENTS)]
    await node.log.submit(say(*many))
    await until(lambda: listener.heard == [many])

    for word in "abc":
        await node.log.submit(say(word))

    await until(lambda: len(listener.heard) > 1)
    assert listener.heard == [many, ["a", "b", "c"]]


async def test_after_few_events_nobody_waits_for_the_next(
    node: Node, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.live.hub.BUSY_PAUSE_SECONDS", 3600.0)
    few = [str(number) for number in range(BUSY_EVENTS - 1)]
    await node.log.submit(say(*few))
    await until(lambda: listener.heard == [few])

    for word in "abc":
        await node.log.submit(say(word))
        await until(lambda: listener.heard[-1] == [word])  # noqa: B023

    assert listener.heard == [few, ["a"], ["b"], ["c"]]
