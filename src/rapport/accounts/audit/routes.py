"""`/console/v1/audit`: the audit log, for administrators only (PLT-183..187)."""

from __future__ import annotations

from datetime import datetime

from litestar import Controller, Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery

from rapport.accounts.audit import service
from rapport.accounts.audit.schemas import AuditPage, Order, audit_record
from rapport.accounts.audit.service import AuditEvent, Filters
from rapport.accounts.fields import Limit
from rapport.core.database import ReadSession, WriteSession
from rapport.core.errors import Invalid
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission


async def provide_filters(
    search: FromQuery[str | None] = None,
    resource_type: FromQuery[str | None] = None,
    event_type: FromQuery[AuditEvent | None] = None,
    user: FromQuery[str | None] = None,
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
    order: FromQuery[Order] = "newest",
) -> Filters:
    """Read which entries are wanted; `search` is exactly a resource name or a user."""
    newest_first = order == "newest"
    moments = _with_zone("since", since), _with_zone("until", until)
    return Filters(search, resource_type, event_type, user, *moments, newest_first)


def _with_zone(name: str, moment: datetime | None) -> datetime | None:
    if moment is not None and moment.tzinfo is None:
        raise Invalid(path=f"/{name}", problem="must name its time zone: 2026-03-04T09:10:11Z")
    return moment


class AuditController(Controller):
    """Who changed what and when."""

    path = "/console/v1"
    tags = ("Audit",)
    guards = (requires(Permission.READ_AUDIT),)
    dependencies = {"filters": Provide(provide_filters)}  # noqa: RUF012

    @get("/audit", responses=refusals(400, 401, 403))
    async def list_entries(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        filters: NamedDependency[Filters],
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
    ) -> AuditPage:
        """List the entries that match, in time order."""
        entries, following = await service.find(
            reading, caller, filters, limit=limit, cursor=cursor
        )
        return AuditPage([audit_record(entry) for entry in entries], following)

    @get("/audit.csv", media_type="text/csv", responses=refusals(400, 401, 403))
    async def export(
        self,
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
        filters: NamedDependency[Filters],
    ) -> Response[str]:
        """Download the entries that match; the download is itself recorded."""
        headers = {"content-disposition": 'attachment; filename="audit.csv"'}
        content = await service.export(session, caller, filters)
        return Response(content, media_type="text/csv", headers=headers)


controllers = [AuditController]
