"""Wire shapes of identity keys and test logins."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from rapport.accounts.fields import Name
from rapport.channels.identity.models import IdentityKey
from rapport.channels.identity.policies import Policy
from rapport.core import clock

Algorithm = Literal["HS256", "RS256", "ES256"]


class IdentityKeyRequest(Struct, forbid_unknown_fields=True):
    """A key to be trusted; HS256 needs no `public_key`, the others the PEM of a key or certificate."""

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


Kind = Literal["jwt", "bearer"]
KINDS: tuple[Kind, ...] = ("jwt", "bearer")
ClaimName = Annotated[str, Meta(min_length=1, max_length=100)]
Url = Annotated[str, Meta(min_length=1, max_length=2_000)]


class IdentityPolicyView(Struct):
    """How customers' tokens are checked; without the client's secret."""

    accepts: list[Kind]
    same_as_page: list[str]
    same_as_profile: list[str]
    profile_url: str | None
    token_url: str | None
    client_id: str | None


class IdentityPolicyRequest(Struct, forbid_unknown_fields=True):
    """How customers' tokens are to be checked; without `client_secret` the one there is stays."""

    accepts: Annotated[list[Kind], Meta(min_length=1, max_length=2)] = field(
        default_factory=lambda: [KINDS[0]]
    )
    same_as_page: Annotated[list[ClaimName], Meta(max_length=20)] = []
    same_as_profile: Annotated[list[ClaimName], Meta(max_length=20)] = []
    profile_url: Url | None = None
    token_url: Url | None = None
    client_id: Annotated[str, Meta(min_length=1, max_length=255)] | None = None
    client_secret: Annotated[str, Meta(min_length=1, max_length=1_000)] | None = None


class SimulatedLoginRequest(Struct, forbid_unknown_fields=True):
    """What kind of customer a test wants to be."""

    customer: Literal["new", "returning", "premium", "nameless"]


class SimulatedLogin(Struct):
    """A simulated customer; `identity` goes to `POST /chat/v1/sessions`."""

    external_id: str
    name: str | None
    identity: str


def policy_view(policy: Policy) -> IdentityPolicyView:
    """Shape a policy for the wire."""
    return IdentityPolicyView(
        accepts=[each for each in KINDS if each in policy.accepts],
        same_as_page=list(policy.same_as_page),
        same_as_profile=list(policy.same_as_profile),
        profile_url=policy.profile_url,
        token_url=policy.token_url,
        client_id=policy.client_id,
    )


def key_view(key: IdentityKey) -> IdentityKeyView:
    """Shape a key for the wire."""
    return IdentityKeyView(key.id, key.name, key.algorithm, clock.wire(key.created_at))


def key_with_secret(key: IdentityKey, secret: str | None) -> IdentityKeyWithSecret:
    """Shape a new key for the wire."""
    created_at = clock.wire(key.created_at)
    return IdentityKeyWithSecret(key.id, key.name, key.algorithm, created_at, secret)
