"""The table of companies' own terms."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rapport.core.database import Base

TERM_LENGTH = 100


class BlocklistTerm(Base):
    """A word or phrase that a company blocks, or allows although the built-in list has it (CMP-086)."""

    __tablename__ = "blocklist_term"
    __table_args__ = (UniqueConstraint("company_id", "folded"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    company_id: Mapped[str] = mapped_column(String(26))
    term: Mapped[str] = mapped_column(String(TERM_LENGTH))
    # As it is looked for: two terms that find the same are one.
    folded: Mapped[str] = mapped_column(String(2 * TERM_LENGTH))
    blocked: Mapped[bool]
    author: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
