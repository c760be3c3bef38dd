"""The tables of routing: who is at work, and who serves or waits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from rapport.conversations.models import Scoped
from rapport.core.database import Base


class AgentState(Scoped, Base):
    """Whether somebody takes new conversations, in one environment; nobody does who has no row."""

    __tablename__ = "agent_state"
    __table_args__ = (Index("ix_agent_state_status", "company_id", "environment", "status"),)

    person_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    environment: Mapped[str] = mapped_column(String(10), primary_key=True)
    status: Mapped[str] = mapped_column(String(8))  # active, away
    changed_at: Mapped[datetime]
    # Among equally free agents the one who has gone longest without a conversation is next.
    assigned_at: Mapped[datetime | None]


class Assignment(Scoped, Base):
    """A routed conversation: it waits while nobody has it, and takes a slot of who has it until it ends."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "ix_assignment_waiting",
            "company_id",
            "environment",
            "ended_at",
            "person_id",
            "waiting_since",
        ),
        Index("ix_assignment_person_id", "person_id", "ended_at"),
    )

    conversation_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    waiting_since: Mapped[datetime]
    person_id: Mapped[str | None] = mapped_column(String(26))
    assigned_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
