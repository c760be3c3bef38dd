"""What is done with API keys: create, rotate, revoke, rename, limit (PLT-030, PLT-032, PLT-152)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.accounts.changes import Changed, announce
from rapport.accounts.companies.products import PRODUCTS
from rapport.accounts.portal.events import ApiKeyRevoked, company_stream
from rapport.accounts.portal.models import ApiKey, App, Team
from rapport.accounts.portal.secrets import new_secret, secret_hash
from rapport.core import clock
from rapport.core.bus import Bus
from rapport.core.database import WriteSession
from rapport.core.errors import Conflict, Invalid
from rapport.core.identity import Caller, Environment, Scope, actor_of
from rapport.core.ids import CompanyId, new_id
from rapport.core.log import Log


class KeyRevoked(Conflict):
    """A revoked key stays revoked; make another."""

    sentence = "Conflict: the key is revoked"


class NewKey(NamedTuple):
    """A key with its secret, which nobody can show again."""

    key: ApiKey
    secret: str


class LimitChange(NamedTuple):
    """Another allowance; what is None stays. A `daily_quota` of 0 is none."""

    rate_per_second: float | None = None
    burst: int | None = None
    daily_quota: int | None = None


async def keys_of(session: AsyncSession, app_id: str) -> Sequence[ApiKey]:
    """Return an app's keys, oldest first, revoked ones included."""
    found = await session.scalars(select(ApiKey).where(ApiKey.app_id == app_id).order_by(ApiKey.id))
    return found.all()


async def create(
    session: WriteSession,
    caller: Caller,
    app: App,
    team: Team,
    *,
    name: str,
    products: Collection[str] | None = None,
) -> NewKey:
    """Create a key of an app. `products` narrows what it may call; None leaves it everything."""
    secret = new_secret()
    key = ApiKey(
        id=new_id(),
        app_id=app.id,
        company_id=team.company_id,
        environment=team.environment,
        name=name,
        secret_hash=secret_hash(secret),
        previous_hash=None,
        previous_until=None,
        products=_checked(products),
        created_at=clock.now(),
    )
    session.add(key)
    await session.flush()
    record(session, caller, AuditEvent.CREATE, _resource(key))
    return NewKey(key, secret)


def rotate(
    session: WriteSession, caller: Caller, bus: Bus, key: ApiKey, *, grace: timedelta
) -> NewKey:
    """Give a key another secret; the old one works on for the grace. Raises KeyRevoked."""
    _refuse_revoked(key)
    now = clock.now()
    secret = new_secret()
    key.previous_hash = key.secret_hash if grace else None
    key.previous_until = now + grace if grace else None
    key.secret_hash = secret_hash(secret)
    key.rotated_at = now
    _changed(session, caller, bus, key)
    return NewKey(key, secret)


async def revoke(
    session: WriteSession, caller: Caller, log: Log, bus: Bus, key: ApiKey, *, reason: str = ""
) -> ApiKey:
    """Make every call with a key fail at once, and leave the customer a notice (PLT-032).

    Revoking twice is no error and no news.
    """
    if key.revoked_at is not None:
        return key
    key.revoked_at = clock.now()
    key.previous_hash = key.previous_until = None
    announce(session, bus, Changed.KEY, key.id)
    record(session, caller, AuditEvent.DELETE, _resource(key))
    scope = Scope(CompanyId(key.company_id), Environment(key.environment))
    notice = ApiKeyRevoked(key=key.id, name=key.name, reason=reason)
    await log.append(session, company_stream(scope), notice, actor=actor_of(caller))
    return key


def change(
    session: WriteSession,
    caller: Caller,
    bus: Bus,
    key: ApiKey,
    *,
    name: str | None = None,
    products: Collection[str] | None = None,
) -> ApiKey:
    """Rename a key, or choose what it may call; what is None stays."""
    _refuse_revoked(key)
    key.name = key.name if name is None else name
    key.products = key.products if products is None else _checked(products)
    _changed(session, caller, bus, key)
    return key


def limit(
    session: WriteSession, caller: Caller, bus: Bus, key: ApiKey, wanted: LimitChange
) -> ApiKey:
    """Give a key another allowance: the operator's business (PLT-030). Raises KeyRevoked."""
    _refuse_revoked(key)
    key.rate_per_second = wanted.rate_per_second or key.rate_per_second
    key.burst = wanted.burst or key.burst
    key.daily_quota = key.daily_quota if wanted.daily_quota is None else wanted.daily_quota
    _changed(session, caller, bus, key)
    return key


def _changed(session: WriteSession, caller: Caller, bus: Bus, key: ApiKey) -> None:
    announce(session, bus, Changed.KEY, key.id)
    record(session, caller, AuditEvent.UPDATE, _resource(key))


def _refuse_revoked(key: ApiKey) -> None:
    if key.revoked_at is not None:
        raise KeyRevoked()


def _checked(products: Collection[str] | None) -> list[str] | None:
    if products is None:
        return None
    unknown = set(products) - PRODUCTS
    if unknown:
        raise Invalid(path="/products", problem=f"unknown: {', '.join(sorted(unknown))}")
    return sorted(set(products))


def _resource(key: ApiKey) -> Resource:
    return Resource("api_key", key.name, key.id)
