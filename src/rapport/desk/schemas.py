"""Wire shapes of the desk, exactly as docs/protocol.md gives them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Status = Literal["active", "away"]


class Party(Struct):
    """A customer or an agent."""

    id: str
    external_id: str
    name: str | None


class Summary(Struct):
    """A conversation in a list."""

    id: str
    channel: str
    customer: Party
    agent: Party | None
    opened_at: str
    ended_at: str | None
    last_at: str | None
    last_text: str | None
    last_role: str | None
    waiting_since: str | None
    unread: int


class NoteView(Struct):
    """What an agent wrote down for colleagues."""

    author: str
    text: str
    written_at: str


class Detail(Summary):
    """A conversation with what is known about it."""

    metadata: dict[str, str]
    notes: list[NoteView]


class Inbox(Struct):
    """An agent's own desk; the topic `me` continues it from `cursor`."""

    status: Status
    slots: int
    conversations: list[Summary]
    cursor: str


class SummaryPage(Struct):
    """A page of conversations; the topic `conversations` continues it from `cursor`."""

    items: list[Summary]
    next_cursor: str | None = field(name="nextCursor")
    cursor: str


class StatusRequest(Struct, forbid_unknown_fields=True):
    """What an agent wants to be."""

    status: Status


class StatusAnswer(Struct):
    """What an agent is."""

    status: Status


class EndRequest(Struct, forbid_unknown_fields=True):
    """How a conversation is left behind."""

    note: Annotated[str, Meta(max_length=1000)] | None = None


class TeamMember(Struct):
    """Somebody who serves conversations."""

    id: str
    name: str
    role: str
    status: Status
    slots: int
    used: int


class Team(Struct):
    """Everybody who serves conversations."""

    items: list[TeamMember]
