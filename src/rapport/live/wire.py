"""The messages of the live protocol, exactly as docs/protocol.md gives them."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

PROTOCOL = 1


class You(msgspec.Struct):
    """Who the server takes the client for."""

    kind: str
    id: str
    name: str
    role: str


class Hello(msgspec.Struct, tag="hello"):
    """The client's first message."""

    protocol: int
    token: str | None = None


class Subscribe(msgspec.Struct, tag="subscribe"):
    """Follow a topic, from a cursor on."""

    id: str
    topic: str
    cursor: str | None = None


class Unsubscribe(msgspec.Struct, tag="unsubscribe"):
    """Follow a topic no longer."""

    id: str
    topic: str


class Ping(msgspec.Struct, tag="ping"):
    """Are you there?"""

    id: str


class SignalSent(msgspec.Struct, tag="signal"):
    """A client's signal, such as typing."""

    topic: str
    kind: str
    data: dict[str, bool]


ClientMessage = Hello | Subscribe | Unsubscribe | Ping | SignalSent


class Envelope(msgspec.Struct):
    """What is read first of a message: its type, and its id if it is a request."""

    type: str
    id: str = ""


class Welcome(msgspec.Struct, tag="welcome"):
    """The server's first message."""

    connection: str
    heartbeat_seconds: int
    you: You


class Ok(msgspec.Struct, tag="ok"):
    """A request was done. Which of the fields are there depends on the request."""

    id: str
    cursor: str | UnsetType = UNSET
    conversation: str | UnsetType = UNSET
    message: str | UnsetType = UNSET
    seq: int | UnsetType = UNSET


class Pong(msgspec.Struct, tag="pong"):
    """Here I am."""

    id: str


class Problem(msgspec.Struct, rename="camel"):
    """Why a request was refused."""

    request_id: str
    code: str
    name: str
    message: str


class Refused(msgspec.Struct, tag="error"):
    """A request was not done."""

    id: str
    error: Problem


class Party(msgspec.Struct):
    """Somebody in a conversation."""

    role: str
    id: str
    name: str


class Signal(msgspec.Struct, tag="signal"):
    """Somebody types, comes or goes."""

    topic: str
    kind: str
    sender: Party = msgspec.field(name="from")
    data: dict[str, bool]


encode = msgspec.json.Encoder().encode


def text(message: Any) -> str:
    """Return a message as the text of one frame."""
    return encode(message).decode()


class Close:
    """Close codes; each has one behaviour of the client."""

    RESTARTING = (1001, "restarting")
    BAD_MESSAGE = (4400, "bad_message")
    SIGNED_OUT = (4401, "signed_out")
    FORBIDDEN = (4403, "forbidden")
    SILENT = (4408, "silent")
    SLOW_READER = (4409, "slow_reader")
