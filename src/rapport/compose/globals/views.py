"""How rows of the global list look on the wire."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import UNSET, UnsetType
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.globals import access
from rapport.compose.globals.dictionary import (
    DEFAULT_INSERTS,
    DefaultInsert,
    Uses,
    bound_in,
    inserts_of,
    is_default,
    unknown_inserts,
)
from rapport.compose.globals.diffs import Side
from rapport.compose.globals.draft import Wish, Written
from rapport.compose.globals.models import (
    DraftChange,
    GlobalFolder,
    GlobalResponse,
    ListDeployment,
    ListVersion,
    MetadataKey,
    ResponseUse,
)
from rapport.compose.globals.pages import Deployed, Rows
from rapport.compose.globals.reading import (
    Folders,
    folders_in,
    stand_in,
    version_in_use,
    waiting,
)
from rapport.compose.globals.rows import AT_ONCE
from rapport.compose.globals.schemas import (
    ChangedResponse,
    Changes,
    DeploymentView,
    Dictionary,
    Differences,
    DraftChangeView,
    FolderRow,
    GlobalResponsePage,
    KeyView,
    ListState,
    ResponseChange,
    ResponseRow,
    RowProblem,
    UploadReport,
    Usage,
    VersionName,
    VersionView,
    WrittenResponse,
)
from rapport.compose.globals.sheets import Problem
from rapport.compose.globals.uploads import Report
from rapport.compose.listing import (
    CannedResponse,
    CannedResponsePage,
    Folder,
    Wanted,
    conditions,
    stored,
    token_of,
)
from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId


def deployed_view(page: Deployed, wanted: Wanted) -> GlobalResponsePage:
    """Shape a page of what is deployed (CMP-118)."""
    responses = [
        CannedResponse(
            row.response_id,
            row.text,
            row.title,
            row.folder_id,
            conditions(row.conditions) if row.conditions else UNSET,
        )
        for row in page.responses
    ]
    folders = [Folder(row.folder_id, row.name, row.parent_id) for row in page.folders]
    shown = CannedResponsePage(
        token_of(page.following),
        responses if wanted.has("responses") else UNSET,
        folders if wanted.has("folders") else UNSET,
    )
    version = page.version
    if version is None:
        return GlobalResponsePage(shown)
    return GlobalResponsePage(shown, VersionName(version.id, version.description))


async def response_rows(
    session: AsyncSession,
    scope: Scope,
    rows: Sequence[GlobalResponse],
    folders: Folders,
    draft: int | None = None,
) -> list[ResponseRow]:
    """Shape responses of a version; with `draft`, the draft's number, of the draft."""
    custom = await inserts_of(session, scope.company_id)
    replaced = await _replaced(session, scope.company_id, rows, draft)
    uses = await _uses(session, scope, rows)
    return [
        ResponseRow(
            id=row.response_id,
            text=row.text,
            title=row.title,
            folder_id=row.folder_id,
            folder_path=folders.path(row.folder_id),
            metadata=conditions(row.conditions),
            unknown_inserts=unknown_inserts(row.text, bound_in(row), custom),
            change=None
            if row.since != draft
            else "changed"
            if row.response_id in replaced
            else "added",
            usage=uses.get(row.response_id),
        )
        for row in rows
    ]


async def _uses(
    session: AsyncSession, scope: Scope, rows: Sequence[GlobalResponse]
) -> Mapping[str, Usage]:
    """Return how often responses were used in an environment, those that were."""
    uses: dict[str, Usage] = {}
    ids = [row.response_id for row in rows]
    for first in range(0, len(ids), AT_ONCE):
        query = select(ResponseUse).where(
            ResponseUse.company_id == scope.company_id,
            ResponseUse.environment == scope.environment,
            ResponseUse.response_id.in_(ids[first : first + AT_ONCE]),
        )
        for use in await session.scalars(query):
            uses[use.response_id] = Usage(use.count, use.last_used_at)
    return uses


async def _replaced(
    session: AsyncSession, company_id: str, rows: Sequence[GlobalResponse], draft: int | None
) -> Collection[str]:
    """Return the ids of those responses that the last saved version has, too."""
    fresh = [row.response_id for row in rows if row.since == draft]
    if not fresh:
        return ()
    query = select(GlobalResponse.response_id).where(
        GlobalResponse.company_id == company_id,
        GlobalResponse.until == draft,
        GlobalResponse.response_id.in_(fresh),
    )
    return set(await session.scalars(query))


