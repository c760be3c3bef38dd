"""The table of what is going on in each conversation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from rapport.conversations.models import Scoped
from rapport.core.database import Base


class ConversationActivity(Scoped, Base):
    """What was said last in a conversation, and since when its customer waits for an answer.

    Kept by a reader of the log: everything up to `last_seq` of the stream is in it. `last_text` is
    redacted, as every message is, and cut.
    """

    __tablename__ = "conversation_activity"
    # What the search for silent conversations walks along.
    __table_args__ = (Index("ix_conversation_activity_live", "is_live", "last_at"),)

    conversation_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    is_live: Mapped[bool]
    last_seq: Mapped[int] = mapped_column(BigInteger)
    last_at: Mapped[datetime]
    last_text: Mapped[str | None] = mapped_column(String(200))
    last_role: Mapped[str | None] = mapped_column(String(16))
    waiting_since: Mapped[datetime | None]
    customer_message_count: Mapped[int]
    message_count: Mapped[int]
