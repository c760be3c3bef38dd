"""What one version says otherwise than another."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.globals import access
from rapport.compose.globals.models import GlobalResponse
from rapport.compose.globals.reading import Folders, folders_in, stand_in

DRAFT = "draft"


class Side(NamedTuple):
    """A version that is compared: its number, what only it says, and its folders."""

    number: int
    rows: dict[str, GlobalResponse]
    folders: Folders


async def number_of(session: AsyncSession, company_id: str, version_id: str) -> int:
    """Return the number of a version, or of the draft. Raises NotFound."""
    if version_id == DRAFT:
        return (await access.list_of(session, company_id)).saved + 1
    return (await access.version_of(session, company_id, version_id)).number


async def sides(
    session: AsyncSession, company_id: str, before: int, after: int
) -> tuple[Side, Side]:
    """Return what only the one version says, and what only the other."""
    return (
        await _side(session, company_id, before, after),
        await _side(session, company_id, after, before),
    )


async def _side(session: AsyncSession, company_id: str, number: int, other: int) -> Side:
    query = (
        select(GlobalResponse)
        .where(
            stand_in(GlobalResponse, company_id, number),
            not_(stand_in(GlobalResponse, company_id, other)),
        )
        .order_by(GlobalResponse.folded, GlobalResponse.response_id)
    )
    rows = {row.response_id: row for row in await session.scalars(query)}
    return Side(number, rows, await folders_in(session, company_id, number))
