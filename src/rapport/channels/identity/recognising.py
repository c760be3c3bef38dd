"""Recognising a customer by a token, as the company wants it checked (PLT-058, PLT-061, PLT-062)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from rapport.channels.identity.bearer import BearerSet, Client, Companies
from rapport.channels.identity.policies import BEARER, JWT, Policy, policy_of
from rapport.channels.identity.tokens import (
    Claims,
    Identity,
    TrustedKey,
    cipher_of,
    claims_of,
    trusted_keys,
)
from rapport.core.database import Database
from rapport.core.errors import Invalid, Malformed, Unauthenticated
from rapport.core.identity import Scope
from rapport.core.payloads import check_payload
from rapport.core.secret import Secret

Scalar = str | int | float | bool


class Registrar(NamedTuple):
    """What it takes to tell who somebody is."""

    database: Database
    secret: Secret
    companies: Companies


class Said(NamedTuple):
    """A token, and what the page says beside it."""

    token: str | BearerSet
    customer_id: str | None
    name: str | None
    info: Mapping[str, Scalar]

    def of(self, claim: str) -> Scalar | None:
        """What the page says where the token has a claim."""
        beside = {"sub": self.customer_id, "name": self.name}
        return beside[claim] if claim in beside else self.info.get(claim)


class Recognised(NamedTuple):
    """Who somebody is, and the set in the place of one that was over."""

    identity: Identity
    renewed: BearerSet | None


class _Checking(NamedTuple):
    registrar: Registrar
    policy: Policy
    keys: list[TrustedKey]


class _Person(Struct):
    """A customer as a company's API names one."""

    sub: str
    name: str | None = None


async def recognise(registrar: Registrar, scope: Scope, said: Said) -> Recognised:
    """Return whom a token names.

    Raises Unauthenticated, whatever of it is wrong, alike, and Unavailable when the company's API
    cannot be asked.
    """
    async with registrar.database.reading() as session:
        policy = await policy_of(session, scope)
        keys = list(await trusted_keys(session, registrar.secret, scope))
    checking = _Checking(registrar, policy, keys)
    token = said.token
    if isinstance(token, str):
        return Recognised(await _by_jwt(checking, said, token), None)
    if BEARER not in policy.accepts or token.token_type.lower() != BEARER:
        raise _wrong()
    identity = None if token.is_expired else await _by_bearer(checking, said, token)
    if identity is not None:
        return Recognised(identity, None)
    renewed = await _renewed(checking, token)
    identity = None if renewed is None else await _by_bearer(checking, said, renewed)
    if identity is None:
        raise _wrong()
    return Recognised(identity, renewed)


async def _by_jwt(checking: _Checking, said: Said, token: str) -> Identity:
    claims = claims_of(token, checking.keys)
    if claims is None or (JWT not in checking.policy.accepts and not claims.is_simulated):
        raise _wrong()
    if claims.is_simulated:
        return claims.identity
    if checking.policy.profile_url is not None:
        profile = await _profile(checking, token)
        if profile is None or not _agree(checking.policy.same_as_profile, claims, profile.get):
            raise _wrong()
    if not _agree(checking.policy.same_as_page, claims, said.of):
        raise _wrong()
    return claims.identity


async def _by_bearer(checking: _Checking, said: Said, token: BearerSet) -> Identity | None:
    """Return whose access token it is: as it says itself, signed, or as the company's API says.

    None when it is refused. Raises Unauthenticated when it is not whose the page says.
    """
    policy = checking.policy
    claims = claims_of(token.access_token, checking.keys)
    if claims is not None and claims.is_simulated:
        claims = None
    if policy.profile_url is not None:
        profile = await _profile(checking, token.access_token)
        if profile is None:
            return None
        claims = claims or _as_claims(profile)
        if claims is None or not _agree(policy.same_as_profile, claims, profile.get):
            raise _wrong()
    if claims is None:
        return None
    if not _agree(policy.same_as_page, claims, said.of):
        raise _wrong()
    return claims.identity


async def _profile(checking: _Checking, token: str) -> dict[str, Any] | None:
    assert checking.policy.profile_url is not None
    return await checking.registrar.companies.profile(checking.policy.profile_url, token)


async def _renewed(checking: _Checking, token: BearerSet) -> BearerSet | None:
    policy = checking.policy
    if policy.token_url is None or policy.client_id is None:
        return None
    cipher = cipher_of(checking.registrar.secret)
    secret = "" if policy.client_secret is None else cipher.decrypt(policy.client_secret).decode()
    client = Client(policy.client_id, secret)
    return await checking.registrar.companies.refreshed(policy.token_url, client, token)


def _as_claims(profile: dict[str, Any]) -> Claims | None:
    try:
        check_payload(msgspec.json.encode(profile))
        person = msgspec.convert(profile, _Person)
    except (msgspec.ValidationError, Invalid, Malformed):
        return None
    if not 0 < len(person.sub) <= 255 or len(person.name or "") > 255:
        return None
    return Claims(Identity(person.sub, person.name), profile, is_simulated=False)


def _agree(names: tuple[str, ...], claims: Claims, elsewhere: Any) -> bool:
    """Tell whether some claims are there, and the same elsewhere."""
    pairs = [(claims.every.get(name), elsewhere(name)) for name in names]
    return all(one is not None and _plain(one) == _plain(other) for one, other in pairs)


def _plain(value: Any) -> str:
    """A value as it compares: pages often say as text what tokens have as a number."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _wrong() -> Unauthenticated:
    return Unauthenticated(problem="the identity token is wrong or has expired")
