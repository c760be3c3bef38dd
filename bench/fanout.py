"""One event to 200 watching supervisors, as fast as the API takes messages.

    python -m bench.fanout [--supervisors 200] [--messages 6000]

Every supervisor has a socket of their own that follows `conversations`; 32 connections write messages.
Time runs from the first message to the arrival of the last one at the last supervisor: it contains
taking, redacting and committing the messages. Events that happen together share a frame, so two
figures are told: deliveries of an event to a supervisor, beside a bare uvicorn broadcast of one-event
frames, and frames, beside one of frames as large as ours were. The peer has nothing to do but send;
its clients are the same code in the same run.
"""

import argparse
import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

from bench._figures import tell
from bench._load import MESSAGE, Counted, Load, result, start
from bench._peer import peer
from bench._rapport import Rapport, rapport
from bench._wire import Socket
from bench.messages import CORPUS, load_of, texts

TARGET = ">= 0.5 of the bare broadcast"
# How long nothing may arrive before what is missing counts as lost.
SILENCE_SECONDS = 10.0
BARE_FRAMES = 400_000
BARE_BYTES = 2_000_000_000


def bare_count(size: int) -> int:
    """How many frames of a size make a measurement of a few seconds."""
    return min(BARE_FRAMES, BARE_BYTES // size)


@dataclass
class Audience:
    """What has arrived at all supervisors together."""

    expected: int = 0
    frames: int = 0
    size: int = 0
    events: int = 0
    at: float = 0.0
    sockets: list[Socket] = field(default_factory=list)
    complete: asyncio.Event = field(default_factory=asyncio.Event)

    def event_frame(self, text: bytes) -> None:
        """Count a frame of Rapport's."""
        events = text.count(MESSAGE)
        if events:
            self._count(len(text), events)

    def bare_frame(self, text: bytes) -> None:
        """Count a frame of the peer's."""
        self._count(len(text), 1)

    def _count(self, size: int, events: int) -> None:
        self.frames += 1
        self.size += size
        self.events += events
        self.at = time.perf_counter()
        if self.events >= self.expected:
            self.complete.set()

    async def all(self) -> None:
        """Wait until everything has arrived, or nothing more does."""
        while not self.complete.is_set():
            before = self.events
            try:
                await asyncio.wait_for(self.complete.wait(), SILENCE_SECONDS)
            except TimeoutError:
                if self.events == before:
                    return

    @property
    def cut(self) -> int:
        """How many supervisors lost their connection."""
        return sum(socket.closed is not None for socket in self.sockets)


@dataclass
class Measured:
    """Deliveries and frames a second, the size of a frame, and what went wrong."""

    events_per_second: float
    frames_per_second: float
    frame_size: int
    event_size: int
    lost: int
    cut: int


async def ours(server: Rapport, load: Load, supervisors: int) -> Measured:
    """Have messages written while everybody watches."""
    assert load.count is not None
    audience = Audience(expected=load.count * supervisors)
    headers = server.sign_in("supervisor")
    for _ in range(supervisors):
        socket = await server.socket(audience.event_frame, headers=headers)
        socket.send(b'{"type": "subscribe", "id": "1", "topic": "conversations"}')
        audience.sockets.append(socket)
    await asyncio.sleep(2)
    process = start(load)
    waiting = asyncio.create_task(audience.all())
    counted: Counted = await asyncio.to_thread(result, process)
    await waiting
    return measured(audience, audience.at - counted.began)


def measured(audience: Audience, seconds: float) -> Measured:
    return Measured(
        audience.events / seconds,
        audience.frames / seconds,
        audience.size // max(1, audience.frames),
        audience.size // max(1, audience.events),
        audience.expected - audience.events,
        audience.cut,
    )


async def bare(supervisors: int, frames: int, size: int) -> Measured:
    """Have the bare server send frames of a size to as many clients."""
    with peer() as port:
        audience = Audience(expected=frames * supervisors)
        for _ in range(supervisors):
            audience.sockets.append(await Socket.open(port, "/watch", audience.bare_frame))
        publisher = await Socket.open(port, "/publish", lambda _text: None)
        began = time.perf_counter()
        publisher.send(f"{frames} {size}".encode())
        await audience.all()
        return measured(audience, audience.at - began)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--supervisors", type=int, default=200)
    parser.add_argument("--messages", type=int, default=6_000)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    options = parser.parse_args()
    many = options.supervisors
    with rapport() as server:
        load = load_of(server, texts(options.corpus), ["customer"], count=options.messages)
        got = uvloop.run(ours(server, load, many))
    one_event = uvloop.run(bare(many, BARE_FRAMES // many, got.event_size))
    as_large = uvloop.run(bare(many, bare_count(got.frame_size) // many, got.frame_size))
    deliveries = ("event deliveries", got.events_per_second, one_event, got.event_size, TARGET)
    frames = ("frames", got.frames_per_second, as_large, got.frame_size, None)
    for what, value, limit, size, target in (deliveries, frames):
        tell(
            f"{what} to {many} supervisors",
            value,
            f"{what}/s",
            target=target,
            against=f"bare uvicorn, frames of {size} bytes: {limit.frames_per_second:.0f}/s",
            ratio=value / limit.frames_per_second,
        )
    tell("events in a frame", got.events_per_second / got.frames_per_second, "events")
    tell("deliveries missing", got.lost, "deliveries", target="0")
    tell("supervisors cut off", got.cut, "connections", target="0")


if __name__ == "__main__":
    main()
