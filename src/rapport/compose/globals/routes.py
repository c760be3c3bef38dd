"""The console of the company's responses."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, Parameter

from rapport.compose.globals import responses
from rapport.compose.globals.responses import Text
from rapport.compose.globals.schemas import (
    ImportView,
    NewResponse,
    ResponseChange,
    ResponseImport,
    ResponsePage,
    ResponseView,
)
from rapport.compose.models import Response
from rapport.core import clock
from rapport.core.database import ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission
from rapport.core.log import Log


class ResponsesController(Controller):
    """The response library of the administrator's company."""

    path = "/console/v1/responses"
    guards = [requires(Permission.MANAGE_CONFIGURATION)]  # noqa: RUF012
    tags = ["Console"]  # noqa: RUF012

    @get(operation_id="listResponses", responses=refusals())
    async def list_responses(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        cursor: str | None = None,
        limit: Annotated[int, Parameter(ge=1, le=500)] = 100,
    ) -> ResponsePage:
        """List the library in the order it was written."""
        found, following = await responses.page(reading, caller.scope, after=cursor, limit=limit)
        return ResponsePage([_view(response) for response in found], following)

    @post(status_code=201, operation_id="addResponse", responses=refusals())
    async def add(
        self,
        data: JSONBody[NewResponse],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        caller: NamedDependency[Caller],
    ) -> ImportView:
        """Add one response; it is suggested a moment later."""
        return await _import(session, log, caller, [data])

    @post("/import", status_code=202, operation_id="importResponses", responses=refusals())
    async def import_many(
        self,
        data: JSONBody[ResponseImport],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        caller: NamedDependency[Caller],
    ) -> ImportView:
        """Add many responses, all or none; they are suggested as they are embedded."""
        return await _import(session, log, caller, data.responses)

    @patch("/{response_id:str}", operation_id="changeResponse", responses=refusals())
    async def change(
        self,
        response_id: FromPath[str],
        data: JSONBody[ResponseChange],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        caller: NamedDependency[Caller],
    ) -> ResponseView:
        """Change a response; a new text is suggested a moment later, the old one no more."""
        changed = await responses.change(
            session,
            log,
            caller,
            response_id,
            text=data.text,
            title=data.title,
            folder=data.folder,
        )
        return _view(changed)

    @delete("/{response_id:str}", operation_id="deleteResponse", responses=refusals())
    async def remove(
        self,
        response_id: FromPath[str],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        caller: NamedDependency[Caller],
    ) -> None:
        """Delete a response; it is suggested no more."""
        await responses.remove(session, log, caller, response_id)


async def _import(
    session: WriteSession, log: Log, caller: Caller, new: list[NewResponse]
) -> ImportView:
    texts = [Text(response.text, response.title, response.folder) for response in new]
    return ImportView(await responses.import_responses(session, log, caller, texts), len(texts))


def _view(response: Response) -> ResponseView:
    return ResponseView(
        id=response.id,
        title=response.title,
        text=response.text,
        folder=response.folder,
        suggested=response.vector is not None,
        created_at=clock.wire(response.created_at),
        updated_at=clock.wire(response.updated_at),
    )
