"""The only way to load an agent's own responses and folders: by the agent they belong to."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.customs.models import CustomFolder, CustomResponse
from rapport.compose.texts import ROOT
from rapport.core.errors import NotFound
from rapport.core.identity import Scope


class Owner(NamedTuple):
    """An agent of a company in one environment, by its external id."""

    scope: Scope
    agent_id: str


def owned(table: type[CustomResponse | CustomFolder], owner: Owner) -> ColumnElement[bool]:
    """Return the condition of what belongs to an agent (CMP-120, CMP-137)."""
    return and_(
        table.company_id == owner.scope.company_id,
        table.environment == owner.scope.environment,
        table.agent_id == owner.agent_id,
    )


async def response_of(session: AsyncSession, owner: Owner, response_id: str) -> CustomResponse:
    """Return a response of an agent. Raises NotFound, also for another agent's."""
    found = await session.scalar(
        select(CustomResponse).where(owned(CustomResponse, owner), CustomResponse.id == response_id)
    )
    if found is None:
        raise NotFound(what="there is no such response")
    return found


async def folder_of(session: AsyncSession, owner: Owner, folder_id: str) -> CustomFolder:
    """Return a folder of an agent. Raises NotFound, also for another agent's."""
    found = await session.scalar(
        select(CustomFolder).where(owned(CustomFolder, owner), CustomFolder.id == folder_id)
    )
    if found is None:
        raise NotFound(what="there is no such folder")
    return found


async def check_folder(session: AsyncSession, owner: Owner, folder_id: str | None) -> None:
    """Raise NotFound for a folder that an agent does not have."""
    if folder_id not in {None, ROOT}:
        await folder_of(session, owner, str(folder_id))


async def folders_within(session: AsyncSession, owner: Owner, folder_id: str) -> list[str]:
    """Return the ids of a folder and of all that lie in it, however deep."""
    rows = await session.execute(
        select(CustomFolder.id, CustomFolder.parent_id).where(owned(CustomFolder, owner))
    )
    inside: dict[str, list[str]] = {}
    for row in rows:
        inside.setdefault(row[1], []).append(row[0])
    found = [folder_id]
    for each in found:
        found += inside.get(each, [])
    return found
