"""Rows of the global list as the draft writes them: responses and folders, one ledger each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.globals.findings import Finding, found
from rapport.compose.globals.ledger import Ledger, Store
from rapport.compose.globals.models import GlobalFolder, GlobalResponse
from rapport.compose.globals.reading import SEPARATOR
from rapport.compose.texts import ROOT, fingerprint_of, folded, inserts_in
from rapport.core.database import WriteSession
from rapport.core.errors import Invalid
from rapport.core.ids import new_id

R = TypeVar("R", GlobalResponse, GlobalFolder)

LONGEST_NAME = 200
# Rows read or written before others get their turn.
AT_ONCE = 250


class Content(NamedTuple):
    """What a response says, whatever version it stands in."""

    text: str
    title: str
    folder_id: str
    conditions: list[dict[str, Any]]


class FolderContent(NamedTuple):
    """What a folder is called, and the folder it lies in."""

    name: str
    parent_id: str


Responses: TypeAlias = Ledger[GlobalResponse, Content]
FolderRows: TypeAlias = Ledger[GlobalFolder, FolderContent]


def content_of(row: GlobalResponse) -> Content:
    """Return what a row says."""
    return Content(row.text, row.title, row.folder_id, row.conditions)


def folder_content_of(row: GlobalFolder) -> FolderContent:
    """Return what a row of a folder says."""
    return FolderContent(row.name, row.parent_id)


async def responses_of(
    session: WriteSession, company_id: str, number: int, ids: Collection[str] | None = None
) -> Responses:
    """Return the ledger of some of the draft's responses, None: of all."""
    rows = await response_rows(session, company_id, number, ids)
    return ledger_of_responses(session.sync_session, company_id, number, rows)


async def response_rows(
    session: AsyncSession, company_id: str, number: int, ids: Collection[str] | None = None
) -> list[GlobalResponse]:
    """Return the rows of some of the draft's responses, None: of all."""
    condition = _in_draft(GlobalResponse, company_id, number)
    if ids is not None:
        condition = and_(condition, GlobalResponse.response_id.in_(ids))
    return await rows_where(session, GlobalResponse, condition)


def ledger_of_responses(
    store: Store, company_id: str, number: int, rows: Sequence[GlobalResponse]
) -> Responses:
    """Return the ledger of some rows of responses."""

    def make(response_id: str, said: Content) -> GlobalResponse:
        row = GlobalResponse(
            id=new_id(), company_id=company_id, response_id=response_id, since=number, until=None
        )
        _write_response(row, said)
        return row

    return Ledger(
        store,
        number,
        rows,
        key=lambda row: row.response_id,
        says=content_of,
        make=make,
        rewrite=_write_response,
    )


async def folders_of(session: WriteSession, company_id: str, number: int) -> FolderRows:
    """Return the ledger of the draft's folders."""
    rows = await folder_rows(session, company_id, number)
    return ledger_of_folders(session.sync_session, company_id, number, rows)


async def folder_rows(session: AsyncSession, company_id: str, number: int) -> list[GlobalFolder]:
    """Return the rows of the draft's folders."""
    return await rows_where(session, GlobalFolder, _in_draft(GlobalFolder, company_id, number))


def ledger_of_folders(
    store: Store, company_id: str, number: int, rows: Sequence[GlobalFolder]
) -> FolderRows:
    """Return the ledger of some rows of folders."""

    def make(folder_id: str, said: FolderContent) -> GlobalFolder:
        row = GlobalFolder(
            id=new_id(), company_id=company_id, folder_id=folder_id, since=number, until=None
        )
        _write_folder(row, said)
        return row

    return Ledger(
        store,
        number,
        rows,
        key=lambda row: row.folder_id,
        says=folder_content_of,
        make=make,
        rewrite=_write_folder,
    )


async def rows_where(
    session: AsyncSession, table: type[R], condition: ColumnElement[bool]
) -> list[R]:
    """Read rows some at a time: others get their turn between."""
    rows = await session.stream_scalars(
        select(table).where(condition), execution_options={"yield_per": AT_ONCE}
    )
    return [row async for row in rows]


def _in_draft(table: Any, company_id: str, number: int) -> ColumnElement[bool]:
    """Return the condition of the rows that the draft has or has replaced."""
    return and_(table.company_id == company_id, or_(table.until.is_(None), table.until == number))


def _write_response(row: GlobalResponse, said: Content) -> None:
    # A row with other words is another row to whoever keeps rows by their ids.
    row.id = new_id()
    row.text, row.title, row.folder_id, row.conditions = said
    row.fingerprint, row.folded = fingerprint_of(said.text), folded(said.text)
    row.filters = filter_lines(said)


def _write_folder(row: GlobalFolder, said: FolderContent) -> None:
    row.name, row.parent_id = said
    row.folded = folded(said.name)


def filter_lines(said: Content) -> str:
    """Return the filters of a response as lists are narrowed by them (CMP-183)."""
    inserts = inserts_in(said.text)
    lines = [
        f"{condition['name']}\t{value}\n"
        for condition in said.conditions
        if condition["name"] not in inserts
        for value in condition["allowedValues"] or [""]
    ]
    return f"\n{''.join(lines)}" if lines else ""


class Paths:
    """Folders of the draft by their paths; a path is made where it is missing (CMP-187)."""

    def __init__(self, ledger: FolderRows) -> None:
        self._ledger = ledger
        self._inside = {
            (row.parent_id, row.name): row.folder_id for row in ledger.standing.values()
        }
        self.used: set[str] = set()

    def at(self, names: Sequence[str]) -> str:
        """Return the id of the folder that these names lead to from the top."""
        parent = ROOT
        for name in names:
            found = self._inside.get((parent, name))
            if found is None:
                found = self._inside[parent, name] = new_id()
                self._ledger.put(found, FolderContent(name, parent))
            self.used.add(found)
            parent = found
        return parent


def names_in(path: str) -> list[str]:
    """Return the names of a path, `A > B > C`. Raises Invalid for an empty or too long one."""
    names, wrong = names_of(path)
    if wrong is not None:
        raise Invalid(path="/folderPath", problem=wrong.sentence)
    return names


def names_of(path: str) -> tuple[list[str], Finding | None]:
    """Return the names of a path, and what is wrong with it; without any then."""
    if not path.strip():
        return [], None
    names = [name.strip() for name in path.split(SEPARATOR.strip())]
    if not all(names):
        return [], found("folder_nameless")
    if max(len(name) for name in names) > LONGEST_NAME:
        return [], found("folder_too_long", limit=LONGEST_NAME)
    return names, None
