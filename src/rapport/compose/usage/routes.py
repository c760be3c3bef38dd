"""What clients report about messages, and what the console makes of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from rapport.compose.access import WRITERS
from rapport.compose.suggestions.sets import SuggestionSets
from rapport.compose.usage import access, export, metrics, service
from rapport.compose.usage.metrics import Filter, Period
from rapport.compose.usage.schemas import MessageAnalyticEvent, MessageSentEvent
from rapport.compose.usage.service import Reporting
from rapport.compose.usage.shown import (
    ConversationView,
    Metrics,
    conversation_view,
    metrics_view,
)
from rapport.conversations.directory import Directory
from rapport.conversations.redaction import Redaction
from rapport.core.database import Database, ReadSession, WriteSession
from rapport.core.http.contract import WITHOUT_BODY, nothing, refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission
from rapport.core.log import Log

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Named = Annotated[str | None, QueryParameter(max_length=255)]


def provide_reporting(
    database: NamedDependency[Database],
    log: NamedDependency[Log],
    directory: NamedDependency[Directory],
    redaction: NamedDependency[Redaction],
    suggestion_sets: NamedDependency[SuggestionSets],
) -> Reporting:
    """Gather what it takes to take a report down."""
    return Reporting(database, log, directory, redaction, suggestion_sets)


class ReportsController(Controller):
    """What clients report about messages."""

    path = "/autocompose/v1"
    guards = (WRITERS,)
    tags = ("AutoCompose",)
    dependencies = {"tools": Provide(provide_reporting, sync_to_thread=False)}  # noqa: RUF012

    @post(
        "/analytics/message-sent",
        **WITHOUT_BODY,
        operation_id="createMessageSentEvent",
        responses=refusals(),
    )
    async def report_sent(
        self,
        data: JSONBody[MessageSentEvent],
        tools: NamedDependency[Reporting],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
    ) -> Response[None]:
        """Tell how a message was written, after it was sent; telling it again changes nothing."""
        await service.report_sent(tools, reading, caller, data)
        return nothing()

    @post(
        "/conversations/{conversation_id:str}/message-analytic-events",
        **WITHOUT_BODY,
        operation_id="createMessageAnalyticEvent",
        responses=refusals(),
    )
    async def report_action(
        self,
        conversation_id: FromPath[str],
        data: JSONBody[MessageAnalyticEvent],
        tools: NamedDependency[Reporting],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
    ) -> Response[None]:
        """Tell what an agent just did with our help; it counts for the message it sends next."""
        await service.report_action(tools, reading, caller, conversation_id, data)
        return nothing()


async def provide_period(
    reading: NamedDependency[ReadSession],
    caller: NamedDependency[Caller],
    since: FromQuery[date | None] = None,
    until: FromQuery[date | None] = None,
) -> Period:
    """Read which days are meant."""
    return await metrics.period_of(reading, caller.scope, since, until)


def provide_filter(
    agent: Named = None,
    queue: Named = None,
    source: Annotated[str | None, QueryParameter(query="list", max_length=16)] = None,
) -> Filter:
    """Read which messages are wanted."""
    return Filter(agent, queue, source)


class MetricsController(Controller):
    """What help is worth, for those who watch over conversations."""

    path = "/console/v1/compose"
    guards = (requires(Permission.WATCH_CONVERSATIONS, Permission.MANAGE_RESPONSES),)
    tags = ("Console",)
    dependencies = {  # noqa: RUF012
        "period": Provide(provide_period),
        "wanted": Provide(provide_filter, sync_to_thread=False),
    }

    @get("/metrics", operation_id="getComposerMetrics", responses=refusals())
    async def show(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        period: NamedDependency[Period],
        wanted: NamedDependency[Filter],
    ) -> Metrics:
        """Show the figures of some days, by day, agent, queue and list."""
        return metrics_view(await metrics.report(reading, caller.scope, period, wanted))

    @get(
        "/metrics.csv",
        operation_id="exportComposerMetricsAsCsv",
        media_type="text/csv",
        responses=refusals(),
    )
    async def export_csv(
        self,
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
        period: NamedDependency[Period],
        wanted: NamedDependency[Filter],
    ) -> Response[bytes]:
        """Download the sums of days; the download is itself recorded."""
        content = await export.csv_of(session, caller, period, wanted)
        return _file(content, "text/csv", "composer.csv")

    @get(
        "/metrics.xlsx",
        operation_id="exportComposerMetricsAsWorkbook",
        media_type=XLSX,
        responses=refusals(),
    )
    async def export_xlsx(
        self,
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
        period: NamedDependency[Period],
        wanted: NamedDependency[Filter],
    ) -> Response[bytes]:
        """Download the sums of days as a workbook; the download is itself recorded."""
        content = await export.xlsx_of(session, caller, period, wanted)
        return _file(content, XLSX, "composer.xlsx")


class ConversationUsageController(Controller):
    """How the messages of one conversation were written."""

    path = "/console/v1/compose/conversations/{conversation_id:str}/usage"
    guards = (requires(Permission.WATCH_CONVERSATIONS, Permission.MANAGE_RESPONSES),)
    tags = ("Console",)

    @get(operation_id="getConversationUsage", responses=refusals())
    async def show(
        self,
        conversation_id: FromPath[str],
        reading: NamedDependency[ReadSession],
        directory: NamedDependency[Directory],
        caller: NamedDependency[Caller],
    ) -> ConversationView:
        """Show what was reported of each message, and the counters of the conversation."""
        known = await directory.find(caller.scope, conversation_id)
        return conversation_view(await access.messages_of(reading, known.scope, known.id))


def _file(content: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


controllers = [ReportsController, MetricsController, ConversationUsageController]
