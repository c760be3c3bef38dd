"""What the rooms give to the live protocol: topics that may be followed, requests that may be made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple, TypeVar

import msgspec

from rapport.core.identity import Caller
from rapport.live.sources import Source
from rapport.live.wire import Ok, Party


class Admission(NamedTuple):
    """What a caller may follow under a topic, and as whom it is present there (None: unseen)."""

    source: Source
    party: Party | None = None


R = TypeVar("R")
Admit = Callable[[Caller, str], Awaitable[Admission]]
Answer = Callable[[Caller, str, bytes], Awaitable[Ok]]


class Protocol(NamedTuple):
    """The topics and requests of every room, by name."""

    topics: Mapping[str, Admit]
    requests: Mapping[str, Answer]


def topic_kind(topic: str) -> tuple[str, str]:
    """Split a topic such as `conversation/01J…` into its kind and the name of the thing."""
    kind, _, name = topic.partition("/")
    return kind, name


def decode_request(body: bytes, cls: type[R]) -> R:
    """Read a request of the protocol as its struct."""
    return msgspec.json.decode(body, type=cls)
