"""`/console/v1/global-responses/draft`: what administrators write before it is saved."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from rapport.compose.globals import access, draft
from rapport.compose.globals.pages import Narrowed, version_page
from rapport.compose.globals.routes.narrowing import NARROWED, Limit
from rapport.compose.globals.rows import Content
from rapport.compose.globals.schemas import (
    BasedOn,
    DraftChanges,
    FolderMove,
    FolderRows,
    Move,
    NewResponse,
    Removal,
    ResponseChange,
    ResponseRows,
    Revised,
    WrittenResponse,
)
from rapport.compose.globals.views import (
    change_view,
    folder_rows,
    page_rows,
    wish_of,
    written_view,
)
from rapport.compose.listing import LARGEST, PageToken, stored, token_of
from rapport.compose.texts import ROOT
from rapport.core.database import ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission

Based = Annotated[int, QueryParameter(ge=0, le=LARGEST)]


class DraftController(Controller):
    """The draft that the administrators of a company share."""

    path = "/console/v1/global-responses/draft"
    guards = (requires(Permission.MANAGE_RESPONSES),)
    tags = ("Responses",)
    dependencies = NARROWED

    @get("/responses", responses=refusals(400, 401, 403))
    async def list_responses(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        narrowed: NamedDependency[Narrowed],
        page_token: PageToken = None,
        limit: Limit = 100,
    ) -> ResponseRows:
        """List the draft's responses in the order of their texts (CMP-175, CMP-181..183)."""
        company_id = caller.scope.company_id
        held = await access.list_of(reading, company_id)
        number = held.saved + 1
        page = await version_page(reading, company_id, number, narrowed, page_token, limit)
        items = await page_rows(reading, caller.scope, page, number)
        return ResponseRows(items, page.total, token_of(page.following), held.revision)

    @post("/responses", responses=refusals(400, 401, 403))
    async def add(
        self,
        data: JSONBody[NewResponse],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> WrittenResponse:
        """Add a response (CMP-176)."""
        said = Content(data.text, data.title, ROOT, stored(data.metadata))
        written = await draft.add(session, caller, said, data.folder_path)
        return await written_view(session, caller.scope, written)

    @patch("/responses/{response_id:str}", responses=refusals(400, 401, 403, 404, 409))
    async def change(
        self,
        response_id: FromPath[str],
        data: JSONBody[ResponseChange],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> WrittenResponse:
        """Change a response (CMP-177); refused when somebody else has changed it meanwhile."""
        written = await draft.change(session, caller, data.revision, response_id, wish_of(data))
        return await written_view(session, caller.scope, written)

    @delete(
        "/responses/{response_id:str}", status_code=200, responses=refusals(400, 401, 403, 404, 409)
    )
    async def remove(
        self,
        response_id: FromPath[str],
        revision: Based,
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> Revised:
        """Take a response out of the draft (CMP-178)."""
        return Revised(await draft.remove(session, caller, revision, [response_id]))

    @post("/remove", status_code=200, responses=refusals(400, 401, 403, 404, 409))
    async def remove_many(
        self,
        data: JSONBody[Removal],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> Revised:
        """Take responses out of the draft, all or none."""
        return Revised(await draft.remove(session, caller, data.revision, data.ids))

    @post("/move", status_code=200, responses=refusals(400, 401, 403, 404, 409))
    async def move(
        self,
        data: JSONBody[Move],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> Revised:
        """Move responses to a folder, all or none; the folder is made where it is missing."""
        path = data.folder_path
        return Revised(await draft.move(session, caller, data.revision, data.ids, path))

    @get("/folders", responses=refusals(401, 403))
    async def list_folders(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> FolderRows:
        """List the draft's folders by path."""
        company_id = caller.scope.company_id
        held = await access.list_of(reading, company_id)
        return FolderRows(await folder_rows(reading, company_id, held.saved + 1))

    @put("/folders/{folder_id:str}", responses=refusals(400, 401, 403, 404, 409, 422))
    async def change_folder(
        self,
        folder_id: FromPath[str],
        data: JSONBody[FolderMove],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> Revised:
        """Rename a folder or move it, with all that lies in it."""
        path = data.folder_path
        return Revised(await draft.change_folder(session, caller, data.revision, folder_id, path))

    @delete(
        "/folders/{folder_id:str}", status_code=200, responses=refusals(400, 401, 403, 404, 409)
    )
    async def remove_folder(
        self,
        folder_id: FromPath[str],
        revision: Based,
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> Revised:
        """Take a folder and all that lies in it out of the draft."""
        return Revised(await draft.remove_folder(session, caller, revision, folder_id))

    @post("/discard", status_code=200, responses=refusals(400, 401, 403, 409))
    async def discard(
        self,
        data: JSONBody[BasedOn],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> Revised:
        """Make the draft equal to the last saved version."""
        return Revised(await draft.discard(session, caller, data.revision))

    @get("/changes", responses=refusals(400, 401, 403))
    async def list_changes(
        self,
        since: Based,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        limit: Limit = 100,
    ) -> DraftChanges:
        """Tell who did what to the draft after a revision."""
        company_id = caller.scope.company_id
        found = await draft.changes_since(reading, company_id, since, limit)
        held = await access.list_of(reading, company_id)
        return DraftChanges(held.revision, [change_view(each) for each in found])
