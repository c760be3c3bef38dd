"""Uploading a whole list: everything is checked before anything is saved (CMP-185, CMP-192)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.globals import versions
from rapport.compose.globals.dictionary import filters_of, inserts_of, unknown_inserts
from rapport.compose.globals.draft import Draft, hold
from rapport.compose.globals.findings import found
from rapport.compose.globals.models import ListVersion
from rapport.compose.globals.reading import all_responses, folders_in
from rapport.compose.globals.replacing import Line, Replaced, replace_all
from rapport.compose.globals.sheets import KEYS, TEXT, Format, Problem, Sheet, read, write
from rapport.core.database import WriteSession
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


async def upload(
    session: WriteSession, log: Log, caller: Caller, sheet: Sheet, wanted: Wanted
) -> Report:
    """Replace the list by a file's, and save it as a version (CMP-185, CMP-193).

    A trial tells the same and saves nothing. Raises DraftChanged, and UploadRefused when anything
    is wrong with the file.
    """
    draft = await hold(session, caller, wanted.based_on, None)
    errors, warnings = await _judged(session, draft.company_id, sheet)
    if wanted.is_trial:
        return Report(None, await _tried(draft, sheet), errors, warnings)
    if errors:
        raise UploadRefused(problems=_named(errors))
    replaced = await replace_all(draft, sheet.lines)
    draft.note("uploaded", f"{len(sheet.lines)} responses")
    version = await versions.keep(draft, log, wanted.description, "upload")
    return Report(version, replaced, (), warnings)


async def _tried(draft: Draft, sheet: Sheet) -> Replaced:
    """Replace the list, and take that back."""
    trial = await draft.session.begin_nested()
    replaced = await replace_all(draft, sheet.lines)
    await draft.session.flush()
    await trial.rollback()
    return replaced


async def _judged(
    session: AsyncSession, company_id: str, sheet: Sheet
) -> tuple[list[Problem], list[Problem]]:
    """Return what is wrong with a file, and what is only odd: values no filter is known to have."""
    custom = await inserts_of(session, company_id)
    known = await filters_of(session, company_id)
    errors, warnings = list(sheet.problems), []
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        bound = [condition["name"] for condition in line.conditions]
        errors += [
            Problem(row, TEXT, found("insert_unknown", name=name))
            for name in unknown_inserts(line.text, bound, custom)
        ]
        for condition in line.conditions:
            odd = set(condition["allowedValues"]) - known.get(condition["name"], set())
            if condition["name"] in known and odd:
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
    return await asyncio.to_thread(write, lines, kind)


async def parsed(content: bytes, kind: Format, limit: int) -> Sheet:
    """Read a file in a worker thread."""
    return await asyncio.to_thread(read, content, kind, limit)
