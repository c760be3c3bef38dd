"""The table of timers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rapport.core.database import Base
from rapport.core.log.models import BigId


class TimerRow(Base):
    """Something that is to happen at `due_at` unless it is cancelled before; one for each kind and key."""

    __tablename__ = "timer"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(128))
    company_id: Mapped[str] = mapped_column(String(26))
    environment: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime] = mapped_column(index=True)
    payload: Mapped[dict[str, Any]]
    failed_count: Mapped[int] = mapped_column(Integer, default=0)
