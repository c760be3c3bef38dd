"""The table of audit entries: written once, never changed, never purged (PLT-181)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from rapport.core.database import Base


class AuditEntry(Base):
    """Who changed what and when (PLT-180). `environment` is given on deployments only."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "company_id", "at", "id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    company_id: Mapped[str] = mapped_column(ForeignKey("company.id"))
    environment: Mapped[str | None] = mapped_column(String(10))
    resource_type: Mapped[str] = mapped_column(String(64))
    resource_name: Mapped[str] = mapped_column(String(254))
    resource_id: Mapped[str | None] = mapped_column(String(64))
    event_type: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(200))
    actor_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
