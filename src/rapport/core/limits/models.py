"""The counts of the day: a quota must survive a restart and be one for all nodes."""

from __future__ import annotations

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from rapport.core.database import Base


class DailyCount(Base):
    """How many requests of a key were counted on one day (UTC, `YYYY-MM-DD`)."""

    __tablename__ = "daily_count"

    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
