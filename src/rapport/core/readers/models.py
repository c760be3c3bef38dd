"""What a reader could not apply."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from rapport.core.database import Base
from rapport.core.log.models import BigId


class ReaderFailure(Base):
    """An event that a reader set aside after trying, so that the ones behind it need not wait.

    `error` is the exception's class name: its text may hold what somebody wrote.
    """

    __tablename__ = "reader_failure"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    reader: Mapped[str] = mapped_column(String(64))
    cursor: Mapped[str] = mapped_column(String(64))
    type: Mapped[str] = mapped_column(String(64))
    error: Mapped[str] = mapped_column(String(128))
    failed_at: Mapped[datetime]