async def page_rows(
    session: AsyncSession, scope: Scope, page: Rows, draft: int | None = None
) -> list[ResponseRow]:
    """Shape a page of a version's responses."""
    return await response_rows(session, scope, page.responses, page.folders, draft)


async def folder_rows(session: AsyncSession, company_id: str, number: int) -> list[FolderRow]:
    """Shape the folders of a version, by path."""
    folders = await folders_in(session, company_id, number)
    counted = (
        select(GlobalResponse.folder_id, func.count())
        .where(stand_in(GlobalResponse, company_id, number))
        .group_by(GlobalResponse.folder_id)
    )
    counts = {row[0]: row[1] for row in await session.execute(counted)}
    shown = [
        FolderRow(
            row.folder_id,
            row.name,
            folders.path(row.folder_id),
            row.parent_id,
            counts.get(row.folder_id, 0),
        )
        for row in folders.rows.values()
    ]
    return sorted(shown, key=lambda row: row.folder_path.casefold())


async def list_state(session: AsyncSession, company_id: CompanyId, limit: int) -> ListState:
    """Shape how a company's list is (CMP-194, CMP-197)."""
    held = await access.list_of(session, company_id)
    number = held.saved + 1
    deployed = await live(session, company_id)
    latest = await session.scalar(
        select(ListVersion).where(
            ListVersion.company_id == company_id, ListVersion.number == held.saved
        )
    )
    count = await session.scalar(
        select(func.count())
        .select_from(GlobalResponse)
        .where(stand_in(GlobalResponse, company_id, number))
    )
    changes = await _changes(session, company_id, number)
    is_unsaved = any((changes.added, changes.changed, changes.removed)) or (
        await _has_other_folders(session, company_id, number)
    )
    return ListState(
        state="unsaved" if is_unsaved else "empty" if latest is None else "saved",
        revision=held.revision,
        count=count or 0,
        limit=limit,
        waiting=await waiting(session, company_id, held.saved),
        changes=changes,
        latest=None if latest is None else version_view(latest, deployed),
        deployed={
            environment: None if version is None else version_view(version, deployed)
            for environment, version in deployed.items()
        },
    )


async def _changes(session: AsyncSession, company_id: str, number: int) -> Changes:
    own = GlobalResponse.company_id == company_id
    fresh = select(GlobalResponse.response_id).where(own, GlobalResponse.since == number)
    gone = select(GlobalResponse.response_id).where(own, GlobalResponse.until == number)
    both = fresh.where(GlobalResponse.response_id.in_(gone))
    counts = [
        await session.scalar(select(func.count()).select_from(query.subquery())) or 0
        for query in (fresh, both, gone)
    ]
    return Changes(added=counts[0] - counts[1], changed=counts[1], removed=counts[2] - counts[1])


async def _has_other_folders(session: AsyncSession, company_id: str, number: int) -> bool:
    other = (GlobalFolder.since == number) | (GlobalFolder.until == number)
    found = select(GlobalFolder.id).where(GlobalFolder.company_id == company_id, other).limit(1)
    return await session.scalar(found) is not None


Live = Mapping[Environment, ListVersion | None]


async def live(session: AsyncSession, company_id: CompanyId) -> Live:
    """Return the version that each environment uses."""
    return {
        environment: await version_in_use(session, Scope(company_id, environment))
        for environment in Environment
    }


def version_view(version: ListVersion, deployed: Live) -> VersionView:
    """Shape a saved version."""
    used = [
        environment
        for environment, live in deployed.items()
        if live is not None and live.id == version.id
    ]
    return VersionView(
        version.id,
        version.number,
        version.description,
        version.origin,
        version.count,
        version.author,
        version.created_at,
        used,
    )


