"""Sessions of people, and attempts to sign in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from rapport.core.database import Base


class PersonSession(Base):
    """One signed-in browser. The cookie's token is kept only as its SHA-256 (PLT-235)."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]  # coarse: at most once a minute
    expires_at: Mapped[datetime] = mapped_column(index=True)
    # The only environment that it opens; null: both. Each environment may trust another identity
    # provider, and the sandbox's must not open production.
    environment: Mapped[str | None] = mapped_column(String(10))


class SignInAttempts(Base):
    """Attempts since the last success for one organization and e-mail, known or not.

    Kept by a hash of both rather than on the person, so that an address nobody has is locked
    exactly like one that somebody has.
    """

    __tablename__ = "sign_in_attempts"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)
    locked_until: Mapped[datetime | None]
