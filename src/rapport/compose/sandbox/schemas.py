"""Wire shapes of the sandbox of suggestions."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Name = Annotated[str, Meta(max_length=100)]
Key = Annotated[str, Meta(min_length=1, max_length=100)]
Value = Annotated[str, Meta(max_length=500)]
# The two sides that are played.
Side = Literal["customer", "agent"]


class NewChat(Struct, rename="camel", forbid_unknown_fields=True):
    """A chat to be played: what its customer is called, and what is known about it."""

    customer_name: Name | None = None
    metadata: Annotated[dict[Key, Value], Meta(max_length=20)] = {}


class NewLine(Struct, forbid_unknown_fields=True):
    """Something one of the sides says; saying it again with its `key` says nothing new."""

    role: Side
    text: Annotated[str, Meta(min_length=1, max_length=10_000)]
    key: Annotated[str, Meta(min_length=1, max_length=128)]


class Line(Struct):
    """What was said, redacted, and its place in the chat."""

    id: str
    seq: int
    role: str
    text: str
    at: str


class Chat(Struct, rename="camel"):
    """The chat that an administrator plays."""

    id: str
    customer_name: str | None
    agent_name: str | None
    metadata: dict[str, str]
    opened_at: str
    lines: list[Line]


class Playing(Struct):
    """What an administrator plays at the moment, if anything.

    `learnt` counts the texts of their own that playing has made suggestions of (CMP-261).
    """

    chat: Chat | None
    learnt: int
