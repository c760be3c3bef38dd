"""Uploading a whole list: everything is checked before anything is saved (CMP-185, CMP-192)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.globals import access, sheets, versions
from rapport.compose.globals.dictionary import filters_of, inserts_of, unknown_inserts
from rapport.compose.globals.draft import Draft, check_unchanged, hold
from rapport.compose.globals.findings import found
from rapport.compose.globals.models import ListVersion
from rapport.compose.globals.reading import all_responses, folders_in
from rapport.compose.globals.replacing import Line, Plan, Replaced, planned, standing, write
from rapport.compose.globals.sheets import KEYS, TEXT, Format, Problem, Sheet, read
from rapport.core.database import Database
from rapport.core.errors import Refusal
from rapport.core.identity import Caller
from rapport.core.log import Log

# Problems named in one sentence; more are only counted.
SHOWN = 3


class UploadRefused(Refusal):
    """Nothing of the file was saved. Facts: `problems`."""

    status = 422
    code = "422-01"
    sentence = "Unprocessable: {problems}"


class Report(NamedTuple):
    """What an upload did, or in a trial would do."""

    saved: ListVersion | None
    replaced: Replaced
    errors: Sequence[Problem]
    warnings: Sequence[Problem]


class Wanted(NamedTuple):
    """How a file is meant: the draft's revision its author had read, and the version's name."""

    based_on: int
    description: str
    is_trial: bool


class _Prepared(NamedTuple):
    """What an upload is to write, and the state of list and dictionary for which that is right."""

    number: int
    revision: int
    inserts: frozenset[str]
    plan: Plan
    replaced: Replaced
    errors: Sequence[Problem]
    warnings: Sequence[Problem]


async def upload(
    database: Database, log: Log, caller: Caller, sheet: Sheet, wanted: Wanted
) -> Report:
    """Replace the list by a file's, and save it as a version (CMP-185, CMP-193).

    Everything is worked out before anybody is kept from writing, and again when the list has changed
    meanwhile. A trial tells the same and saves nothing. Raises DraftChanged, and UploadRefused when
    anything is wrong with the file.
    """
    while True:
        prepared = await _prepared(database, caller, sheet, wanted.based_on)
        if wanted.is_trial:
            return _report(None, prepared)
        if prepared.errors:
            raise UploadRefused(problems=_named(prepared.errors))
        async with database.writing() as session:
            draft = await hold(session, caller, wanted.based_on, None)
            if not await _is_right(prepared, draft):
                continue
            await write(session, prepared.plan)
            draft.note("uploaded", f"{len(sheet.lines)} responses")
            version = await versions.keep(draft, log, wanted.description, "upload")
        return _report(version, prepared)


async def _prepared(database: Database, caller: Caller, sheet: Sheet, based_on: int) -> _Prepared:
    company_id = caller.scope.company_id
    async with database.reading() as session:
        held = await access.list_of(session, company_id)
        if based_on < held.revision:
            await check_unchanged(session, company_id, based_on, None)
        number, revision = held.saved + 1, held.revision
        inserts = await inserts_of(session, company_id)
        filters = await filters_of(session, company_id)
        draft = await standing(session, company_id, number)
    errors, warnings = await asyncio.to_thread(_judged, sheet, inserts, filters)
    plan, replaced = await asyncio.to_thread(planned, draft, sheet.lines)
    return _Prepared(number, revision, inserts, plan, replaced, errors, warnings)


async def _is_right(prepared: _Prepared, draft: Draft) -> bool:
    is_same = (draft.number, draft.revision) == (prepared.number, prepared.revision)
    return is_same and await inserts_of(draft.session, draft.company_id) == prepared.inserts


def _report(saved: ListVersion | None, prepared: _Prepared) -> Report:
    return Report(saved, prepared.replaced, prepared.errors, prepared.warnings)


def _judged(
    sheet: Sheet, inserts: frozenset[str], filters: Mapping[str, set[str]]
) -> tuple[list[Problem], list[Problem]]:
    """Return what is wrong with a file, and what is only odd: values no filter is known to have."""
    errors, warnings = list(sheet.problems), []
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        bound = [condition["name"] for condition in line.conditions]
        errors += [
            Problem(row, TEXT, found("insert_unknown", name=name))
            for name in unknown_inserts(line.text, bound, inserts)
        ]
        for condition in line.conditions:
            odd = set(condition["allowedValues"]) - filters.get(condition["name"], set())
            if condition["name"] in filters and odd:
                told = found("value_unknown", odd=", ".join(sorted(odd)), name=condition["name"])
                warnings.append(Problem(row, KEYS, told))
    return sorted(errors, key=lambda each: each.row), warnings


def _named(errors: Sequence[Problem]) -> str:
    named = "; ".join(f"row {each.row}: {each.finding.sentence}" for each in errors[:SHOWN])
    more = f"; and {len(errors) - SHOWN} more" if len(errors) > SHOWN else ""
    return f"{named}{more}"


async def download(session: AsyncSession, company_id: str, number: int, kind: Format) -> bytes:
    """Return a version, or the draft by its number, as a file (CMP-184)."""
    folders = await folders_in(session, company_id, number)
    rows = await session.stream_scalars(
        all_responses(company_id, number), execution_options={"yield_per": 500}
    )
    lines = [
        Line(row.text, row.title, tuple(folders.names(row.folder_id)), row.conditions)
        async for row in rows
    ]
    return await asyncio.to_thread(sheets.write, lines, kind)


async def parsed(content: bytes, kind: Format, limit: int) -> Sheet:
    """Read a file in a worker thread."""
    return await asyncio.to_thread(read, content, kind, limit)
