"""`/autocompose/v1/responses/customs`: an agent's own responses, over a key or at our desk."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET, UnsetType

from rapport.compose.access import WRITERS, agent_of
from rapport.compose.customs import service
from rapport.compose.customs.access import Owner
from rapport.compose.customs.models import CustomFolder, CustomResponse
from rapport.compose.customs.reading import page as list_page
from rapport.compose.customs.schemas import CustomResponseWrite, FolderWrite, Order
from rapport.compose.customs.service import Desk, Said
from rapport.compose.listing import (
    PAGE,
    CannedResponse,
    CannedResponsePage,
    Folder,
    FolderFilter,
    MaxPerPage,
    PageToken,
    ResourceType,
    SearchTerm,
    Wanted,
    conditions,
    stored,
    token_of,
)
from rapport.core.database import Database, ReadSession, WriteSession
from rapport.core.http.contract import WITHOUT_BODY, nothing, refusals
from rapport.core.identity import Caller
from rapport.core.log import Log
from rapport.engines.embedding import Embedder

AgentId = Annotated[str | None, QueryParameter(name="agentId", max_length=255)]
OrderBy = Annotated[Literal["title", "position"], QueryParameter(name="orderBy")]


async def provide_owner(caller: NamedDependency[Caller], agent_id: AgentId = None) -> Owner:
    """Say whose responses a request is about: a key names the agent, a person is it."""
    return Owner(caller.scope, agent_of(caller, agent_id))


# A folder cannot be moved into itself.
_MOVES = refusals(400, 401, 403, 404, 409, 413, 422, 429, 503)


class CustomsController(Controller):
    """What an agent keeps for its own use; nobody else's is ever found."""

    path = "/autocompose/v1/responses/customs"
    guards = (WRITERS,)
    tags = ("AutoCompose",)
    dependencies = {"owner": Provide(provide_owner)}  # noqa: RUF012

    @get(operation_id="getCustomResponseCollection", responses=refusals())
    async def list_responses(
        self,
        reading: NamedDependency[ReadSession],
        owner: NamedDependency[Owner],
        folder_id: FolderFilter = None,
        resource_type: ResourceType = "all",
        search_term: SearchTerm = None,
        page_token: PageToken = None,
        max_per_page: MaxPerPage = PAGE,
        order_by: OrderBy = "title",
    ) -> CannedResponsePage:
        """List the agent's responses by title and its folders by name (CMP-120, CMP-121)."""
        wanted = Wanted(folder_id, resource_type, search_term, max_per_page)
        as_dragged = order_by == "position"
        page = await list_page(reading, owner, wanted, page_token, as_dragged=as_dragged)
        return CannedResponsePage(
            token_of(page.following),
            [_response(row) for row in page.responses] if wanted.has("responses") else UNSET,
            [_folder(row) for row in page.folders] if wanted.has("folders") else UNSET,
        )

    @post("/response", status_code=200, operation_id="addCustomResponse", responses=refusals())
    async def create(
        self,
        data: JSONBody[CustomResponseWrite],
        database: NamedDependency[Database],
        log: NamedDependency[Log],
        embedder: NamedDependency[Embedder],
        caller: NamedDependency[Caller],
        owner: NamedDependency[Owner],
    ) -> CannedResponse:
        """Write a response; it may be suggested from the next call on (CMP-132, CMP-138)."""
        desk = Desk(database, log, embedder)
        return _response(await service.create(desk, caller, owner, _said(data)))

    @put(
        "/response/{response_id:str}",
        **WITHOUT_BODY,
        operation_id="updateCustomResponse",
        responses=refusals(),
    )
    async def change(
        self,
        response_id: FromPath[str],
        data: JSONBody[CustomResponseWrite],
        database: NamedDependency[Database],
        log: NamedDependency[Log],
        embedder: NamedDependency[Embedder],
        caller: NamedDependency[Caller],
        owner: NamedDependency[Owner],
    ) -> Response[None]:
        """Rewrite a response; without a folder it stays where it is (CMP-134)."""
        desk = Desk(database, log, embedder)
        await service.change(desk, caller, owner, response_id, _said(data))
        return nothing()

    @delete(
        "/response/{response_id:str}",
        **WITHOUT_BODY,
        operation_id="deleteCustomResponse",
        responses=refusals(),
    )
    async def remove(
        self,
        response_id: FromPath[str],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        caller: NamedDependency[Caller],
        owner: NamedDependency[Owner],
    ) -> Response[None]:
        """Delete a response (CMP-136)."""
        await service.remove(session, log, caller, owner, response_id)
        return nothing()

    @put(
        "/order",
        **WITHOUT_BODY,
        operation_id="orderCustomResponses",
        responses=refusals(),
    )
    async def arrange(
        self,
        data: JSONBody[Order],
        session: NamedDependency[WriteSession],
        owner: NamedDependency[Owner],
    ) -> Response[None]:
        """Put the agent's responses into the order it likes (an addition of ours)."""
        await service.arrange(session, owner, data.response_ids)
        return nothing()

    @post("/folder", status_code=200, operation_id="addCustomResponseFolder", responses=refusals())
    async def create_folder(
        self,
        data: JSONBody[FolderWrite],
        session: NamedDependency[WriteSession],
        owner: NamedDependency[Owner],
    ) -> Folder:
        """Make a folder (CMP-139)."""
        parent_id = data.parent_folder_id or None
        return _folder(await service.create_folder(session, owner, data.name, parent_id))

    @put(
        "/folder/{folder_id:str}",
        **WITHOUT_BODY,
        operation_id="updateFolder",
        responses=_MOVES,
    )
    async def change_folder(
        self,
        folder_id: FromPath[str],
        data: JSONBody[FolderWrite],
        session: NamedDependency[WriteSession],
        owner: NamedDependency[Owner],
    ) -> Response[None]:
        """Rename a folder, or move it where a parent is given (CMP-140, CMP-141)."""
        parent_id = data.parent_folder_id or None
        await service.change_folder(session, owner, folder_id, data.name, parent_id)
        return nothing()

    @delete(
        "/folder/{folder_id:str}",
        **WITHOUT_BODY,
        operation_id="deleteFolder",
        responses=refusals(),
    )
    async def remove_folder(
        self,
        folder_id: FromPath[str],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        caller: NamedDependency[Caller],
        owner: NamedDependency[Owner],
    ) -> Response[None]:
        """Delete a folder with all that lies in it (CMP-142)."""
        await service.remove_folder(session, log, caller, owner, folder_id)
        return nothing()


def _said(data: CustomResponseWrite) -> Said:
    given = None if isinstance(data.metadata, UnsetType) else stored(data.metadata)
    return Said(data.text, data.title, data.folder_id or None, given)


def _response(row: CustomResponse) -> CannedResponse:
    return CannedResponse(
        row.id,
        row.text,
        row.title,
        row.folder_id,
        conditions(row.conditions) if row.conditions else UNSET,
    )


def _folder(row: CustomFolder) -> Folder:
    return Folder(row.id, row.name, row.parent_id)
