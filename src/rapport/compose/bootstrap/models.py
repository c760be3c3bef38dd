"""The table of proposals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from rapport.conversations.models import Scoped
from rapport.core.database import Base
from rapport.core.ids import new_id


class ResponseProposal(Scoped, Base):
    """Responses that agents' own words suggest; nothing of it is in any list until somebody takes it."""

    __tablename__ = "response_proposal"
    __table_args__ = (Index("ix_response_proposal_scope", "company_id", "environment", "id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    # imported, conversations or all
    source: Mapped[str] = mapped_column(String(16))
    # working, ready or failed
    state: Mapped[str] = mapped_column(String(10))
    # Of the work.
    percent: Mapped[int]
    conversations: Mapped[int]
    messages: Mapped[int]
    # As `proposing.Proposed` says it, the most useful first.
    responses: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
