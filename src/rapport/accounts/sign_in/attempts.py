"""Counting attempts to sign in, so that guessing stops after a few (lock-out)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.settings import AccountsSettings
from rapport.accounts.sign_in.models import SignInAttempts
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.errors import TooMany

# Attempts on addresses that nobody has would otherwise be remembered for ever.
_FORGET_AFTER = timedelta(days=1)


class SignInLocked(TooMany):
    """Too many wrong passwords in a row. Facts: `minutes`, `retry_after_seconds`."""

    code = "429-02"
    sentence = "Too many failed attempts: try again in {minutes} minutes"


def subject_of(marker: str, email: str) -> str:
    """Return under which name the attempts on an organization's e-mail address are kept."""
    return hashlib.sha256(f"{marker}\n{email}".encode()).hexdigest()


async def begin(session: WriteSession, subject: str, settings: AccountsSettings) -> None:
    """Count an attempt before its password is looked at. Raises SignInLocked when none is left.

    Counting first means that guesses sent all at once are counted all the same. The last attempt
    that is let in locks; a right password lifts it (`clear`).
    """
    now = clock.now()
    lock = timedelta(minutes=settings.lock_minutes)
    attempts = await _held(session, subject, now)
    if attempts.locked_until is not None and now < attempts.locked_until:
        raise _locked(attempts.locked_until - now)
    if now - attempts.last_at >= lock:
        attempts.count = 0
    attempts.count += 1
    attempts.last_at = now
    attempts.locked_until = now + lock if attempts.count >= settings.sign_in_attempts else None


async def clear(session: WriteSession, subject: str) -> None:
    """Forget the attempts on a subject: signed in, or unlocked by an administrator."""
    await session.execute(delete(SignInAttempts).where(SignInAttempts.subject == subject))


async def locked_subjects(session: AsyncSession, subjects: Collection[str]) -> dict[str, datetime]:
    """Return which of the subjects are locked, and until when."""
    rows = await session.execute(
        select(SignInAttempts.subject, SignInAttempts.locked_until).where(
            SignInAttempts.subject.in_(subjects), SignInAttempts.locked_until > clock.now()
        )
    )
    return {subject: until for subject, until in rows if until is not None}


async def _held(session: WriteSession, subject: str, now: datetime) -> SignInAttempts:
    """Return the subject's row, made when there is none, held until the transaction ends."""
    await session.execute(
        delete(SignInAttempts).where(SignInAttempts.last_at < now - _FORGET_AFTER)
    )
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    fresh = {"subject": subject, "count": 0, "last_at": now, "locked_until": None}
    await session.execute(
        dialect.insert(SignInAttempts)
        .values(fresh)
        .on_conflict_do_nothing(index_elements=["subject"])
    )
    held = select(SignInAttempts).where(SignInAttempts.subject == subject).with_for_update()
    return (await session.scalars(held)).one()


def _locked(left: timedelta) -> SignInLocked:
    seconds = left.total_seconds()
    return SignInLocked(minutes=max(1, round(seconds / 60)), retry_after_seconds=seconds)
