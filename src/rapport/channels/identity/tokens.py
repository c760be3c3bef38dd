"""Identity tokens: what a company says about its customer, and the simulated ones of the sandbox."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any, NamedTuple

import msgspec
from cryptography.fernet import Fernet
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OctKey, RSAKey
from msgspec import Meta
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.channels.identity.models import IdentityKey
from rapport.core import clock
from rapport.core.errors import Invalid, Unauthenticated
from rapport.core.identity import Environment, Scope
from rapport.core.payloads import check_payload
from rapport.core.secret import Secret

ALGORITHMS: dict[str, type[Any]] = {"HS256": OctKey, "RS256": RSAKey, "ES256": ECKey}
_TEST_VALID_FOR = timedelta(hours=1)


class Identity(NamedTuple):
    """A customer as the company knows them."""

    external_id: str
    name: str | None


class _Claims(msgspec.Struct):
    sub: Annotated[str, Meta(min_length=1, max_length=255)]
    exp: float
    nbf: float = 0
    name: Annotated[str, Meta(max_length=255)] | None = None
    # Only in simulated logins: they are signed by the installation, not by one company.
    company: str | None = None


class _Candidate(NamedTuple):
    key: Key
    algorithm: str
    company: str | None


def cipher_of(secret: Secret) -> Fernet:
    """Return what keys of companies are encrypted with."""
    return Fernet(urlsafe_b64encode(secret.key("identity keys")))


async def verified(session: AsyncSession, secret: Secret, scope: Scope, token: str) -> Identity:
    """Return whom an identity token names (PLT-058, PLT-062).

    It must be signed with a key of the company in this environment, not expired, and name its
    customer in `sub`. Raises Unauthenticated, whatever of it is wrong, alike.
    """
    for candidate in await _candidates(session, secret, scope):
        claims = _signed(token, candidate)
        if claims is not None and _holds(claims, candidate):
            return Identity(claims.sub, claims.name)
    raise Unauthenticated(problem="the identity token is wrong or has expired")


def simulated(secret: Secret, scope: Scope, identity: Identity) -> str:
    """Return an identity token for a test customer; it holds in the sandbox only (PLT-065)."""
    claims = {
        "sub": identity.external_id,
        "name": identity.name,
        "company": scope.company_id,
        "exp": int((clock.now() + _TEST_VALID_FOR).timestamp()),
    }
    return jwt.encode({"alg": "HS256"}, claims, _test_key(secret))


async def _candidates(session: AsyncSession, secret: Secret, scope: Scope) -> Sequence[_Candidate]:
    query = select(IdentityKey).where(
        IdentityKey.company_id == scope.company_id, IdentityKey.environment == scope.environment
    )
    cipher = cipher_of(secret)
    found = [
        _Candidate(
            ALGORITHMS[row.algorithm].import_key(cipher.decrypt(row.sealed)), row.algorithm, None
        )
        for row in await session.scalars(query)
    ]
    if scope.environment is Environment.SANDBOX:
        found.append(_Candidate(_test_key(secret), "HS256", scope.company_id))
    return found


def _signed(token: str, candidate: _Candidate) -> _Claims | None:
    try:
        read = jwt.decode(token, candidate.key, algorithms=[candidate.algorithm])
        claims = msgspec.convert(read.claims, _Claims)
        check_payload(msgspec.json.encode(claims))
    except (JoseError, ValueError, msgspec.ValidationError, Invalid):
        return None
    return claims


def _holds(claims: _Claims, candidate: _Candidate) -> bool:
    now = clock.now().timestamp()
    is_current = claims.nbf <= now < claims.exp
    return is_current and candidate.company in (None, claims.company)


def _test_key(secret: Secret) -> OctKey:
    return OctKey.import_key(secret.key("test customers"))
