"""Event types, streams, and events as the log hands them to readers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import IntFlag
from typing import NamedTuple, TypeVar

import msgspec

from rapport.core import clock
from rapport.core.identity import Actor, Scope


class Audience(IntFlag):
    """Who may see an event; written when it is recorded, applied when it is read."""

    CUSTOMER = 1
    AGENT = 2
    SUPERVISOR = 4
    PARTNER = 8
    # Who plays a conversation alone, to try something out; no other audience sees what is theirs.
    PLAYER = 16
    STAFF = AGENT | SUPERVISOR
    ALL = CUSTOMER | AGENT | SUPERVISOR | PARTNER


class Event(msgspec.Struct, frozen=True):
    """Base of every event: what became true, in words that will still be right in five years."""


class Stream(NamedTuple):
    """A sequence of events with a dense order of its own: a conversation, a person, a configuration."""

    kind: str
    id: str
    scope: Scope


class EventType(NamedTuple):
    """What the log knows of a type: its name and who may see it unless the append says otherwise."""

    name: str
    audience: Audience


_types: dict[type[Event], EventType] = {}
_by_name: dict[str, type[Event]] = {}

E = TypeVar("E", bound=Event)


def event_type(name: str, audience: Audience = Audience.ALL) -> Callable[[type[E]], type[E]]:
    """Give an event its name in the log. A name is given once and means one thing for ever."""

    def register(cls: type[E]) -> type[E]:
        if name in _by_name:
            raise ValueError(f"two event types are called {name}")
        _types[cls] = EventType(name, audience)
        _by_name[name] = cls
        return cls

    return register


def type_of(event: type[Event]) -> EventType:
    """Return the registered name and audience of an event type."""
    return _types[event]


def registered() -> Mapping[str, type[Event]]:
    """Return every event type by name."""
    return _by_name


class Position(NamedTuple):
    """A place in the whole log: inside or at the end of a window of transactions (package docstring)."""

    low: int
    high: int
    id: int

    def cursor(self) -> str:
        """Return the position as an opaque cursor."""
        return f"{self.low}.{self.high}.{self.id}"

    @classmethod
    def of(cls, cursor: str) -> Position:
        """Return the position of a cursor. Raises ValueError when it is none of ours."""
        low, high, event_id = cursor.split(".")
        return cls(int(low), int(high), int(event_id))

    def covers(self, transaction: int, event_id: int) -> bool:
        """Tell whether an event lies at or below this position."""
        return transaction < self.low or (transaction < self.high and event_id <= self.id)


START = Position(0, 0, 0)


class Recorded(msgspec.Struct, frozen=True):
    """An event as it lies in the log: the envelope decoded, the payload raw JSON."""

    position: Position
    transaction: int
    scope: Scope
    stream_kind: str
    stream_id: str
    seq: int
    kind: str
    audience: int
    actor: msgspec.Raw
    occurred_at: int
    recorded_at: int
    payload: msgspec.Raw

    @property
    def stream(self) -> Stream:
        """The stream this event belongs to."""
        return Stream(self.stream_kind, self.stream_id, self.scope)

    @property
    def occurred(self) -> datetime:
        """When it happened, UTC."""
        return clock.from_microseconds(self.occurred_at)

    def is_a(self, cls: type[Event]) -> bool:
        """Tell whether this is an event of a type."""
        return self.kind == _types[cls].name

    def decode(self, cls: type[E]) -> E:
        """Return the payload as its struct; unknown fields of a newer writer are ignored."""
        return msgspec.json.decode(self.payload, type=cls)

    def who(self) -> Actor:
        """Return who did it."""
        return msgspec.json.decode(self.actor, type=Actor)
