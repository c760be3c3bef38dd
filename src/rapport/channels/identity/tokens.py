"""Identity tokens: what a company says about its customer, and the simulated ones of the sandbox."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, NamedTuple

import msgspec
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OctKey, RSAKey
from msgspec import Meta
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.channels.identity.models import IdentityKey
from rapport.core import clock
from rapport.core.errors import Invalid, Malformed
from rapport.core.identity import Environment, Scope
from rapport.core.payloads import check_payload
from rapport.core.secret import Secret

ALGORITHMS: dict[str, type[Any]] = {"HS256": OctKey, "RS256": RSAKey, "ES256": ECKey}
CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
_TEST_VALID_FOR = timedelta(hours=1)


class Identity(NamedTuple):
    """A customer as the company knows them."""

    external_id: str
    name: str | None


class Claims(NamedTuple):
    """Whom a token names, and all that it says; simulated ones are the installation's own."""

    identity: Identity
    every: Mapping[str, Any]
    is_simulated: bool


class _Standard(msgspec.Struct):
    sub: Annotated[str, Meta(min_length=1, max_length=255)]
    exp: float
    nbf: float = 0
    name: Annotated[str, Meta(max_length=255)] | None = None
    # Only in simulated logins: they are signed by the installation, not by one company.
    company: str | None = None


class TrustedKey(NamedTuple):
    """A key that may sign; `company` is whose customers alone it may name, of simulated ones."""

    key: Key
    algorithm: str
    company: str | None


def cipher_of(secret: Secret) -> Fernet:
    """Return what keys of companies are encrypted with."""
    return Fernet(urlsafe_b64encode(secret.key("identity keys")))


async def trusted_keys(session: AsyncSession, secret: Secret, scope: Scope) -> Sequence[TrustedKey]:
    """Return the keys that may sign who a company's customers are, in this environment."""
    query = select(IdentityKey).where(
        IdentityKey.company_id == scope.company_id, IdentityKey.environment == scope.environment
    )
    cipher = cipher_of(secret)
    found = []
    for row in await session.scalars(query):
        material = cipher.decrypt(row.sealed)
        if is_current(material):
            found.append(TrustedKey(imported(row.algorithm, material), row.algorithm, None))
    if scope.environment is Environment.SANDBOX:
        found.append(TrustedKey(_test_key(secret), "HS256", scope.company_id))
    return found


def claims_of(token: str, keys: Iterable[TrustedKey]) -> Claims | None:
    """Return what a token says that one of the keys has signed (PLT-058, PLT-062).

    None for any other, for one that is expired or not valid yet, and for one that names nobody.
    """
    for each in keys:
        claims = _signed(token, each)
        if claims is not None:
            return claims
    return None


def imported(algorithm: str, material: bytes) -> Key:
    """Return a key from its stored form: a secret, a public key, or a certificate (PEM).

    Raises ValueError or JoseError for what is none of its algorithm.
    """
    if material.startswith(CERTIFICATE):
        certificate = load_pem_x509_certificate(material)
        material = certificate.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )
    key: Key = ALGORITHMS[algorithm].import_key(material)
    return key


def is_current(material: bytes) -> bool:
    """Tell whether a certificate holds now; a bare key always does."""
    if not material.startswith(CERTIFICATE):
        return True
    certificate = load_pem_x509_certificate(material)
    return certificate.not_valid_before_utc <= clock.now() < certificate.not_valid_after_utc


def simulated(secret: Secret, scope: Scope, identity: Identity) -> str:
    """Return an identity token for a test customer; it holds in the sandbox only (PLT-065)."""
    claims = {
        "sub": identity.external_id,
        "name": identity.name,
        "company": scope.company_id,
        "exp": int((clock.now() + _TEST_VALID_FOR).timestamp()),
    }
    return jwt.encode({"alg": "HS256"}, claims, _test_key(secret))


def _signed(token: str, trusted: TrustedKey) -> Claims | None:
    try:
        read = jwt.decode(token, trusted.key, algorithms=[trusted.algorithm])
        check_payload(msgspec.json.encode(read.claims))
        standard = msgspec.convert(read.claims, _Standard)
    except (JoseError, ValueError, TypeError, msgspec.ValidationError, Invalid, Malformed):
        return None
    now = clock.now().timestamp()
    if not standard.nbf <= now < standard.exp or trusted.company not in (None, standard.company):
        return None
    identity = Identity(standard.sub, standard.name)
    return Claims(identity, read.claims, is_simulated=trusted.company is not None)


def _test_key(secret: Secret) -> OctKey:
    return OctKey.import_key(secret.key("test customers"))
