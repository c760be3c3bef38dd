"""What an agent has written for itself, in pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.customs.access import Owner, check_folder, owned
from rapport.compose.customs.models import CustomFolder, CustomResponse
from rapport.compose.listing import Kind, Place, Wanted, narrow, place_of, read_page

# Lists of agents have no versions.
_ONLY_VERSION = 0


class Page(NamedTuple):
    """A page of an agent's list."""

    responses: Sequence[CustomResponse]
    folders: Sequence[CustomFolder]
    following: Place | None


async def page(
    session: AsyncSession, owner: Owner, wanted: Wanted, token: str | None, *, as_dragged: bool
) -> Page:
    """Return a page of an agent's list by title and name, or as it was dragged (CMP-120..126).

    Raises Invalid for a token of another list and NotFound for a folder that is not in it.
    """
    await check_folder(session, owner, wanted.folder_id)
    folders = select(CustomFolder).where(owned(CustomFolder, owner))
    responses = select(CustomResponse).where(owned(CustomResponse, owner))
    title, text = CustomResponse.folded_title, CustomResponse.folded_text
    kinds = [
        Kind(
            "folders",
            narrow(folders, wanted, CustomFolder.parent_id, CustomFolder.folded),
            CustomFolder.folded,
            CustomFolder.id,
        ),
        Kind(
            "responses",
            narrow(responses, wanted, CustomResponse.folder_id, title, text),
            CustomResponse.position if as_dragged else title,
            CustomResponse.id,
        ),
    ]
    chosen = [kind for kind in kinds if wanted.has(kind.name)]
    after = place_of(token)
    found, following = await read_page(session, chosen, after, _ONLY_VERSION, wanted.limit)
    return Page(found.get("responses", []), found.get("folders", []), following)
