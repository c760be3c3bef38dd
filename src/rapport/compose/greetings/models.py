"""The tables of greetings: what a company and its agents have set, and where one was offered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from rapport.conversations.models import Scoped
from rapport.core.database import Base


class GreetingPolicy(Base):
    """What holds for a company's agents in one environment, once somebody has changed it."""

    __tablename__ = "greeting_policy"

    company_id: Mapped[str] = mapped_column(ForeignKey("company.id"), primary_key=True)
    environment: Mapped[str] = mapped_column(String(10), primary_key=True)
    enabled: Mapped[bool]
    delay_seconds: Mapped[int]
    trigger_after_seconds: Mapped[int]
    generic: Mapped[str] = mapped_column(Text)
    named: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]


class AgentGreeting(Base):
    """An agent's own switch and texts; an absent value is the company's."""

    __tablename__ = "agent_greeting"

    company_id: Mapped[str] = mapped_column(ForeignKey("company.id"), primary_key=True)
    environment: Mapped[str] = mapped_column(String(10), primary_key=True)
    agent_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    enabled: Mapped[bool | None]
    generic: Mapped[str | None] = mapped_column(Text)
    named: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[datetime]


class GreetingOffer(Scoped, Base):
    """The one chance of a conversation to be greeted has been given.

    `text` is the redacted greeting that was offered; absent when the agent had begun to type or
    something had been said already.
    """

    __tablename__ = "greeting_offer"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    agent_id: Mapped[str] = mapped_column(String(255))
    text: Mapped[str | None] = mapped_column(Text)
    offered_at: Mapped[datetime]
