"""The response library of a company: what its agents may use as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import UNSET, UnsetType
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.compose.globals.access import response_to_change
from rapport.compose.globals.events import (
    ResponsesChanged,
    ResponsesEmbedded,
    ResponsesImported,
    stream_of,
)
from rapport.compose.models import Response
from rapport.compose.suggestions.library import packed
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.identity import SYSTEM, Caller, Scope, actor_of
from rapport.core.ids import new_id
from rapport.core.log import Log
from rapport.engines.embedding import Vectors

# Responses embedded and made suggestible together: some 0.1 s of one core.
AT_ONCE = 64


class Text(NamedTuple):
    """A response as somebody wrote it."""

    text: str
    title: str = ""
    folder: str | None = None


async def import_responses(
    session: WriteSession, log: Log, caller: Caller, texts: Sequence[Text]
) -> str:
    """Store responses, all or none; returns the import's id. They are suggested once embedded."""
    import_id, now = new_id(), clock.now()
    session.add_all(
        Response(
            company_id=caller.scope.company_id,
            environment=caller.scope.environment,
            title=text.title,
            text=text.text,
            folder=text.folder,
            import_id=import_id,
            created_at=now,
            updated_at=now,
        )
        for text in texts
    )
    record(session, caller, AuditEvent.CREATE, Resource("responses", f"{len(texts)} responses"))
    imported = ResponsesImported(import_id, len(texts))
    await log.append(session, stream_of(caller.scope), imported, actor=actor_of(caller))
    return import_id


async def change(
    session: WriteSession,
    log: Log,
    caller: Caller,
    response_id: str,
    *,
    text: str | None = None,
    title: str | None = None,
    folder: str | UnsetType | None = UNSET,
) -> Response:
    """Change what is given. A new text is suggested once embedded; the old one no more. Raises NotFound."""
    response = await response_to_change(session, caller.scope, response_id)
    stream, actor = stream_of(caller.scope), actor_of(caller)
    await log.append(session, stream, ResponsesChanged([response.id]), actor=actor)
    if title is not None:
        response.title = title
    if not isinstance(folder, UnsetType):
        response.folder = folder
    if text is not None and text != response.text:
        # An import of its own, so that one still under way does not store the old text's vector.
        response.text, response.vector, response.import_id = text, None, new_id()
        await log.append(session, stream, ResponsesImported(response.import_id, 1), actor=actor)
    response.updated_at = clock.now()
    record(session, caller, AuditEvent.UPDATE, _resource(response))
    return response


async def remove(session: WriteSession, log: Log, caller: Caller, response_id: str) -> None:
    """Delete a response; no node suggests it any more. Raises NotFound."""
    response = await response_to_change(session, caller.scope, response_id)
    record(session, caller, AuditEvent.DELETE, _resource(response))
    await session.delete(response)
    gone = ResponsesChanged([response.id])
    await log.append(session, stream_of(caller.scope), gone, actor=actor_of(caller))


async def page(
    session: AsyncSession, scope: Scope, *, after: str | None, limit: int
) -> tuple[Sequence[Response], str | None]:
    """A page of a company's responses in the order they were written, and where the next begins."""
    query = select(Response).where(*_within(scope)).order_by(Response.id).limit(limit + 1)
    if after is not None:
        query = query.where(Response.id > after)
    found = (await session.scalars(query)).all()
    return found[:limit], found[limit - 1].id if len(found) > limit else None


async def waiting(session: AsyncSession, scope: Scope, import_id: str) -> Sequence[tuple[str, str]]:
    """Some responses of an import that are not embedded yet: ids and texts."""
    query = (
        select(Response.id, Response.text)
        .where(*_within(scope), Response.import_id == import_id, Response.vector.is_(None))
        .order_by(Response.id)
        .limit(AT_ONCE)
    )
    return [(response_id, text) for response_id, text in await session.execute(query)]


async def make_suggestible(
    session: WriteSession,
    log: Log,
    scope: Scope,
    import_id: str,
    ids: Sequence[str],
    vectors: Vectors,
) -> None:
    """Store the vectors of an import's responses and tell every node that these may be suggested.

    One rewritten or deleted meanwhile is left alone.
    """
    for response_id, vector in zip(ids, vectors, strict=True):
        await session.execute(
            update(Response)
            .where(*_within(scope), Response.id == response_id, Response.import_id == import_id)
            .values(vector=packed(vector))
        )
    await log.append(session, stream_of(scope), ResponsesEmbedded(list(ids)), actor=SYSTEM)


def _resource(response: Response) -> Resource:
    return Resource("response", (response.title or response.text)[:100], response.id)


def _within(scope: Scope) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        Response.company_id == scope.company_id,
        Response.environment == scope.environment,
    )
