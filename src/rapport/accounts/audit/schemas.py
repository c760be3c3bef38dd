"""The wire shapes of the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from rapport.accounts.audit.models import AuditEntry

Order = Literal["newest", "oldest"]


class AuditRecord(Struct):
    """Who changed what and when (PLT-180); `environment` on deployments only."""

    id: str
    at: datetime
    user: str
    event_type: str
    resource_type: str
    resource_name: str
    resource_id: str | None
    environment: str | None


class AuditPage(Struct, rename={"next_cursor": "nextCursor"}):
    """A page of the audit log."""

    items: list[AuditRecord]
    next_cursor: str | None


def audit_record(entry: AuditEntry) -> AuditRecord:
    """Shape an entry for the wire."""
    return AuditRecord(
        id=entry.id,
        at=entry.at,
        user=entry.actor,
        event_type=entry.event_type,
        resource_type=entry.resource_type,
        resource_name=entry.resource_name,
        resource_id=entry.resource_id,
        environment=entry.environment,
    )
