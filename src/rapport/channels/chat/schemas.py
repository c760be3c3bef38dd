"""Wire shapes of the web chat, as docs/protocol.md gives them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from rapport.core.identity import Environment

Token = Annotated[str, Meta(max_length=8_192)]


class Bearer(Struct):
    """A set of tokens from the company's own sign-in."""

    token_type: Annotated[str, Meta(max_length=50)]
    access_token: Token
    expires_in: float | None = None
    expires_on: float | None = None
    refresh_token: Token | None = None


InfoName = Annotated[str, Meta(min_length=1, max_length=100)]
InfoText = Annotated[str, Meta(max_length=1_000)]


class SessionRequest(Struct):
    """A page asks for a chat session; `app` is the company's marker.

    `customer_id` and `customer_info` are what the page says of its visitor: an `identity` may have to
    say the same.
    """

    app: Annotated[str, Meta(min_length=1, max_length=63)]
    environment: Environment | None = None
    token: Token | None = None
    identity: Token | Bearer | None = None
    name: Annotated[str, Meta(max_length=255)] | None = None
    customer_id: Annotated[str, Meta(max_length=255)] | None = None
    customer_info: (
        Annotated[dict[InfoName, InfoText | int | float | bool], Meta(max_length=50)] | None
    ) = None


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
    # The company's set of tokens, renewed: the page has to use it from now on.
    identity: Bearer | None = None


class EarlierConversation(Struct):
    """A conversation of the customer's history."""

    id: str
    opened_at: str
    ended_at: str | None
    last_text: str | None


class History(Struct):
    """The customer's conversations, latest first."""

    items: list[EarlierConversation]
