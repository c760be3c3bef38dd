"""The tables of redaction: switches that differ from the defaults, rules, and what is deployed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rapport.core.database import Base


class RedactionSwitch(Base):
    """An entity's policies in one environment, once somebody has changed them (PLT-110)."""

    __tablename__ = "redaction_switch"

    company_id: Mapped[str] = mapped_column(ForeignKey("company.id"), primary_key=True)
    environment: Mapped[str] = mapped_column(String(10), primary_key=True)
    entity: Mapped[str] = mapped_column(String(64), primary_key=True)
    customer_immediate: Mapped[bool]
    customer_delayed: Mapped[bool]
    agent_immediate: Mapped[bool]
    auto_transcribe: Mapped[bool]
    voice: Mapped[bool]


class RedactionRule(Base):
    """A rule of the draft: not yet at work until the draft is deployed (PLT-121)."""

    __tablename__ = "redaction_rule"
    __table_args__ = (UniqueConstraint("company_id", "name"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    company_id: Mapped[str] = mapped_column(ForeignKey("company.id"))
    name: Mapped[str] = mapped_column(String(100))
    pattern: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    updated_at: Mapped[datetime]


class RedactionRuleSet(Base):
    """The rules of one environment from one deployment to the next; the highest version works."""

    __tablename__ = "redaction_rule_set"

    company_id: Mapped[str] = mapped_column(ForeignKey("company.id"), primary_key=True)
    environment: Mapped[str] = mapped_column(String(10), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # In order: {"id", "name", "pattern"} each.
    rules: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    notes: Mapped[str] = mapped_column(Text)
    deployed_by: Mapped[str] = mapped_column(String(200))
    deployed_at: Mapped[datetime]
