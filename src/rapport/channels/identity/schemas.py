"""Wire shapes of identity keys and test logins."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from rapport.accounts.fields import Name
from rapport.channels.identity.models import IdentityKey
from rapport.core import clock

Algorithm = Literal["HS256", "RS256", "ES256"]


class IdentityKeyRequest(Struct, forbid_unknown_fields=True):
    """A key to be trusted; HS256 needs no `public_key`, the others a PEM."""

    name: Name
    algorithm: Algorithm
    public_key: Annotated[str, Meta(max_length=10_000)] | None = None


class IdentityKeyView(Struct):
    """A trusted key, without what is secret of it."""

    id: str
    name: str
    algorithm: str
    created_at: str


class IdentityKeyWithSecret(IdentityKeyView):
    """A new key; its `secret` is shown only here, null for public keys."""

    secret: str | None


class IdentityKeys(Struct):
    """All trusted keys."""

    items: list[IdentityKeyView]


class SimulatedLoginRequest(Struct, forbid_unknown_fields=True):
    """What kind of customer a test wants to be."""

    customer: Literal["new", "returning", "premium", "nameless"]


class SimulatedLogin(Struct):
    """A simulated customer; `identity` goes to `POST /chat/v1/sessions`."""

    external_id: str
    name: str | None
    identity: str


def key_view(key: IdentityKey) -> IdentityKeyView:
    """Shape a key for the wire."""
    return IdentityKeyView(key.id, key.name, key.algorithm, clock.wire(key.created_at))


def key_with_secret(key: IdentityKey, secret: str | None) -> IdentityKeyWithSecret:
    """Shape a new key for the wire."""
    created_at = clock.wire(key.created_at)
    return IdentityKeyWithSecret(key.id, key.name, key.algorithm, created_at, secret)
