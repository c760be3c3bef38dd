"""Who calls with an API key: the first question of every API request (PLT-004, PLT-009)."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import select, update

from rapport.accounts.authentication.recent import Recent
from rapport.accounts.changes import CHANNEL, Changed, read_change
from rapport.accounts.companies.models import Company
from rapport.accounts.portal.models import ApiKey
from rapport.accounts.portal.secrets import secret_hash
from rapport.accounts.settings import AccountsSettings
from rapport.core import clock
from rapport.core.bus import Bus
from rapport.core.database import Database
from rapport.core.errors import Unauthenticated
from rapport.core.http.guards import Connection
from rapport.core.http.middleware import environment_of
from rapport.core.identity import Allowance, Caller, CallerKind, Environment, Scope
from rapport.core.ids import CompanyId

# Existing clients send the second name of each; servers hand over header names in lower case.
_ID_HEADERS = frozenset({b"rapport-api-id", b"asapp-api-id"})
_SECRET_HEADERS = frozenset({b"rapport-api-secret", b"asapp-api-secret"})
_USED_EVERY = timedelta(hours=1)


def sends_key(connection: Connection) -> bool:
    """Whether a request has the headers of a key, right or wrong."""
    return any(name in _ID_HEADERS for name, _ in connection.scope["headers"])


class _KnownKey(msgspec.Struct, frozen=True):
    caller: Caller
    environment: Environment
    secret_hash: str
    previous_hash: str | None
    previous_until: datetime | None

    def fits(self, given_hash: str) -> bool:
        """Tell whether a secret is the key's, or its last one within the grace."""
        if hmac.compare_digest(self.secret_hash, given_hash):
            return True
        if self.previous_hash is None or self.previous_until is None:
            return False
        is_previous = hmac.compare_digest(self.previous_hash, given_hash)
        return is_previous and clock.now() < self.previous_until


class KeyAuthenticator:
    """Proves that a request comes from an API key; remembers keys for a short while."""

    def __init__(self, database: Database, bus: Bus, settings: AccountsSettings) -> None:
        self._database = database
        self._known = Recent(
            self._load,
            keep_seconds=settings.remember_seconds,
            keep_unknown_seconds=settings.remember_unknown_seconds,
        )
        bus.subscribe(CHANNEL, self._forget)

    async def __call__(self, connection: Connection) -> Caller:
        """Return the key that calls. Raises Unauthenticated, whatever of it is wrong, alike."""
        key_id, secret = _credentials(connection.scope["headers"])
        if not key_id or not secret:
            raise Unauthenticated(
                problem="the headers rapport-api-id and rapport-api-secret are needed"
            )
        known = await self._known.get(key_id)
        if (
            known is None
            or not known.fits(secret_hash(secret))
            or known.environment is not environment_of(connection.scope)
        ):
            raise Unauthenticated(problem="unknown API id or wrong secret")
        return known.caller

    async def _load(self, key_id: str) -> _KnownKey | None:
        query = (
            select(ApiKey, Company.products)
            .join(Company, Company.id == ApiKey.company_id)
            .where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None))
        )
        async with self._database.reading() as session:
            row = (await session.execute(query)).one_or_none()
        if row is None:
            return None
        key, products = row
        await self._note_use(key)
        return _known(key, frozenset(products.get(key.environment, ())))

    async def _note_use(self, key: ApiKey) -> None:
        now = clock.now()
        if key.last_used_at is None or now - key.last_used_at >= _USED_EVERY:
            async with self._database.writing() as session:
                await session.execute(
                    update(ApiKey).where(ApiKey.id == key.id).values(last_used_at=now)
                )

    def _forget(self, payload: bytes) -> None:
        change = read_change(payload)
        if change.what is Changed.KEY:
            self._known.forget(change.id)
        elif change.what is Changed.COMPANY:
            self._known.forget_where(lambda known: known.caller.scope.company_id == change.id)


def _credentials(headers: Iterable[tuple[bytes, bytes]]) -> tuple[str, str]:
    key_id = secret = b""
    for name, value in headers:
        if name in _ID_HEADERS:
            key_id = value
        elif name in _SECRET_HEADERS:
            secret = value
    return key_id.decode("latin-1"), secret.decode("latin-1")


def _known(key: ApiKey, held: frozenset[str]) -> _KnownKey:
    environment = Environment(key.environment)
    caller = Caller(
        kind=CallerKind.KEY,
        id=key.id,
        scope=Scope(CompanyId(key.company_id), environment),
        name=key.name,
        entitlements=held if key.products is None else held & frozenset(key.products),
        allowance=Allowance(key.rate_per_second, key.burst, key.daily_quota),
    )
    return _KnownKey(
        caller=caller,
        environment=environment,
        secret_hash=key.secret_hash,
        previous_hash=key.previous_hash,
        previous_until=key.previous_until,
    )
