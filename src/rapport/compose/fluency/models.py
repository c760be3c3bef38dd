"""The table of corrections: which word was offered for which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from rapport.conversations.models import Scoped
from rapport.core.database import Base

# No word is longer; what is typed without a space can be.
WORD_LENGTH = 200


class SpellingCorrection(Scoped, Base):
    """A correction that analytic events may name; of what was typed it keeps the one word, redacted."""

    __tablename__ = "spelling_correction"
    __table_args__ = (Index("ix_spelling_correction_created_at", "created_at"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    agent_id: Mapped[str | None] = mapped_column(String(255))
    misspelled: Mapped[str] = mapped_column(String(WORD_LENGTH))
    corrected: Mapped[str] = mapped_column(String(WORD_LENGTH))
    created_at: Mapped[datetime]
