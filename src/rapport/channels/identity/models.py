"""The table of companies' identity keys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
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
