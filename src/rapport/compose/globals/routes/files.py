"""`/console/v1/global-responses/file`: the whole list as a file, and what versions differ in."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from rapport.compose.globals import diffs, uploads
from rapport.compose.globals.schemas import Differences, UploadReport
from rapport.compose.globals.sheets import TEMPLATE, Format, write
from rapport.compose.globals.uploads import Wanted
from rapport.compose.globals.views import differences_view, report_view
from rapport.compose.listing import LARGEST
from rapport.compose.settings import ComposeSettings
from rapport.core.database import Database, ReadSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission
from rapport.core.log import Log
from rapport.core.settings import Settings

# Five thousand responses of four thousand characters.
LARGEST_FILE = 25_000_000
# One type for both formats: the contract names one for each answer.
MEDIA = "application/octet-stream"
Kind = Annotated[Format, QueryParameter(name="format")]


class FilesController(Controller):
    """The list for spreadsheets."""

    path = "/console/v1/global-responses"
    guards = (requires(Permission.MANAGE_RESPONSES),)
    tags = ("Responses",)

    @get("/file", media_type=MEDIA, responses=refusals(400, 401, 403, 404))
    async def download(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        kind: Kind = "csv",
        version: str = diffs.DRAFT,
    ) -> Response[bytes]:
        """Download the draft or a version (CMP-184)."""
        company_id = caller.scope.company_id
        number = await diffs.number_of(reading, company_id, version)
        content = await uploads.download(reading, company_id, number, kind)
        return _file(content, "responses", kind)

    @get("/template", media_type=MEDIA, responses=refusals(400, 401, 403))
    async def template(self, kind: Kind = "csv") -> Response[bytes]:
        """Download a file with the expected columns and two examples (CMP-186)."""
        return _file(write(TEMPLATE, kind), "responses-template", kind)

    @post(
        "/file",
        status_code=200,
        request_class=Request,
        request_max_body_size=LARGEST_FILE,
        responses=refusals(400, 401, 403, 409, 413, 422),
    )
    async def upload(
        self,
        request: Request[Any, Any, Any],
        settings: NamedDependency[Settings],
        log: NamedDependency[Log],
        database: NamedDependency[Database],
        caller: NamedDependency[Caller],
        revision: Annotated[int, QueryParameter(ge=0, le=LARGEST)],
        kind: Kind = "csv",
        description: Annotated[str, QueryParameter(max_length=500)] = "",
        dry_run: Annotated[bool, QueryParameter(name="dryRun")] = False,
    ) -> UploadReport:
        """Replace the list by a file's and save it as a version, or only try (CMP-185, CMP-192)."""
        limit = settings[ComposeSettings].responses_in_list
        sheet = await uploads.parsed(await request.body(), kind, limit)
        wanted = Wanted(revision, description, is_trial=dry_run)
        report = await uploads.upload(database, log, caller, sheet, wanted)
        async with database.reading() as reading:
            return await report_view(reading, caller.scope.company_id, report)

    @get("/diff", responses=refusals(400, 401, 403, 404))
    async def differences(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        before: Annotated[str, QueryParameter(name="from")],
        after: Annotated[str, QueryParameter(name="to")] = diffs.DRAFT,
    ) -> Differences:
        """Tell what a version says otherwise than an earlier one."""
        company_id = caller.scope.company_id
        numbers = [
            await diffs.number_of(reading, company_id, version) for version in (before, after)
        ]
        left, right = await diffs.sides(reading, company_id, *numbers)
        return await differences_view(reading, caller.scope, left, right)


def _file(content: bytes, name: str, kind: Format) -> Response[bytes]:
    headers = {"content-disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(content, media_type=MEDIA, headers=headers)
