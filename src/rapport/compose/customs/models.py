"""The tables of custom responses: an agent's own, seen by nobody else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from rapport.compose.texts import FOLDED
from rapport.conversations.models import Scoped
from rapport.core.database import Base
from rapport.core.ids import new_id


class CustomResponse(Scoped, Base):
    """A text an agent keeps for its own use."""

    __tablename__ = "custom_response"
    __table_args__ = (
        Index("ix_custom_response_agent", "company_id", "environment", "agent_id", "folder_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    # As conversations name the agent: its external id.
    agent_id: Mapped[str] = mapped_column(String(255))
    text: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(200))
    folder_id: Mapped[str] = mapped_column(String(26))
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(16))
    folded_title: Mapped[str] = mapped_column(FOLDED)
    folded_text: Mapped[str] = mapped_column(FOLDED)
    # Its place in the order its agent likes.
    position: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CustomFolder(Scoped, Base):
    """A folder of an agent's custom responses."""

    __tablename__ = "custom_folder"
    __table_args__ = (
        Index("ix_custom_folder_agent", "company_id", "environment", "agent_id", "parent_id"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    agent_id: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(200))
    parent_id: Mapped[str] = mapped_column(String(26))
    folded: Mapped[str] = mapped_column(FOLDED)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
