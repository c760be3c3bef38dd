"""The table of a company's trained models."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rapport.conversations.models import Scoped
from rapport.core.database import Base
from rapport.core.ids import new_id


class ComposeModel(Scoped, Base):
    """One version of a company's model of a kind; what it knows is a file under `storage_key`."""

    __tablename__ = "compose_model"
    __table_args__ = (UniqueConstraint("company_id", "environment", "kind", "version"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    # Conversations and messages it learnt from, seconds it took.
    trained_on: Mapped[dict[str, Any]]
    # Figures on conversations held back, its own and, under `live`, those of the version it met.
    metrics: Mapped[dict[str, Any]]
    storage_key: Mapped[str] = mapped_column(String(200))
    size_bytes: Mapped[int]
    created_at: Mapped[datetime]
    live_at: Mapped[datetime | None]
