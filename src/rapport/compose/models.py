"""The tables of suggestions: what texts mean, and what agents answered before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from rapport.conversations.models import Scoped
from rapport.core.database import Base


class TextVector(Base):
    """A text's meaning, once for a company however often and wherever the text is written."""

    __tablename__ = "text_vector"

    company_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    # 384 float16 numbers.
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class PastReply(Scoped, Base):
    """What an agent answered, as a template, with the vectors of the situation and of the text."""

    __tablename__ = "past_reply"
    __table_args__ = (
        UniqueConstraint("company_id", "environment", "fingerprint"),
        Index("ix_past_reply_scope", "company_id", "environment", "id"),
        Index(
            "ix_past_reply_waiting",
            "id",
            sqlite_where=text("meaning IS NULL"),
            postgresql_where=text("meaning IS NULL"),
        ),
    )

    # The message it was: keeping a reply twice is impossible.
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(26))
    # Whose answer it is: the external id of the agent who was responsible.
    agent: Mapped[str | None] = mapped_column(String(255))
    seq: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime]
    # Of question and answer: the same answer to the same question adds nothing. It and the vectors
    # (384 float16 numbers each) are absent until the reply has been embedded.
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    situation: Mapped[bytes | None] = mapped_column(LargeBinary)
    meaning: Mapped[bytes | None] = mapped_column(LargeBinary)
