"""The tables of conversations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rapport.core.database import Base
from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId, new_id


class Scoped:
    """Columns of everything that belongs to one company in one environment."""

    company_id: Mapped[str] = mapped_column(String(26))
    environment: Mapped[str] = mapped_column(String(10))

    @property
    def scope(self) -> Scope:
        """The company and environment this belongs to."""
        return Scope(CompanyId(self.company_id), Environment(self.environment))


class Customer(Scoped, Base):
    """Somebody a company serves; anonymous until the company says who it is (PLT-058..060)."""

    __tablename__ = "customer"
    __table_args__ = (UniqueConstraint("company_id", "environment", "external_id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    external_id: Mapped[str] = mapped_column(String(255))
    name: Mapped[str | None] = mapped_column(String(255))
    is_anonymous: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Conversation(Scoped, Base):
    """A conversation as it stands; what happened to it is in its stream."""

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("company_id", "environment", "external_id"),
        Index("ix_conversation_live", "company_id", "environment", "ended_at", "opened_at"),
        Index("ix_conversation_customer_id", "customer_id"),
        Index("ix_conversation_agent_person_id", "agent_person_id", "ended_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    external_id: Mapped[str | None] = mapped_column(String(255))
    channel: Mapped[str] = mapped_column(String(16))
    customer_id: Mapped[str] = mapped_column(ForeignKey("customer.id"))
    customer_external_id: Mapped[str] = mapped_column(String(255))
    customer_name: Mapped[str | None] = mapped_column(String(255))
    agent_external_id: Mapped[str | None] = mapped_column(String(255))
    agent_name: Mapped[str | None] = mapped_column(String(255))
    agent_person_id: Mapped[str | None] = mapped_column(String(26))
    extra: Mapped[dict[str, Any]] = mapped_column("metadata", default=dict)
    opened_at: Mapped[datetime]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(16))


class Leg(Base):
    """One agent's time in a conversation, from one `seq` to another (PLT-042, PLT-048)."""

    __tablename__ = "conversation_leg"
    __table_args__ = (Index("ix_conversation_leg_conversation_id", "conversation_id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    agent_external_id: Mapped[str] = mapped_column(String(255))
    agent_name: Mapped[str | None] = mapped_column(String(255))
    agent_person_id: Mapped[str | None] = mapped_column(String(26))
    joined_at: Mapped[datetime]
    joined_seq: Mapped[int] = mapped_column(BigInteger)
    left_at: Mapped[datetime | None]
    left_seq: Mapped[int | None] = mapped_column(BigInteger)


class Message(Scoped, Base):
    """One redacted message; written by the log's own writer together with its event."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_conversation_id_sent_at", "conversation_id", "sent_at", "seq"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(26))
    seq: Mapped[int] = mapped_column(BigInteger)
    role: Mapped[str] = mapped_column(String(16))
    sender_external_id: Mapped[str | None] = mapped_column(String(255))
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
    created_at: Mapped[datetime]


class Mark(Base):
    """Up to which message a side of a conversation has received and read it."""

    __tablename__ = "conversation_mark"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)
    delivered: Mapped[int] = mapped_column(BigInteger, default=0)
    read: Mapped[int] = mapped_column(BigInteger, default=0)


class Note(Base):
    """What an agent wrote down for colleagues when a conversation ended; redacted."""

    __tablename__ = "conversation_note"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    author: Mapped[str] = mapped_column(String(255))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class Credential(Base):
    """A customer's credentials for one conversation, encrypted (PLT-050..057)."""

    __tablename__ = "customer_credential"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    customer_external_id: Mapped[str] = mapped_column(String(255))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
