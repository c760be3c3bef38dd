"""The people of a company."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rapport.core.database import Base


class Person(Base):
    """Someone who signs in: an agent, a supervisor, an administrator or a developer."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("company_id", "email"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    company_id: Mapped[str] = mapped_column(ForeignKey("company.id"))
    email: Mapped[str] = mapped_column(String(254))  # lower case
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(16))
    # Conversations an agent may serve at once.
    slots: Mapped[int] = mapped_column(default=3)
    password: Mapped[str] = mapped_column(String(200))  # argon2id, with its parameters
    must_change_password: Mapped[bool] = mapped_column(default=True)
    enabled: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
