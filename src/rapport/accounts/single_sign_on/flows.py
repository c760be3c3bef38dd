"""A sign-in on its way: it belongs to one browser, runs out soon, and is used once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.single_sign_on.arrivals import Identity
from rapport.accounts.single_sign_on.models import Connection, Flow
from rapport.accounts.single_sign_on.problems import Problem, SingleSignOnRefused
from rapport.accounts.single_sign_on.settings import SingleSignOnSettings
from rapport.core import clock
from rapport.core.database import WriteSession

COOKIE = "rapport_sso_"
# A cookie of its own for each flow: two tabs that sign in at once do not disturb each other.
_NAME_LENGTH = 12
_LONGEST_ADDRESS = 500


class Begun(NamedTuple):
    """A flow, and what is known of it only outside: by the provider, and by the browser."""

    flow: Flow
    state: str
    browser: str


def begin(
    connection: Connection, settings: SingleSignOnSettings, *, answer_url: str, return_to: str
) -> Begun:
    """Make a flow; the caller keeps it. Raises SingleSignOnRefused for a host name without end."""
    if len(answer_url) > _LONGEST_ADDRESS:
        raise SingleSignOnRefused(Problem.FAILED, "our own address is too long to be kept")
    state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    flow = Flow(
        state_hash=hashed(state),
        browser_hash=hashed(browser),
        connection_id=connection.id,
        # An XML id begins with no digit.
        nonce=f"_{secrets.token_hex(20)}",
        code_verifier=secrets.token_urlsafe(48),
        answer_url=answer_url,
        return_to=return_to,
        ticket_hash=None,
        identity=None,
        expires_at=clock.now() + timedelta(minutes=settings.minutes),
    )
    return Begun(flow, state, browser)


async def keep(session: WriteSession, begun: Begun) -> None:
    """Keep a flow until it comes back; those that never did are cleared away."""
    await session.execute(delete(Flow).where(Flow.expires_at <= clock.now()))
    session.add(begun.flow)


def cookie_name(flow: Flow) -> str:
    """Return the name of the cookie that the browser of a flow holds."""
    return COOKIE + flow.state_hash[:_NAME_LENGTH]


async def running(session: AsyncSession, state: str, connection: Connection) -> Flow:
    """Return the flow of a state. Raises SingleSignOnRefused when there is none any more."""
    flow = await session.get(Flow, hashed(state))
    return _usable(flow, connection)


async def waiting(session: AsyncSession, ticket: str) -> Flow:
    """Return the flow whose verified answer a ticket claims. Raises SingleSignOnRefused."""
    flow = await session.scalar(select(Flow).where(Flow.ticket_hash == hashed(ticket)))
    return _usable(flow, None)


def prove_browser(flow: Flow, cookies: dict[str, str]) -> None:
    """Refuse a flow that another browser began: its owner would be signed in here unawares."""
    given = hashed(cookies.get(cookie_name(flow), ""))
    if not secrets.compare_digest(given, flow.browser_hash):
        raise _stale("another browser began it")


async def use(session: WriteSession, flow: Flow) -> None:
    """Use a flow up. Raises SingleSignOnRefused when somebody was quicker."""
    used = await session.execute(delete(Flow).where(Flow.state_hash == flow.state_hash))
    _check_one(used)


async def answer(session: WriteSession, flow: Flow, identity: Identity) -> str:
    """Keep a verified answer for the browser, once; return the ticket that claims it."""
    ticket = secrets.token_urlsafe(32)
    answered = (
        update(Flow)
        .where(Flow.state_hash == flow.state_hash, Flow.ticket_hash.is_(None))
        .values(ticket_hash=hashed(ticket), identity=msgspec.to_builtins(identity))
    )
    _check_one(await session.execute(answered))
    return ticket


def identity_of(flow: Flow) -> Identity:
    """Return the verified answer that a flow keeps."""
    return msgspec.convert(flow.identity, Identity)


def hashed(token: str) -> str:
    """Return what is kept of a token. It is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def _usable(flow: Flow | None, connection: Connection | None) -> Flow:
    if flow is None:
        raise _stale("there is no such flow, or it was used")
    if connection is not None and flow.connection_id != connection.id:
        raise _stale("it belongs to another connection")
    if clock.now() >= flow.expires_at:
        raise _stale("it has run out")
    return flow


def _check_one(result: Any) -> None:
    counted: CursorResult[Any] = result
    if counted.rowcount != 1:
        raise _stale("it was used a moment ago")


def _stale(reason: str) -> SingleSignOnRefused:
    return SingleSignOnRefused(Problem.STALE, reason)
