"""The sums of days as a file: a line for each day, agent, queue and list."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.compose.usage.metrics import Filter, Period, rows
from rapport.compose.usage.readers import MEASURES
from rapport.core.database import WriteSession
from rapport.core.identity import Caller

# What begins like a formula is run by the spreadsheet that opens the file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_KEYS = ("day", "agent", "agent_name", "queue", "source")
COLUMNS = ("day", "agent", "agent_name", "queue", "list", *MEASURES)

Line = list[Any]


async def csv_of(session: WriteSession, caller: Caller, period: Period, wanted: Filter) -> bytes:
    """Return a period as CSV; the export is itself recorded."""
    return await asyncio.to_thread(_csv, await _lines(session, caller, period, wanted))


async def xlsx_of(session: WriteSession, caller: Caller, period: Period, wanted: Filter) -> bytes:
    """Return a period as a workbook; the export is itself recorded."""
    return await asyncio.to_thread(_xlsx, await _lines(session, caller, period, wanted))


async def _lines(
    session: WriteSession, caller: Caller, period: Period, wanted: Filter
) -> list[Line]:
    found = await rows(session, caller.scope, period, wanted)
    record(session, caller, AuditEvent.EXPORT, Resource("composer_metrics", "Composer metrics"))
    return [[_harmless(row[name]) for name in (*_KEYS, *MEASURES)] for row in found]


def _csv(lines: Iterable[Line]) -> bytes:
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    writer.writerows(lines)
    return sheet.getvalue().encode()


def _xlsx(lines: Iterable[Line]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Usage")
    sheet.append(COLUMNS)
    for line in lines:
        sheet.append(line)
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
