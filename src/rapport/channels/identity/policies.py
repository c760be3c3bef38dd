"""How a company wants its customers' tokens to be checked: which kinds, against what."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.accounts.single_sign_on.connections import is_web_address
from rapport.channels.identity.models import IdentityPolicy
from rapport.channels.settings import ChatSettings
from rapport.core.database import WriteSession
from rapport.core.errors import Invalid
from rapport.core.identity import Caller, Scope

JWT, BEARER = "jwt", "bearer"


class Policy(NamedTuple):
    """Kinds of tokens that are accepted, and the claims that have to be the same elsewhere.

    Where there is a `profile_url`, the company's own API is asked about every token.
    """

    accepts: tuple[str, ...] = (JWT,)
    same_as_page: tuple[str, ...] = ()
    same_as_profile: tuple[str, ...] = ()
    profile_url: str | None = None
    token_url: str | None = None
    client_id: str | None = None
    # Encrypted.
    client_secret: bytes | None = None


async def policy_of(session: AsyncSession, scope: Scope) -> Policy:
    """Return a company's policy in an environment: signed tokens alone, unless it has decided."""
    found = await session.get(IdentityPolicy, (scope.company_id, scope.environment))
    if found is None:
        return Policy()
    return Policy(
        tuple(found.accepts),
        tuple(found.same_as_page),
        tuple(found.same_as_profile),
        found.profile_url,
        found.token_url,
        found.client_id,
        found.sealed,
    )


async def decide(
    session: WriteSession,
    caller: Caller,
    settings: ChatSettings,
    cipher: Fernet,
    wanted: Policy,
    client_secret: str | None,
) -> None:
    """Check tokens as wanted from now on; no secret keeps the one there is. Raises Invalid."""
    _check(wanted, settings)
    scope = caller.scope
    row = await session.get(IdentityPolicy, (scope.company_id, scope.environment))
    if row is None:
        row = IdentityPolicy(company_id=scope.company_id, environment=scope.environment)
        session.add(row)
    row.sealed = _sealed(row, cipher, wanted, client_secret)
    row.accepts = list(wanted.accepts)
    row.same_as_page = list(wanted.same_as_page)
    row.same_as_profile = list(wanted.same_as_profile)
    row.profile_url, row.token_url = wanted.profile_url, wanted.token_url
    row.client_id = wanted.client_id
    record(session, caller, AuditEvent.UPDATE, Resource("identity_policy", "identity policy", ""))


def is_allowed(url: str, settings: ChatSettings) -> bool:
    """Tell whether this server may ask an address of a company."""
    if not is_web_address(url, plain_http=settings.plain_http):
        return False
    hosts = settings.identity_hosts
    return not hosts or urlsplit(url).hostname in hosts


def _sealed(
    row: IdentityPolicy, cipher: Fernet, wanted: Policy, client_secret: str | None
) -> bytes | None:
    if wanted.token_url is None:
        return None
    if client_secret is not None:
        return cipher.encrypt(client_secret.encode())
    if row.sealed is not None and row.token_url != wanted.token_url:
        # A kept secret goes to the address that it is of, and to no other.
        raise Invalid(path="/client_secret", problem="is needed again for another token_url")
    return row.sealed


def _check(wanted: Policy, settings: ChatSettings) -> None:
    for path, url in (("/profile_url", wanted.profile_url), ("/token_url", wanted.token_url)):
        if url is not None and not is_allowed(url, settings):
            raise Invalid(path=path, problem="is no https address that this server may ask")
    if wanted.same_as_profile and wanted.profile_url is None:
        raise Invalid(path="/profile_url", problem="is needed to compare with what it says")
    if wanted.token_url is not None and wanted.client_id is None:
        raise Invalid(path="/client_id", problem="is needed where tokens are refreshed")
