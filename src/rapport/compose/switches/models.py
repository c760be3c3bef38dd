"""The tables of client settings: a company's defaults, and what differs for single agents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from rapport.core.database import Base


class ComposerSwitches(Base):
    """What holds for a company's agents in one environment, once somebody has changed it."""

    __tablename__ = "composer_switches"

    company_id: Mapped[str] = mapped_column(ForeignKey("company.id"), primary_key=True)
    environment: Mapped[str] = mapped_column(String(10), primary_key=True)
    suggestions_while_typing_disabled: Mapped[bool]
    phrase_completions_disabled: Mapped[bool]
    spellcheck_disabled: Mapped[bool]
    autopilot_greetings_disabled: Mapped[bool]
    autocompose_disabled: Mapped[bool]
    # Percent of the agents who get no help at all, to compare with.
    control_share: Mapped[int]
    updated_at: Mapped[datetime]


class AgentSwitches(Base):
    """What holds for one agent; an absent value is the company's."""

    __tablename__ = "agent_switches"

    company_id: Mapped[str] = mapped_column(ForeignKey("company.id"), primary_key=True)
    environment: Mapped[str] = mapped_column(String(10), primary_key=True)
    agent_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    suggestions_while_typing_disabled: Mapped[bool | None]
    phrase_completions_disabled: Mapped[bool | None]
    spellcheck_disabled: Mapped[bool | None]
    autopilot_greetings_disabled: Mapped[bool | None]
    autocompose_disabled: Mapped[bool | None]
    updated_at: Mapped[datetime]
