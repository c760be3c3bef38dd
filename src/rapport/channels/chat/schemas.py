"""Wire shapes of the web chat, as docs/protocol.md gives them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from rapport.core.identity import Environment

Token = Annotated[str, Meta(max_length=8_192)]


class SessionRequest(Struct):
    """A page asks for a chat session; `app` is the company's marker."""

    app: Annotated[str, Meta(min_length=1, max_length=63)]
    environment: Environment | None = None
    token: Token | None = None
    identity: Token | None = None
    name: Annotated[str, Meta(max_length=255)] | None = None


class SessionCustomer(Struct):
    """Who the page's visitor is."""

    id: str
    name: str | None
    anonymous: bool


class OpenConversation(Struct):
    """The conversation that goes on."""

    id: str
    opened_at: str


class SessionCompany(Struct):
    """Whom the visitor talks to."""

    name: str
    greeting: str


class SessionAnswer(Struct):
    """A chat session."""

    token: str
    expires_at: str
    customer: SessionCustomer
    conversation: OpenConversation | None
    company: SessionCompany


class EarlierConversation(Struct):
    """A conversation of the customer's history."""

    id: str
    opened_at: str
    ended_at: str | None
    last_text: str | None


class History(Struct):
    """The customer's conversations, latest first."""

    items: list[EarlierConversation]
