"""Sessions of people: opened at sign-in, ended by time, by sign-out or by an administrator."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy import delete

from rapport.accounts.changes import Changed, announce
from rapport.accounts.settings import AccountsSettings
from rapport.accounts.sign_in.models import PersonSession
from rapport.core import clock
from rapport.core.bus import Bus
from rapport.core.database import WriteSession
from rapport.core.identity import Environment

COOKIE = "rapport_session"


def token_hash(token: str) -> str:
    """Return what is stored of a session's token. It is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_of(token: str) -> str:
    """Return the token that a session's own pages put into `x-csrf-token`.

    Derived, so nothing more has to be kept: it can be computed from the cookie, which another
    site's page can send but not read, and not the other way round.
    """
    digest = hmac.digest(token.encode(), b"csrf", "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


async def open_session(
    session: WriteSession,
    person_id: str,
    settings: AccountsSettings,
    environment: Environment | None = None,
) -> str:
    """Start a session and return its token; sessions that have run out are cleared away.

    `environment` is the only one that the session opens; None: both.
    """
    now = clock.now()
    await session.execute(delete(PersonSession).where(PersonSession.expires_at <= now))
    token = secrets.token_urlsafe(32)
    session.add(
        PersonSession(
            token_hash=token_hash(token),
            person_id=person_id,
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(hours=settings.session_hours),
            environment=environment,
        )
    )
    return token


async def end_session(session: WriteSession, bus: Bus, person_id: str, token: str) -> None:
    """End one of a person's sessions, on every node at once."""
    ending = delete(PersonSession).where(PersonSession.token_hash == token_hash(token))
    await session.execute(ending)
    announce(session, bus, Changed.PERSON, person_id)


async def end_sessions(
    session: WriteSession, bus: Bus, person_id: str, *, except_token: str | None = None
) -> None:
    """End a person's sessions, on every node at once; `except_token` keeps the one it names."""
    ending = delete(PersonSession).where(PersonSession.person_id == person_id)
    if except_token is not None:
        ending = ending.where(PersonSession.token_hash != token_hash(except_token))
    await session.execute(ending)
    announce(session, bus, Changed.PERSON, person_id)
