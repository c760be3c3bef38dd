"""Signals: what may be lost. Typing passes through; presence is counted and told."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable

import msgspec

from rapport.core.bus import Bus
from rapport.core.identity import Scope
from rapport.live.wire import Party, Signal, text

CHANNEL = "signals"
# Each node tells again who is with it; those of a node that died fade.
_TELL_AGAIN = 30.0
_FADE = 75.0

Place = tuple[Scope, str]
Listener = Callable[[str, str | None], None]


class _Published(msgspec.Struct):
    """A signal between nodes; `origin` is the connection it came from."""

    scope: Scope
    topic: str
    kind: str
    sender: Party
    data: dict[str, bool]
    origin: str | None


class Signals:
    """Carries signals between the connections that follow the same topic, on every node."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._listeners: defaultdict[Place, dict[str, Listener]] = defaultdict(dict)
        self._here: defaultdict[Place, dict[str, Party]] = defaultdict(dict)
        self._present: defaultdict[Place, dict[str, tuple[Party, float]]] = defaultdict(dict)
        self._decode = msgspec.json.Decoder(_Published).decode
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to listen."""
        self._bus.subscribe(CHANNEL, self._received)
        self._task = asyncio.create_task(self._tell_again(), name="presence")

    async def close(self) -> None:
        """Listen no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def enter(self, place: Place, connection: str, party: Party | None, listener: Listener) -> None:
        """Let a connection hear a topic; a participant is told to the others, and the others to it."""
        for present, _ in self._present_at(place):
            listener(_presence_text(place[1], present), None)
        self._listeners[place][connection] = listener
        if party is not None:
            is_first = party not in self._here[place].values()
            self._here[place][connection] = party
            if is_first:
                self._tell(place, party, is_online=True)

    def leave(self, place: Place, connection: str) -> None:
        """Let a connection hear a topic no longer."""
        listeners = self._listeners.get(place)
        if listeners is None:
            return
        listeners.pop(connection, None)
        party = self._here[place].pop(connection, None)
        if party is not None and party not in self._here[place].values():
            self._tell(place, party, is_online=False)
        if not listeners:
            self._listeners.pop(place, None)
        if not self._here[place]:
            self._here.pop(place, None)

    def publish(
        self,
        place: Place,
        kind: str,
        sender: Party,
        data: dict[str, bool],
        origin: str | None = None,
    ) -> None:
        """Send a signal to everybody at a topic but the connection it comes from."""
        scope, topic = place
        published = _Published(scope, topic, kind, sender, data, origin)
        self._bus.publish(CHANNEL, msgspec.json.encode(published))

    def _tell(self, place: Place, party: Party, *, is_online: bool) -> None:
        self.publish(place, "presence", party, {"online": is_online})

    def _present_at(self, place: Place) -> list[tuple[Party, float]]:
        oldest = time.monotonic() - _FADE
        return [entry for entry in self._present.get(place, {}).values() if entry[1] > oldest]

    def _received(self, payload: bytes) -> None:
        signal = self._decode(payload)
        place = (Scope(*signal.scope), signal.topic)
        if signal.kind == "presence":
            self._note_presence(place, signal)
        listeners = self._listeners.get(place)
        if not listeners:
            return
        shown = text(Signal(signal.topic, signal.kind, signal.sender, signal.data))
        for listener in list(listeners.values()):
            listener(shown, signal.origin)

    def _note_presence(self, place: Place, signal: _Published) -> None:
        name = f"{signal.sender.role}:{signal.sender.id}"
        if signal.data.get("online"):
            self._present[place][name] = (signal.sender, time.monotonic())
        else:
            self._present[place].pop(name, None)
            if not self._present[place]:
                self._present.pop(place)

    async def _tell_again(self) -> None:
        while True:
            await asyncio.sleep(_TELL_AGAIN)
            for place, parties in list(self._here.items()):
                for party in {p.id: p for p in parties.values()}.values():
                    self._tell(place, party, is_online=True)
            self._forget_faded()

    def _forget_faded(self) -> None:
        for place in list(self._present):
            fresh = {f"{p.role}:{p.id}": (p, at) for p, at in self._present_at(place)}
            if fresh:
                self._present[place] = fresh
            else:
                self._present.pop(place)


def _presence_text(topic: str, party: Party) -> str:
    return text(Signal(topic, "presence", party, {"online": True}))
