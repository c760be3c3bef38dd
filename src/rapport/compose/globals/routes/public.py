"""`/autocompose/v1/responses/globals`: what is deployed, for integrators and the desk."""

from __future__ import annotations

from litestar import Controller, get
from litestar.di import NamedDependency

from rapport.compose.access import WRITERS
from rapport.compose.globals.pages import deployed_page
from rapport.compose.globals.schemas import GlobalResponsePage
from rapport.compose.globals.views import deployed_view
from rapport.compose.listing import (
    PAGE,
    FolderFilter,
    MaxPerPage,
    PageToken,
    ResourceType,
    SearchTerm,
    Wanted,
)
from rapport.core.database import ReadSession
from rapport.core.http.contract import refusals
from rapport.core.identity import Caller


class GlobalsController(Controller):
    """The list that all agents may use."""

    path = "/autocompose/v1/responses/globals"
    guards = (WRITERS,)
    tags = ("AutoCompose",)

    @get(operation_id="getGlobalResponses", responses=refusals())
    async def list_responses(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        folder_id: FolderFilter = None,
        resource_type: ResourceType = "all",
        search_term: SearchTerm = None,
        page_token: PageToken = None,
        max_per_page: MaxPerPage = PAGE,
    ) -> GlobalResponsePage:
        """List the deployed responses by text and their folders by name (CMP-118, CMP-119)."""
        wanted = Wanted(folder_id, resource_type, search_term, max_per_page)
        page = await deployed_page(reading, caller.scope, wanted, page_token)
        return deployed_view(page, wanted)
