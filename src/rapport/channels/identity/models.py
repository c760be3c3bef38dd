"""The tables of companies' identity keys, and of how they want tokens to be checked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index, LargeBinary, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from rapport.conversations.models import Scoped
from rapport.core.database import Base


class IdentityKey(Scoped, Base):
    """A key with which a company signs who its customers are, in one environment (PLT-062)."""

    __tablename__ = "identity_key"
    __table_args__ = (Index("ix_identity_key_scope", "company_id", "environment"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    algorithm: Mapped[str] = mapped_column(String(8))  # HS256, RS256, ES256
    # A shared secret is encrypted; so is, for one way of reading, a public key.
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class IdentityPolicy(Scoped, Base):
    """How a company wants its customers' tokens to be checked in one environment (PLT-061, PLT-062)."""

    __tablename__ = "identity_policy"
    __table_args__ = (PrimaryKeyConstraint("company_id", "environment"),)

    # Kinds of tokens: jwt, bearer.
    accepts: Mapped[list[str]] = mapped_column(JSON)
    # Claims that must be the same as what the page says, and as what the company's own API says.
    same_as_page: Mapped[list[str]] = mapped_column(JSON)
    same_as_profile: Mapped[list[str]] = mapped_column(JSON)
    profile_url: Mapped[str | None] = mapped_column(String(2000))
    # Where a bearer's refresh token gets another set, as which client; its secret is encrypted.
    token_url: Mapped[str | None] = mapped_column(String(2000))
    client_id: Mapped[str | None] = mapped_column(String(255))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
