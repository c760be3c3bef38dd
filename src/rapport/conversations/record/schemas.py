"""Wire shapes of conversations, exactly as documented."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

ExternalId = Annotated[str, Meta(max_length=255)]
# Callers may send a number for an external id; it is kept as its decimal string (PLT-016).
LooseExternalId = ExternalId | Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]


class NamedExternalParty(Struct, rename="camel"):
    """Somebody as the caller's system knows them."""

    external_id: LooseExternalId
    name: Annotated[str, Meta(max_length=255)] | UnsetType | None = UNSET


class ConversationUpsert(Struct, rename="camel"):
    """Create a conversation, or update the one with this `externalId`."""

    external_id: LooseExternalId
    timestamp: str
    customer: NamedExternalParty | UnsetType = UNSET
    agent: NamedExternalParty | UnsetType | None = UNSET
    metadata: dict[str, str | None] | UnsetType | None = UNSET


class ConversationCreated(Struct):
    """The id by which every later call names the conversation."""

    id: str


class Party(Struct, rename="camel"):
    """Somebody in a conversation."""

    external_id: str
    name: str | UnsetType = UNSET


class ConversationView(Struct, rename="camel"):
    """A conversation with its participants and metadata."""

    id: str
    external_id: str
    customer: Party
    metadata: dict[str, str]
    timestamp: str
    agent: Party | UnsetType = UNSET


class ConversationList(Struct):
    """Conversations that match a search."""

    items: list[ConversationView]
