"""Versions of the global list in pages: for those who use it, and for those who keep it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.globals.models import GlobalFolder, GlobalResponse, ListVersion
from rapport.compose.globals.reading import Folders, folders_in, stand_in, version_in_use
from rapport.compose.listing import Kind, Place, Wanted, contains, narrow, place_of, read_page
from rapport.compose.texts import ROOT, holds
from rapport.core.errors import Invalid, NotFound
from rapport.core.identity import Scope


class Deployed(NamedTuple):
    """A page of what an environment uses; nothing at all where nothing is deployed."""

    version: ListVersion | None
    responses: Sequence[GlobalResponse]
    folders: Sequence[GlobalFolder]
    following: Place | None


async def deployed_page(
    session: AsyncSession, scope: Scope, wanted: Wanted, token: str | None
) -> Deployed:
    """Return a page of the version an environment uses, or used when the walk began.

    Raises Invalid for a token of another list and NotFound for a folder that is not in it.
    """
    after = place_of(token)
    version = await _version(session, scope, after)
    if version is None:
        return Deployed(None, [], [], None)
    company_id, number = scope.company_id, version.number
    if wanted.folder_id not in {None, ROOT}:
        await _check_folder(session, company_id, number, wanted.folder_id)
    kinds = _kinds(company_id, number, wanted)
    found, following = await read_page(session, kinds, after, number, wanted.limit)
    return Deployed(version, found.get("responses", []), found.get("folders", []), following)


async def _version(session: AsyncSession, scope: Scope, after: Place | None) -> ListVersion | None:
    if after is None:
        return await version_in_use(session, scope)
    begun = await session.scalar(
        select(ListVersion).where(
            ListVersion.company_id == scope.company_id, ListVersion.number == after.version
        )
    )
    if begun is None:
        raise Invalid(path="/pageToken", problem="is no token of this list")
    return begun


async def _check_folder(
    session: AsyncSession, company_id: str, number: int, folder_id: str | None
) -> None:
    known = select(GlobalFolder.id).where(
        stand_in(GlobalFolder, company_id, number), GlobalFolder.folder_id == folder_id
    )
    if await session.scalar(known) is None:
        raise NotFound(what="there is no such folder")


def _kinds(company_id: str, number: int, wanted: Wanted) -> list[Kind]:
    folders = select(GlobalFolder).where(stand_in(GlobalFolder, company_id, number))
    responses = select(GlobalResponse).where(stand_in(GlobalResponse, company_id, number))
    kinds = [
        Kind(
            "folders",
            narrow(folders, wanted, GlobalFolder.parent_id, GlobalFolder.folded),
            GlobalFolder.folded,
            GlobalFolder.folder_id,
        ),
        Kind(
            "responses",
            narrow(responses, wanted, GlobalResponse.folder_id, GlobalResponse.folded),
            GlobalResponse.folded,
            GlobalResponse.response_id,
        ),
    ]
    return [kind for kind in kinds if wanted.has(kind.name)]


class Narrowed(NamedTuple):
    """Which responses the console wants to see; all of it must hold (CMP-181..183)."""

    search: str | None = None
    folder_id: str | None = None
    filter_key: str | None = None
    filter_value: str | None = None
    changed: bool = False


class Rows(NamedTuple):
    """A page of a version's responses, how many there are in all, and the version's folders."""

    responses: Sequence[GlobalResponse]
    total: int
    folders: Folders
    following: Place | None


async def version_page(
    session: AsyncSession,
    company_id: str,
    number: int,
    narrowed: Narrowed,
    token: str | None,
    limit: int,
) -> Rows:
    """Return a page of the draft or of a version, in the list's order. Raises Invalid."""
    query = _narrowed(company_id, number, narrowed)
    kind = Kind("responses", query, GlobalResponse.folded, GlobalResponse.response_id)
    found, following = await read_page(session, [kind], place_of(token), number, limit)
    total = await session.scalar(select(func.count()).select_from(query.subquery()))
    folders = await folders_in(session, company_id, number)
    return Rows(found["responses"], total or 0, folders, following)


def _narrowed(company_id: str, number: int, narrowed: Narrowed) -> Select[GlobalResponse]:
    query = select(GlobalResponse).where(stand_in(GlobalResponse, company_id, number))
    for word in (narrowed.search or "").split():
        query = query.where(contains(GlobalResponse.folded, word))
    if narrowed.folder_id is not None:
        query = query.where(GlobalResponse.folder_id == narrowed.folder_id)
    if narrowed.filter_key is not None:
        line = f"\n{narrowed.filter_key}\t"
        if narrowed.filter_value is not None:
            line += f"{narrowed.filter_value}\n"
        query = query.where(holds(GlobalResponse.filters, line))
    if narrowed.changed:
        query = query.where(GlobalResponse.since == number)
    return query
