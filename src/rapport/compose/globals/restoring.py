"""Going back: the draft says again what an old version says (CMP-199)."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent
from rapport.compose.globals import access
from rapport.compose.globals.draft import check_unchanged, hold
from rapport.compose.globals.models import GlobalFolder, GlobalResponse, ListVersion
from rapport.compose.globals.reading import stand_in
from rapport.compose.globals.replacing import Plan, Then, planned_as_then, standing, write
from rapport.compose.globals.rows import content_of, folder_content_of, rows_where
from rapport.core.database import Database
from rapport.core.identity import Caller


class _Prepared(NamedTuple):
    """What is to be written, and the state of the draft for which that is right."""

    revision: int
    plan: Plan
    version: ListVersion


async def restore(database: Database, caller: Caller, based_on: int, version_id: str) -> int:
    """Make the draft say what an old version says; returns the draft's revision.

    It is worked out before anybody is kept from writing, and again when the draft has changed
    meanwhile. Raises NotFound and DraftChanged.
    """
    while True:
        prepared = await _prepared(database, caller, based_on, version_id)
        async with database.writing() as session:
            draft = await hold(session, caller, based_on, None)
            if (draft.number, draft.revision) != (prepared.plan.number, prepared.revision):
                continue
            await write(session, prepared.plan)
            number = prepared.version.number
            draft.list.origin = "restore"
            draft.note("restored", f"version {number}")
            draft.record(AuditEvent.UPDATE, f"draft from version {number}", version_id)
            return draft.revision


async def _prepared(
    database: Database, caller: Caller, based_on: int, version_id: str
) -> _Prepared:
    company_id = caller.scope.company_id
    async with database.reading() as session:
        version = await access.version_of(session, company_id, version_id)
        held = await access.list_of(session, company_id)
        if based_on < held.revision:
            await check_unchanged(session, company_id, based_on, None)
        draft = await standing(session, company_id, held.saved + 1)
        then = await _said_in(session, company_id, version.number)
    plan = await asyncio.to_thread(planned_as_then, draft, then)
    return _Prepared(held.revision, plan, version)


async def _said_in(session: AsyncSession, company_id: str, number: int) -> Then:
    responses = await rows_where(
        session, GlobalResponse, stand_in(GlobalResponse, company_id, number)
    )
    folders = await rows_where(session, GlobalFolder, stand_in(GlobalFolder, company_id, number))
    return Then(
        {row.response_id: content_of(row) for row in responses},
        {row.folder_id: folder_content_of(row) for row in folders},
    )
