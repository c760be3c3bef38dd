"""Live delivery of this node, opened and closed as a whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from rapport.core.node import Node
from rapport.live.connection import Live, cut_stuck
from rapport.live.hub import Hub
from rapport.live.registry import Protocol
from rapport.live.settings import LiveSettings
from rapport.live.signals import Signals
from rapport.live.sources import Masking, ShowStored
from rapport.live.wire import Close

# How long open connections get to hear that the node goes away.
_FAREWELL_SECONDS = 2.0


@asynccontextmanager
async def open_live(
    node: Node, protocols: Sequence[Protocol], masking: Masking | None = None
) -> AsyncIterator[Live]:
    """Start the hub and the signals; at the end tell every connection to go to another node."""
    settings = node.settings[LiveSettings]
    hub = Hub(node, masking or ShowStored(), settings)
    signals = Signals(node.bus)
    live = Live(hub, signals, _merged(protocols), settings, node.metrics, set())
    await hub.start()
    await signals.start()
    node.log.on_commit(hub.nudge)
    watchdog = asyncio.create_task(cut_stuck(live), name="cut-stuck")
    try:
        yield live
    finally:
        watchdog.cancel()
        await _say_farewell(live)
        await signals.close()
        await hub.close()


async def _say_farewell(live: Live) -> None:
    ending = [connection.ended for connection in live.connections]
    for connection in list(live.connections):
        connection.outbox.close(*Close.RESTARTING)
    if ending:
        await asyncio.wait(
            [asyncio.ensure_future(ended.wait()) for ended in ending], timeout=_FAREWELL_SECONDS
        )


def _merged(protocols: Sequence[Protocol]) -> Protocol:
    topics = {name: admit for protocol in protocols for name, admit in protocol.topics.items()}
    requests = {name: ask for protocol in protocols for name, ask in protocol.requests.items()}
    return Protocol(topics, requests)
