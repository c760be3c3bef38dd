"""`/console/v1/global-responses`: how the list is, its versions, and where they are deployed."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from rapport.compose.globals import access, versions
from rapport.compose.globals.pages import Narrowed, version_page
from rapport.compose.globals.restoring import restore
from rapport.compose.globals.routes.narrowing import NARROWED, Limit
from rapport.compose.globals.schemas import (
    BasedOn,
    DeploymentRequest,
    Deployments,
    DeploymentView,
    FolderRows,
    ListState,
    NewVersion,
    ResponseRows,
    Revised,
    VersionPage,
    VersionView,
)
from rapport.compose.globals.views import (
    deployment_views,
    folder_rows,
    list_state,
    live,
    page_rows,
    version_view,
)
from rapport.compose.listing import LARGEST, PageToken, token_of
from rapport.compose.settings import ComposeSettings
from rapport.core.database import Database, ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Environment, Permission, Scope
from rapport.core.log import Log
from rapport.core.settings import Settings

Few = Annotated[int, QueryParameter(ge=1, le=100)]


class VersionsController(Controller):
    """A company's list as a whole."""

    path = "/console/v1/global-responses"
    guards = (requires(Permission.MANAGE_RESPONSES),)
    tags = ("Responses",)
    dependencies = NARROWED

    @get(responses=refusals(401, 403))
    async def show(
        self,
        reading: NamedDependency[ReadSession],
        settings: NamedDependency[Settings],
        caller: NamedDependency[Caller],
    ) -> ListState:
        """Tell how the list is: its draft, its latest version, what is deployed (CMP-194, CMP-197)."""
        limit = settings[ComposeSettings].responses_in_list
        return await list_state(reading, caller.scope.company_id, limit)

    @post("/versions", responses=refusals(400, 401, 403, 409))
    async def save(
        self,
        data: JSONBody[NewVersion],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        caller: NamedDependency[Caller],
    ) -> VersionView:
        """Save the draft as the next version (CMP-193)."""
        version = await versions.save(session, log, caller, data.revision, data.description)
        return version_view(version, await live(session, caller.scope.company_id))

    @get("/versions", responses=refusals(400, 401, 403))
    async def list_versions(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        limit: Few = 20,
        cursor: Annotated[int | None, QueryParameter(ge=1, le=LARGEST)] = None,
    ) -> VersionPage:
        """List the versions, latest first (CMP-198)."""
        company_id = caller.scope.company_id
        found, following = await versions.saved_versions(
            reading, company_id, before=cursor, limit=limit
        )
        deployed = await live(reading, company_id)
        shown = [version_view(version, deployed) for version in found]
        return VersionPage(shown, following)

    @get("/versions/{version_id:str}", responses=refusals(401, 403, 404))
    async def show_version(
        self,
        version_id: FromPath[str],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
    ) -> VersionView:
        """Show one version."""
        company_id = caller.scope.company_id
        version = await access.version_of(reading, company_id, version_id)
        return version_view(version, await live(reading, company_id))

    @get("/versions/{version_id:str}/responses", responses=refusals(400, 401, 403, 404))
    async def list_responses(
        self,
        version_id: FromPath[str],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        narrowed: NamedDependency[Narrowed],
        page_token: PageToken = None,
        limit: Limit = 100,
    ) -> ResponseRows:
        """List the responses of a version."""
        company_id = caller.scope.company_id
        version = await access.version_of(reading, company_id, version_id)
        page = await version_page(reading, company_id, version.number, narrowed, page_token, limit)
        items = await page_rows(reading, caller.scope, page)
        return ResponseRows(items, page.total, token_of(page.following))

    @get("/versions/{version_id:str}/folders", responses=refusals(401, 403, 404))
    async def list_folders(
        self,
        version_id: FromPath[str],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
    ) -> FolderRows:
        """List the folders of a version by path."""
        company_id = caller.scope.company_id
        version = await access.version_of(reading, company_id, version_id)
        return FolderRows(await folder_rows(reading, company_id, version.number))

    @post(
        "/versions/{version_id:str}/restore",
        status_code=200,
        responses=refusals(400, 401, 403, 404, 409),
    )
    async def restore(
        self,
        version_id: FromPath[str],
        data: JSONBody[BasedOn],
        database: NamedDependency[Database],
        caller: NamedDependency[Caller],
    ) -> Revised:
        """Make the draft say what a version says (CMP-199)."""
        return Revised(await restore(database, caller, data.revision, version_id))

    @post("/deployments", status_code=200, responses=refusals(400, 401, 403, 404))
    async def deploy(
        self,
        data: JSONBody[DeploymentRequest],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        caller: NamedDependency[Caller],
    ) -> DeploymentView:
        """Have an environment use a version from now on (CMP-195, CMP-196)."""
        deployed = await versions.deploy(session, log, caller, data.environment, data.version_id)
        [shown] = await deployment_views(session, caller.scope.company_id, [deployed])
        return shown

    @delete("/deployments", status_code=200, responses=refusals(400, 401, 403, 409))
    async def undeploy(
        self,
        environment: Environment,
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        caller: NamedDependency[Caller],
    ) -> DeploymentView:
        """Have an environment use no version any more."""
        deployed = await versions.undeploy(session, log, caller, environment)
        [shown] = await deployment_views(session, caller.scope.company_id, [deployed])
        return shown

    @get("/deployments", responses=refusals(400, 401, 403))
    async def list_deployments(
        self,
        environment: Environment,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        limit: Few = 20,
    ) -> Deployments:
        """List what an environment used, latest first."""
        company_id = caller.scope.company_id
        found = await versions.deployments(reading, Scope(company_id, environment), limit)
        return Deployments(await deployment_views(reading, company_id, found))
