"""The tokens of chat sessions: signed by the installation, carried by the customer's page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from rapport.channels.settings import ChatSettings
from rapport.conversations.models import Customer
from rapport.core import clock
from rapport.core.errors import Unauthenticated
from rapport.core.identity import Caller, CallerKind, Environment, Scope
from rapport.core.ids import CompanyId, new_id
from rapport.core.secret import Secret

_ALGORITHM = "HS256"


class Issued(NamedTuple):
    """A token and until when it opens the chat."""

    token: str
    expires_at: datetime


class _Claims(msgspec.Struct):
    """What a token says: whose session it is (`sid`), and as whom the customer is known."""

    sub: str
    eid: str
    company: str
    environment: Environment
    sid: str
    exp: int
    name: str | None = None


class CustomerTokens:
    """Issues and reads the tokens of customers. Nothing is stored: a token says all there is."""

    def __init__(self, secret: Secret, settings: ChatSettings) -> None:
        self._key = OctKey.import_key(secret.key("customer-token"))
        self._valid_for = timedelta(hours=settings.token_hours)
        self._returns_for = timedelta(days=settings.return_days)

    def issue(self, customer: Customer) -> Issued:
        """Return a new session's token."""
        expires_at = clock.now() + self._valid_for
        claims = _Claims(
            sub=customer.id,
            eid=customer.external_id,
            company=customer.company_id,
            environment=Environment(customer.environment),
            sid=new_id(),
            exp=int(expires_at.timestamp()),
            name=customer.name,
        )
        token = jwt.encode({"alg": _ALGORITHM}, msgspec.to_builtins(claims), self._key)
        return Issued(token, expires_at)

    def caller(self, token: str, environment: Environment) -> Caller:
        """Return the customer that a token is of. Raises Unauthenticated when it has expired."""
        claims = self._read(token)
        if claims is None or claims.environment is not environment or _age(claims) >= timedelta():
            raise Unauthenticated(problem="the chat session is over: begin a new one")
        return Caller(
            kind=CallerKind.CUSTOMER,
            id=claims.sub,
            scope=Scope(CompanyId(claims.company), claims.environment),
            name=claims.name or "",
            external_id=claims.eid,
        )

    def returning(self, token: str, scope: Scope) -> str | None:
        """Return the id of the customer who comes back with a token, expired or not (PLT-063).

        None when it is no token of this company and environment, or too old.
        """
        claims = self._read(token)
        if claims is None or (claims.company, claims.environment) != scope:
            return None
        return claims.sub if _age(claims) < self._returns_for else None

    def _read(self, token: str) -> _Claims | None:
        try:
            read = jwt.decode(token, self._key, algorithms=[_ALGORITHM])
            return msgspec.convert(read.claims, _Claims)
        except (JoseError, ValueError, msgspec.ValidationError):
            return None


def _age(claims: _Claims) -> timedelta:
    """Return how long ago a token expired; negative while it has not."""
    return clock.now() - clock.from_microseconds(claims.exp * 1_000_000)
