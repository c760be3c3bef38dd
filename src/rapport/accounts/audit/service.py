"""Recording and finding who changed what (PLT-178..188)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.models import AuditEntry
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.errors import Invalid
from rapport.core.identity import Caller, Environment
from rapport.core.ids import new_id

# Rows that one export reads from the database at a time.
_PAGE = 1000
# A time in microseconds has 16 digits until the year 2286.
_DIGITS = 16
_COLUMNS = (
    "Timestamp",
    "User",
    "Event type",
    "Resource type",
    "Resource name",
    "Environment",
    "Unique ID",
)


class AuditEvent(StrEnum):
    """What happened to a resource."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    DEPLOY = "deploy"
    UNDEPLOY = "undeploy"
    EXPORT = "export"
    SIGN_IN = "sign_in"


class Resource(NamedTuple):
    """What an entry is about; `id` where it has one."""

    type: str
    name: str
    id: str | None = None


class Filters(NamedTuple):
    """Which entries are wanted; everything given must hold (PLT-185)."""

    search: str | None = None  # exactly a resource name or an actor (PLT-184)
    resource_type: str | None = None
    event_type: str | None = None
    user: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    newest_first: bool = True


def record(
    session: WriteSession,
    caller: Caller,
    event: AuditEvent,
    resource: Resource,
    *,
    environment: Environment | None = None,
) -> None:
    """Write down a change in the transaction that makes it (PLT-178, PLT-180).

    `environment` is for deployments; every other change leaves it out.
    """
    session.add(
        AuditEntry(
            id=new_id(),
            company_id=caller.scope.company_id,
            environment=environment,
            resource_type=resource.type,
            resource_name=resource.name,
            resource_id=resource.id,
            event_type=event,
            actor=caller.name or caller.id,
            actor_id=caller.id,
            at=clock.now(),
        )
    )


async def find(
    session: AsyncSession,
    caller: Caller,
    filters: Filters,
    *,
    limit: int,
    cursor: str | None = None,
) -> tuple[Sequence[AuditEntry], str | None]:
    """Return a page of the company's entries in time order, and where the next begins."""
    query = _matching(caller, filters)
    if cursor is not None:
        place = _place(cursor)
        key = tuple_(AuditEntry.at, AuditEntry.id)
        query = query.where(key < place if filters.newest_first else key > place)
    found = list(await session.scalars(query.limit(limit + 1)))
    page = found[:limit]
    more = len(found) > limit
    return page, f"{clock.microseconds(page[-1].at)}.{page[-1].id}" if more else None


async def export(session: WriteSession, caller: Caller, filters: Filters) -> str:
    """Return what `find` would list, whole, as CSV; the export is itself recorded (PLT-187)."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(_COLUMNS)
    cursor: str | None = None
    while True:
        page, cursor = await find(session, caller, filters, limit=_PAGE, cursor=cursor)
        writer.writerows(_row(entry) for entry in page)
        if cursor is None:
            break
    record(session, caller, AuditEvent.EXPORT, Resource("audit_log", "Audit log"))
    return sheet.getvalue()


def _matching(caller: Caller, filters: Filters) -> Select[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.company_id == caller.scope.company_id)
    if filters.search is not None:
        query = query.where(
            (AuditEntry.resource_name == filters.search) | (AuditEntry.actor == filters.search)
        )
    wanted: dict[Any, Any] = {
        AuditEntry.resource_type: filters.resource_type,
        AuditEntry.event_type: filters.event_type,
        AuditEntry.actor: filters.user,
    }
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    if filters.since is not None:
        query = query.where(AuditEntry.at >= filters.since)
    if filters.until is not None:
        query = query.where(AuditEntry.at < filters.until)
    order = (AuditEntry.at, AuditEntry.id)
    return query.order_by(*(c.desc() if filters.newest_first else c.asc() for c in order))


def _place(cursor: str) -> Any:
    at, _, entry_id = cursor.partition(".")
    if not at.isdecimal() or len(at) > _DIGITS or not entry_id:
        raise Invalid(path="/cursor", problem="is no cursor of this list")
    return clock.from_microseconds(int(at)), entry_id


def _row(entry: AuditEntry) -> list[str]:
    values = (
        clock.wire(entry.at),
        entry.actor,
        entry.event_type,
        entry.resource_type,
        entry.resource_name,
        entry.environment or "",
        entry.resource_id or "",
    )
    return [_harmless(value) for value in values]


def _harmless(value: str) -> str:
    """Keep a name from being run as a formula by the spreadsheet that opens it."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