async def deployment_views(
    session: AsyncSession, company_id: str, deployments: Sequence[ListDeployment]
) -> list[DeploymentView]:
    """Shape what environments used."""
    numbers = {each.version for each in deployments if each.version is not None}
    query = select(ListVersion.number, ListVersion.id).where(
        ListVersion.company_id == company_id, ListVersion.number.in_(numbers)
    )
    ids = {row[0]: row[1] for row in await session.execute(query)}
    return [
        DeploymentView(
            Environment(each.environment),
            None if each.version is None else ids[each.version],
            each.version,
            each.author,
            each.at,
        )
        for each in deployments
    ]


def change_view(change: DraftChange) -> DraftChangeView:
    """Shape what somebody did to the draft."""
    return DraftChangeView(
        change.revision, change.kind, change.target, change.name, change.author, change.at
    )


async def written_view(session: AsyncSession, scope: Scope, written: Written) -> WrittenResponse:
    """Shape a response that was just written."""
    await session.flush()
    number = (await access.list_of(session, scope.company_id)).saved + 1
    folders = await folders_in(session, scope.company_id, number)
    [row] = await response_rows(session, scope, [written.response], folders, number)
    return WrittenResponse(written.revision, row)


def wish_of(change: ResponseChange) -> Wish:
    """Return what a request wants changed."""
    given = change.metadata
    return Wish(
        change.text or None,
        None if isinstance(change.title, UnsetType) else change.title,
        None if isinstance(change.folder_path, UnsetType) else change.folder_path,
        None if isinstance(given, UnsetType) else stored(given),
    )


async def differences_view(
    session: AsyncSession, scope: Scope, before: Side, after: Side
) -> Differences:
    """Shape what two versions differ in."""
    old = await _side_rows(session, scope, before)
    new = await _side_rows(session, scope, after)
    both = [key for key in new if key in old]
    return Differences(
        added=[row for key, row in new.items() if key not in old],
        removed=[row for key, row in old.items() if key not in new],
        changed=[ChangedResponse(old[key], new[key]) for key in both if old[key] != new[key]],
    )


async def _side_rows(session: AsyncSession, scope: Scope, side: Side) -> dict[str, ResponseRow]:
    shown = await response_rows(session, scope, list(side.rows.values()), side.folders)
    return {row.id: row for row in shown}


async def report_view(session: AsyncSession, company_id: CompanyId, report: Report) -> UploadReport:
    """Shape what an upload did."""
    version = report.saved
    return UploadReport(
        saved=None if version is None else version_view(version, await live(session, company_id)),
        **report.replaced._asdict(),
        errors=[_row_problem(problem) for problem in report.errors],
        warnings=[_row_problem(problem) for problem in report.warnings],
    )


def _row_problem(problem: Problem) -> RowProblem:
    row, column, finding = problem
    return RowProblem(row, column, finding.sentence, finding.code, finding.values)


def key_view(entry: MetadataKey, uses: Uses | None = None) -> KeyView:
    """Shape an entry of the dictionary; filters show the values that responses use, too."""
    is_insert = entry.kind == "insert"
    used = set() if uses is None or is_insert else uses.values.get(entry.key, set())
    counted = Uses({}, {}, {}) if uses is None else uses
    count = (counted.inserts if is_insert else counted.filters).get(entry.key, 0)
    return KeyView(
        id=entry.id,
        kind="insert" if is_insert else "filter",
        key=entry.key,
        label=entry.label,
        example=entry.example,
        values=[*entry.values, *sorted(used.difference(entry.values, {""}))],
        is_default=False,
        uses=count,
    )


def dictionary_view(entries: Sequence[MetadataKey], uses: Uses) -> Dictionary:
    """Shape the dictionary: what every company has, what this one added, what responses use."""
    defaults = [
        KeyView(None, "insert", each.key, each.label, each.example, [], True, _count(each, uses))
        for each in DEFAULT_INSERTS
    ]
    inserts = [key_view(entry, uses) for entry in entries if entry.kind == "insert"]
    filters = [key_view(entry, uses) for entry in entries if entry.kind == "filter"]
    known = {each.key for each in filters}
    used = [
        KeyView(None, "filter", key, "", "", sorted(uses.values[key]), False, count)
        for key, count in uses.filters.items()
        if key not in known
    ]
    return Dictionary([*defaults, *inserts], sorted([*filters, *used], key=lambda each: each.key))


def _count(default: DefaultInsert, uses: Uses) -> int:
    return sum(count for name, count in uses.inserts.items() if is_default(name, default))
