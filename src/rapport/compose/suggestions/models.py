"""The tables of suggestions: what agents say again and again, and what was offered to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from rapport.conversations.models import Scoped
from rapport.core.database import Base
from rapport.core.ids import new_id


class OrganicText(Scoped, Base):
    """A text without anything of one customer that agents have said; never shown in any list."""

    __tablename__ = "organic_text"
    __table_args__ = (
        UniqueConstraint("company_id", "environment", "fingerprint"),
        Index(
            "ix_organic_text_waiting",
            "id",
            sqlite_where=text("wanted AND vector IS NULL"),
            postgresql_where=text("wanted AND vector IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    # Of what it says, whatever its case and punctuation.
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(16))
    text: Mapped[str] = mapped_column(Text)
    # Said often enough to be offered to somebody; it has a vector soon after.
    wanted: Mapped[bool] = mapped_column(default=False)
    is_common: Mapped[bool] = mapped_column(default=False)
    # 384 float16 numbers.
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
    said_at: Mapped[datetime]


class OrganicUse(Scoped, Base):
    """An agent said a text in a conversation."""

    __tablename__ = "organic_use"
    __table_args__ = (Index("ix_organic_use_agent", "company_id", "environment", "agent"),)

    text_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    agent: Mapped[str] = mapped_column(String(255), primary_key=True)
    customer_id: Mapped[str] = mapped_column(String(26))


class OrganicNews(Scoped, Base):
    """An agent, or with "" all of them, is offered something else since nodes were last told.

    Written with the counts, and deleted with the event that tells it: no node that dies keeps it to itself.
    """

    __tablename__ = "organic_news"
    __table_args__ = (PrimaryKeyConstraint("company_id", "environment", "agent"),)

    agent: Mapped[str] = mapped_column(String(255))
    # Written anew with every count: whoever tells the news meanwhile waits for it.
    counted_at: Mapped[datetime]


class SuggestionSet(Scoped, Base):
    """What was offered to an agent at one moment, so that later events can credit it."""

    __tablename__ = "suggestion_set"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(26))
    agent: Mapped[str] = mapped_column(String(255))
    # What the agent had typed, redacted.
    typed_characters: Mapped[int]
    # In the order shown, each {"source", "id", "text", "template"}.
    shown: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    phrase: Mapped[str | None] = mapped_column(Text)
    # The agent's last message before it, so that events can be tied to the message being written.
    previous_message_id: Mapped[str | None] = mapped_column(String(26))
    # The version of what was learnt that ranked it; "" without.
    model: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
