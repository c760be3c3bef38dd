"""Guards: may this kind of caller come in at all. What it may see is each room's `access.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from rapport.core.errors import Forbidden, TooMany
from rapport.core.identity import Caller, Permission
from rapport.core.limits import Limits

Connection = ASGIConnection[Any, Any, Any, Any]
Authenticate = Callable[[Connection], Awaitable[Caller]]


class Authenticators(NamedTuple):
    """How each kind of caller proves who it is; composed by the application."""

    key: Authenticate
    person: Authenticate
    customer: Authenticate
    customer_token: Callable[[Connection, str], Awaitable[Caller]]
    # Whether a request shows a person's session and no key.
    is_persons: Callable[[Connection], bool]


def authenticators_of(connection: Connection) -> Authenticators:
    """Return the application's authenticators."""
    found: Authenticators = connection.app.state["authenticators"]
    return found


def caller_of(request: Request[Any, Any, Any]) -> Caller:
    """Return the caller that a guard let in (the dependency `caller`)."""
    caller: Caller = request.scope["user"]
    return caller


def requires_key(product: str) -> Guard:
    """Let in API keys entitled to a product, within their limits: 401, 403, 429 in that order."""

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        await _let_key_in(connection, product)

    return guard


def requires(*permissions: Permission) -> Guard:
    """Let in people who hold one of the permissions; none named: anybody signed in."""

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        await _let_person_in(connection, permissions)

    return guard


def requires_key_or(product: str, *permissions: Permission) -> Guard:
    """Let in either: who sends a key is judged by it, everybody else as a signed-in person.

    For what our own desk does as any other desk would: one route, two ways to prove who calls.
    """

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        if authenticators_of(connection).is_persons(connection):
            await _let_person_in(connection, permissions)
        else:
            await _let_key_in(connection, product)

    return guard


async def requires_customer(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Let in customers with the token of a chat session."""
    connection.scope["user"] = await authenticators_of(connection).customer(connection)


async def _let_key_in(connection: Connection, product: str) -> None:
    caller = await authenticators_of(connection).key(connection)
    connection.scope["user"] = caller
    if product not in caller.entitlements:
        raise Forbidden(problem=f"this key is not entitled to {product}")
    await _within_limits(connection, caller)


async def _let_person_in(connection: Connection, permissions: tuple[Permission, ...]) -> None:
    caller = await authenticators_of(connection).person(connection)
    connection.scope["user"] = caller
    if permissions and not any(caller.may(permission) for permission in permissions):
        raise Forbidden(problem="your role does not allow this")


async def _within_limits(connection: Connection, caller: Caller) -> None:
    if caller.allowance is None:
        return
    limits: Limits = connection.app.state["limits"]
    rate, burst, quota = caller.allowance
    wait = await limits.take(caller.id, rate=rate, burst=burst)
    if wait is not None:
        raise TooMany(limit=f"{rate:g} requests a second", retry_after_seconds=wait)
    if quota and not await limits.daily(caller.id, quota):
        raise TooMany(limit=f"{quota} requests a day", retry_after_seconds=3600)
