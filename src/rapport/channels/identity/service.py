"""What administrators do with identity keys, and simulated logins for tests."""

from __future__ import annotations

import secrets
import warnings
from collections.abc import Sequence
from typing import NamedTuple

from cryptography.fernet import Fernet
from joserfc.errors import JoseError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.channels.identity.models import IdentityKey
from rapport.channels.identity.tokens import Identity, imported, is_current, simulated
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.errors import Conflict, Forbidden, Invalid, NotFound
from rapport.core.identity import Caller, Environment
from rapport.core.ids import new_id
from rapport.core.secret import Secret

# Each is tried on every token that comes: two while one takes over from the other, and some to spare.
MOST_KEYS = 10


class TooManyKeys(Conflict):
    """There is no room for another key."""

    sentence = "Conflict: at most {most} identity keys; remove one first"


class NewKey(NamedTuple):
    """A key, and its secret where it has one: shown once."""

    key: IdentityKey
    secret: str | None


# Kinds of customers for end-to-end tests: somebody new each time, and some who come back.
TEST_CUSTOMERS: dict[str, Identity] = {
    "returning": Identity("test-returning", "Robin Returning"),
    "premium": Identity("test-premium", "Parker Premium"),
    "nameless": Identity("test-nameless", None),
}


async def keys_of(session: AsyncSession, caller: Caller) -> Sequence[IdentityKey]:
    """Return the company's keys in the caller's environment, oldest first."""
    query = select(IdentityKey).where(
        IdentityKey.company_id == caller.scope.company_id,
        IdentityKey.environment == caller.scope.environment,
    )
    return (await session.scalars(query.order_by(IdentityKey.id))).all()


async def add_key(
    session: WriteSession,
    caller: Caller,
    cipher: Fernet,
    *,
    name: str,
    algorithm: str,
    public_key: str | None,
) -> NewKey:
    """Let the company sign who its customers are with one more key.

    For HS256 the secret is made here. Raises Invalid for a public key that is none of its
    algorithm, or where none belongs, and TooManyKeys.
    """
    secret = _new_secret(algorithm, public_key)
    material = secret or public_key or ""
    _check(algorithm, material)
    scope = caller.scope
    count = await session.scalar(
        select(func.count()).where(
            IdentityKey.company_id == scope.company_id, IdentityKey.environment == scope.environment
        )
    )
    if (count or 0) >= MOST_KEYS:
        raise TooManyKeys(most=MOST_KEYS)
    key = IdentityKey(
        id=new_id(),
        company_id=scope.company_id,
        environment=scope.environment,
        name=name,
        algorithm=algorithm,
        sealed=cipher.encrypt(material.encode()),
        created_at=clock.now(),
    )
    session.add(key)
    record(session, caller, AuditEvent.CREATE, Resource("identity_key", name, key.id))
    await session.flush()
    return NewKey(key, secret)


async def remove_key(session: WriteSession, caller: Caller, key_id: str) -> None:
    """Believe a key no longer. Raises NotFound."""
    key = await session.get(IdentityKey, key_id)
    if key is None or key.scope != caller.scope:
        raise NotFound(what="identity key")
    record(session, caller, AuditEvent.DELETE, Resource("identity_key", key.name, key.id))
    await session.delete(key)


def simulated_login(secret: Secret, caller: Caller, customer: str) -> tuple[Identity, str]:
    """Return a simulated customer of a type, and the token by which the chat knows it (PLT-065).

    Raises Forbidden outside the sandbox.
    """
    if caller.scope.environment is not Environment.SANDBOX:
        raise Forbidden(problem="test customers live in the sandbox")
    new = Identity(f"test-new-{secrets.token_hex(8)}", "Noa New")
    identity = TEST_CUSTOMERS.get(customer, new)
    return identity, simulated(secret, caller.scope, identity)


def _new_secret(algorithm: str, public_key: str | None) -> str | None:
    if algorithm == "HS256":
        if public_key is not None:
            raise Invalid(path="/public_key", problem="HS256 has none, its secret is made here")
        return secrets.token_urlsafe(32)
    return None


def _check(algorithm: str, material: str) -> None:
    try:
        with warnings.catch_warnings():
            # A weak key is refused like one that is none.
            warnings.simplefilter("error")
            key = imported(algorithm, material.encode())
    except (JoseError, ValueError, Warning):
        problem = f"is no PEM key or certificate for {algorithm}"
        raise Invalid(path="/public_key", problem=problem) from None
    if not is_current(material.encode()):
        raise Invalid(path="/public_key", problem="is a certificate that does not hold now")
    if key.is_private and algorithm != "HS256":
        raise Invalid(path="/public_key", problem="is a private key: keep it, give the public one")
