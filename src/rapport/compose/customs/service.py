"""What an agent does with its own responses and folders.

A text is embedded before the transaction begins, so that it can be suggested as soon as it is
stored (CMP-138) and nobody waits for the model with the database in hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select

from rapport.compose.customs.access import (
    Owner,
    check_folder,
    folder_of,
    folders_within,
    owned,
    response_of,
)
from rapport.compose.customs.events import CustomsChanged
from rapport.compose.customs.models import CustomFolder, CustomResponse
from rapport.compose.globals.draft import FolderInItself
from rapport.compose.globals.events import stream_of
from rapport.compose.texts import ROOT, embed_missing, fingerprint_of, folded, keep
from rapport.core import clock
from rapport.core.database import Database, WriteSession
from rapport.core.errors import NotFound
from rapport.core.identity import Caller, actor_of
from rapport.core.ids import new_id
from rapport.core.log import Log
from rapport.engines.embedding import Embedder


class Desk(NamedTuple):
    """What writing an agent's responses takes."""

    database: Database
    log: Log
    embedder: Embedder


class Said(NamedTuple):
    """What a response is to say; None leaves folder and metadata of an older one as they are."""

    text: str
    title: str
    folder_id: str | None = None
    conditions: list[dict[str, Any]] | None = None


async def create(desk: Desk, caller: Caller, owner: Owner, said: Said) -> CustomResponse:
    """Write a response (CMP-130..133). Raises NotFound for a folder the agent does not have."""
    vectors = await _vectors(desk, owner, said.text)
    now = clock.now()
    async with desk.database.writing() as session:
        await check_folder(session, owner, said.folder_id)
        response = CustomResponse(
            id=new_id(),
            company_id=owner.scope.company_id,
            environment=owner.scope.environment,
            agent_id=owner.agent_id,
            folder_id=ROOT,
            conditions=[],
            position=await _next_place(session, owner),
            created_at=now,
        )
        _write(response, said)
        session.add(response)
        await keep(session, owner.scope.company_id, vectors)
        await _announce(session, desk.log, caller, owner, [response.id])
    return response


async def change(desk: Desk, caller: Caller, owner: Owner, response_id: str, said: Said) -> None:
    """Rewrite a response (CMP-134, CMP-135). Raises NotFound."""
    vectors = await _vectors(desk, owner, said.text)
    async with desk.database.writing() as session:
        response = await response_of(session, owner, response_id)
        await check_folder(session, owner, said.folder_id)
        _write(response, said)
        await keep(session, owner.scope.company_id, vectors)
        await _announce(session, desk.log, caller, owner, [response.id])


async def _vectors(desk: Desk, owner: Owner, text: str) -> Any:
    async with desk.database.reading() as session:
        return await embed_missing(session, desk.embedder, owner.scope.company_id, [text])


def _write(response: CustomResponse, said: Said) -> None:
    response.text, response.title = said.text, said.title
    if said.folder_id is not None:
        response.folder_id = said.folder_id
    if said.conditions is not None:
        response.conditions = said.conditions
    response.fingerprint = fingerprint_of(said.text)
    response.folded_text, response.folded_title = folded(said.text), folded(said.title)
    response.updated_at = clock.now()


async def _next_place(session: WriteSession, owner: Owner) -> int:
    last = select(func.max(CustomResponse.position)).where(owned(CustomResponse, owner))
    return (await session.scalar(last) or 0) + 1


async def remove(
    session: WriteSession, log: Log, caller: Caller, owner: Owner, response_id: str
) -> None:
    """Delete a response; it is listed and suggested no more (CMP-136). Raises NotFound."""
    await session.delete(await response_of(session, owner, response_id))
    await _announce(session, log, caller, owner, [response_id])


async def arrange(session: WriteSession, owner: Owner, response_ids: Sequence[str]) -> None:
    """Put responses into an order, before all that are not named. Raises NotFound."""
    rows = (
        await session.scalars(
            select(CustomResponse)
            .where(owned(CustomResponse, owner))
            .order_by(CustomResponse.position, CustomResponse.id)
        )
    ).all()
    by_id = {row.id: row for row in rows}
    if not by_id.keys() >= set(response_ids):
        raise NotFound(what="there is no such response")
    named = dict.fromkeys(response_ids)
    rest = [row.id for row in rows if row.id not in named]
    for place, response_id in enumerate([*named, *rest], 1):
        by_id[response_id].position = place


async def create_folder(
    session: WriteSession, owner: Owner, name: str, parent_id: str | None
) -> CustomFolder:
    """Make a folder (CMP-139). Raises NotFound for a parent the agent does not have."""
    await check_folder(session, owner, parent_id)
    now = clock.now()
    folder = CustomFolder(
        id=new_id(),
        company_id=owner.scope.company_id,
        environment=owner.scope.environment,
        agent_id=owner.agent_id,
        name=name,
        parent_id=parent_id or ROOT,
        folded=folded(name),
        created_at=now,
        updated_at=now,
    )
    session.add(folder)
    return folder


async def change_folder(
    session: WriteSession, owner: Owner, folder_id: str, name: str, parent_id: str | None
) -> None:
    """Rename a folder, and move it where a parent is given (CMP-140, CMP-141).

    Raises NotFound, and FolderInItself.
    """
    folder = await folder_of(session, owner, folder_id)
    await check_folder(session, owner, parent_id)
    if parent_id is not None and parent_id in await folders_within(session, owner, folder_id):
        raise FolderInItself
    folder.name, folder.folded = name, folded(name)
    folder.parent_id = parent_id or folder.parent_id
    folder.updated_at = clock.now()


async def remove_folder(
    session: WriteSession, log: Log, caller: Caller, owner: Owner, folder_id: str
) -> None:
    """Delete a folder with all that lies in it, however deep (CMP-142). Raises NotFound."""
    await folder_of(session, owner, folder_id)
    gone = await folders_within(session, owner, folder_id)
    inside = (owned(CustomResponse, owner), CustomResponse.folder_id.in_(gone))
    responses = (await session.scalars(select(CustomResponse.id).where(*inside))).all()
    await session.execute(delete(CustomResponse).where(*inside))
    await session.execute(
        delete(CustomFolder).where(owned(CustomFolder, owner), CustomFolder.id.in_(gone))
    )
    if responses:
        await _announce(session, log, caller, owner, responses)


async def _announce(
    session: WriteSession, log: Log, caller: Caller, owner: Owner, ids: Sequence[str]
) -> None:
    event = CustomsChanged(owner.agent_id, list(ids))
    await log.append(session, stream_of(owner.scope), event, actor=actor_of(caller))
