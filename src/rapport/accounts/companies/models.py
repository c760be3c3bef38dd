"""The table of companies, and what a company has set for itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from rapport.core.database import Base


class Company(Base):
    """One account: the tenant that owns people, keys, conversations and configuration (PLT-161)."""

    __tablename__ = "company"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    marker: Mapped[str] = mapped_column(String(63), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    # Environment → the products switched on there; a key's own list can only narrow it.
    products: Mapped[dict[str, Any]]
    settings: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
