"""What versions of the global list hold: the queries that everybody else builds on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.globals.models import (
    GlobalFolder,
    GlobalResponse,
    ListDeployment,
    ListVersion,
)
from rapport.compose.models import TextVector
from rapport.compose.texts import ROOT
from rapport.core.identity import Scope

SEPARATOR = " > "

_MEANT = and_(
    TextVector.company_id == GlobalResponse.company_id,
    TextVector.fingerprint == GlobalResponse.fingerprint,
)


def stand_in(
    table: type[GlobalResponse | GlobalFolder], company_id: str, version: int | ScalarSelect[Any]
) -> ColumnElement[bool]:
    """Return the condition of the rows that stand in a version of a company's list."""
    return and_(
        table.company_id == company_id,
        table.since <= version,
        or_(table.until.is_(None), table.until > version),
    )


def deployed_to(scope: Scope) -> ScalarSelect[int | None]:
    """Return the number of the version that an environment uses, as a part of a query; else NULL."""
    return (
        select(ListDeployment.version)
        .where(
            ListDeployment.company_id == scope.company_id,
            ListDeployment.environment == scope.environment,
        )
        .order_by(ListDeployment.number.desc())
        .limit(1)
        .scalar_subquery()
    )


def without_vector(company_id: str, version: int) -> Select[str]:
    """Return the texts of a version that are not embedded yet."""
    return (
        select(GlobalResponse.text)
        .outerjoin(TextVector, _MEANT)
        .where(stand_in(GlobalResponse, company_id, version), TextVector.fingerprint.is_(None))
    )


async def waiting(session: AsyncSession, company_id: str, version: int) -> int:
    """Return how many responses of a version are not embedded yet."""
    missing = without_vector(company_id, version).subquery()
    return await session.scalar(select(func.count()).select_from(missing)) or 0


async def version_in_use(session: AsyncSession, scope: Scope) -> ListVersion | None:
    """Return the version that an environment uses, None where nothing is deployed."""
    return await session.scalar(
        select(ListVersion).where(
            ListVersion.company_id == scope.company_id, ListVersion.number == deployed_to(scope)
        )
    )


class Folders:
    """The folders of a version, by id and by path."""

    def __init__(self, rows: Sequence[GlobalFolder]) -> None:
        self.rows: Mapping[str, GlobalFolder] = {row.folder_id: row for row in rows}

    def path(self, folder_id: str) -> str:
        """Return a folder's path from the top, `A > B > C`; empty for the top itself."""
        return SEPARATOR.join(self.names(folder_id))

    def names(self, folder_id: str) -> list[str]:
        """Return the names from the top down to a folder."""
        names: list[str] = []
        while folder_id != ROOT and len(names) <= len(self.rows):
            row = self.rows[folder_id]
            names.append(row.name)
            folder_id = row.parent_id
        return names[::-1]

    def children(self, parent_id: str) -> list[GlobalFolder]:
        """Return the folders that lie directly in another."""
        return [row for row in self.rows.values() if row.parent_id == parent_id]

    def within(self, folder_id: str) -> list[str]:
        """Return the ids of a folder and of all that lie in it, however deep."""
        found = [folder_id]
        for each in found:
            found += [row.folder_id for row in self.children(each)]
        return found


async def folders_in(session: AsyncSession, company_id: str, version: int) -> Folders:
    """Return the folders of a version."""
    rows = await session.scalars(
        select(GlobalFolder).where(stand_in(GlobalFolder, company_id, version))
    )
    return Folders(rows.all())


def all_responses(company_id: str, version: int) -> Select[GlobalResponse]:
    """Return every response of a version in the list's order (CMP-119)."""
    return (
        select(GlobalResponse)
        .where(stand_in(GlobalResponse, company_id, version))
        .order_by(GlobalResponse.folded, GlobalResponse.response_id)
    )
