"""The only way to load what belongs to a company's global list."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.globals.models import (
    GlobalFolder,
    GlobalResponse,
    ListVersion,
    MetadataKey,
    ResponseList,
)
from rapport.core.database import WriteSession
from rapport.core.errors import NotFound


async def list_to_change(session: WriteSession, company_id: str) -> ResponseList:
    """Return a company's list, made on first use, held until the transaction ends."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    empty = {"company_id": company_id, "saved": 0, "revision": 0, "origin": "save"}
    first = dialect.insert(ResponseList).values(empty)
    await session.execute(first.on_conflict_do_nothing())
    query = select(ResponseList).where(ResponseList.company_id == company_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one()


async def list_of(session: AsyncSession, company_id: str) -> ResponseList:
    """Return a company's list as it is; an empty one before anybody has written."""
    found = await session.get(ResponseList, company_id)
    return found or ResponseList(company_id=company_id, saved=0, revision=0, origin="save")


async def version_of(session: AsyncSession, company_id: str, version_id: str) -> ListVersion:
    """Return a saved version of a company's list. Raises NotFound."""
    version = await session.get(ListVersion, version_id)
    if version is None or version.company_id != company_id:
        raise NotFound(what="there is no such version")
    return version


async def response_in_draft(
    session: AsyncSession, company_id: str, response_id: str
) -> GlobalResponse:
    """Return a response as the draft has it. Raises NotFound."""
    query = select(GlobalResponse).where(
        GlobalResponse.company_id == company_id,
        GlobalResponse.response_id == response_id,
        GlobalResponse.until.is_(None),
    )
    found = await session.scalar(query)
    if found is None:
        raise NotFound(what="there is no such response")
    return found


async def folder_in_draft(session: AsyncSession, company_id: str, folder_id: str) -> GlobalFolder:
    """Return a folder as the draft has it. Raises NotFound."""
    query = select(GlobalFolder).where(
        GlobalFolder.company_id == company_id,
        GlobalFolder.folder_id == folder_id,
        GlobalFolder.until.is_(None),
    )
    found = await session.scalar(query)
    if found is None:
        raise NotFound(what="there is no such folder")
    return found


async def metadata_key(session: AsyncSession, company_id: str, key_id: str) -> MetadataKey:
    """Return an entry of a company's dictionary. Raises NotFound."""
    found = await session.get(MetadataKey, key_id)
    if found is None or found.company_id != company_id:
        raise NotFound(what="there is no such key")
    return found
