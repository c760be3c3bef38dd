"""Changing the draft of the global list: one draft, shared by all who may change it.

Every change says which revision of the draft its author had read. What somebody else has done since
to the same rows is never overwritten: the change is refused, and says who did what.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.compose.globals import access
from rapport.compose.globals.conditions import check
from rapport.compose.globals.models import (
    DraftChange,
    GlobalFolder,
    GlobalResponse,
    ResponseList,
)
from rapport.compose.globals.reading import folders_in
from rapport.compose.globals.rows import (
    Content,
    FolderContent,
    Paths,
    content_of,
    folders_of,
    names_in,
    responses_of,
)
from rapport.compose.texts import ROOT
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.errors import Conflict, NotFound
from rapport.core.identity import Caller
from rapport.core.ids import new_id

RESOURCE = "global_responses"


class DraftChanged(Conflict):
    """Somebody has changed the same meanwhile. Facts: `who`, `did`, `name`, `at`."""

    sentence = "Conflict: {who} {did} {name} at {at}, after you had read it; read the draft again"


class FolderInItself(Conflict):
    """A folder cannot lie in itself (section 7)."""

    status = 422
    code = "422-01"
    sentence = "Unprocessable: a folder cannot lie in itself or in a folder of its own"


_DID = {
    "added": "added",
    "changed": "changed",
    "removed": "removed",
    "folder_added": "added the folder",
    "folder_changed": "changed the folder",
    "folder_removed": "removed the folder",
    "discarded": "discarded changes of",
    "restored": "restored an old version of",
    "uploaded": "replaced",
}
# What concerns every row.
_EVERYTHING = ("discarded", "restored", "uploaded")


class Draft(NamedTuple):
    """A company's draft, held by a transaction that changes it."""

    session: WriteSession
    caller: Caller
    list: ResponseList

    @property
    def company_id(self) -> str:
        """Whose list it is."""
        return self.caller.scope.company_id

    @property
    def number(self) -> int:
        """The number of the version that the draft will be."""
        return self.list.saved + 1

    @property
    def revision(self) -> int:
        """How often the draft was changed until now."""
        return self.list.revision

    def note(self, kind: str, name: str, target: str | None = None) -> None:
        """Write down who did what."""
        self.list.revision += 1
        change = DraftChange(
            company_id=self.company_id,
            revision=self.list.revision,
            kind=kind,
            target=target,
            name=name[:200],
            author=self.caller.name or self.caller.id,
            author_id=self.caller.id,
            at=clock.now(),
        )
        self.session.add(change)

    def record(self, event: AuditEvent, name: str, target: str) -> None:
        """Write a change of one thing into the audit log (CMP-202)."""
        record(self.session, self.caller, event, Resource(RESOURCE, name, target))


class Wish(NamedTuple):
    """What is to change about a response; None leaves things as they are."""

    text: str | None = None
    title: str | None = None
    path: str | None = None
    conditions: list[dict[str, Any]] | None = None


class Written(NamedTuple):
    """A response of the draft, and the draft's revision from now on."""

    revision: int
    response: GlobalResponse


async def hold(
    session: WriteSession,
    caller: Caller,
    based_on: int | None = None,
    targets: Collection[str] | None = (),
) -> Draft:
    """Hold the draft for a change of some responses or folders, None: of anything in it.

    `based_on` is the revision the caller had read. Raises DraftChanged.
    """
    held = await access.list_to_change(session, caller.scope.company_id)
    draft = Draft(session, caller, held)
    if based_on is not None and based_on < held.revision:
        await check_unchanged(session, draft.company_id, based_on, targets)
    return draft


async def check_unchanged(
    session: AsyncSession, company_id: str, based_on: int, targets: Collection[str] | None
) -> None:
    """Raise DraftChanged when somebody has changed any of these since a revision."""
    query = select(DraftChange).where(
        DraftChange.company_id == company_id, DraftChange.revision > based_on
    )
    if targets is not None:
        everything = DraftChange.kind.in_(_EVERYTHING)
        query = query.where(or_(everything, DraftChange.target.in_(targets)))
    latest = query.order_by(DraftChange.revision.desc()).limit(1)
    change = await session.scalar(latest)
    if change is not None:
        name = f"“{change.name}”" if change.target else "the list"
        did, at = _DID[change.kind], clock.wire(change.at)
        raise DraftChanged(who=change.author, did=did, name=name, at=at)


async def add(session: WriteSession, caller: Caller, said: Content, path: str) -> Written:
    """Add a response to the draft, in the folder of a path (made where it is missing)."""
    said = said._replace(conditions=check(said.text, said.conditions))
    draft, response_id = await hold(session, caller), new_id()
    ledger = await responses_of(session, draft.company_id, draft.number, [response_id])
    ledger.put(response_id, said._replace(folder_id=await _folder_at(draft, path)))
    row = ledger.standing[response_id]
    draft.note("added", name_of(row), response_id)
    draft.record(AuditEvent.CREATE, name_of(row), response_id)
    return Written(draft.revision, row)


async def change(
    session: WriteSession, caller: Caller, based_on: int, response_id: str, wish: Wish
) -> Written:
    """Rewrite a response in the draft. Raises DraftChanged, NotFound and Invalid."""
    draft = await hold(session, caller, based_on, [response_id])
    before = content_of(await access.response_in_draft(session, draft.company_id, response_id))
    said = Content(
        before.text if wish.text is None else wish.text,
        before.title if wish.title is None else wish.title,
        before.folder_id if wish.path is None else await _folder_at(draft, wish.path),
        before.conditions if wish.conditions is None else wish.conditions,
    )
    kept = check(said.text, said.conditions)
    await _put(draft, {response_id: said._replace(conditions=kept)})
    row = await access.response_in_draft(session, draft.company_id, response_id)
    return Written(draft.revision, row)


async def move(
    session: WriteSession, caller: Caller, based_on: int, ids: Sequence[str], path: str
) -> int:
    """Move responses to the folder of a path, all or none; returns the draft's revision.

    Raises DraftChanged and NotFound.
    """
    draft = await hold(session, caller, based_on, ids)
    folder = await _folder_at(draft, path)
    rows = [await access.response_in_draft(session, draft.company_id, each) for each in ids]
    await _put(draft, {row.response_id: content_of(row)._replace(folder_id=folder) for row in rows})
    return draft.revision


async def _put(draft: Draft, wanted: dict[str, Content]) -> None:
    ledger = await responses_of(draft.session, draft.company_id, draft.number, wanted)
    for response_id, said in wanted.items():
        if ledger.put(response_id, said):
            name = name_of(ledger.standing[response_id])
            draft.note("changed", name, response_id)
            draft.record(AuditEvent.UPDATE, name, response_id)
    await draft.session.flush()


async def remove(session: WriteSession, caller: Caller, based_on: int, ids: Collection[str]) -> int:
    """Take responses out of the draft, all or none; returns the draft's revision.

    Raises DraftChanged and NotFound.
    """
    draft = await hold(session, caller, based_on, ids)
    ledger = await responses_of(session, draft.company_id, draft.number, ids)
    for response_id in ids:
        row = ledger.standing.get(response_id)
        if row is None:
            raise NotFound(what="there is no such response")
        name = name_of(row)
        ledger.put(response_id, None)
        draft.note("removed", name, response_id)
        draft.record(AuditEvent.DELETE, name, response_id)
    return draft.revision


async def discard(session: WriteSession, caller: Caller, based_on: int) -> int:
    """Make the draft equal to the last saved version; returns its revision. Raises DraftChanged."""
    draft = await hold(session, caller, based_on, None)
    await forget_changes(draft)
    draft.note("discarded", "draft")
    draft.record(AuditEvent.DELETE, "unsaved changes of the draft", "draft")
    return draft.revision


async def forget_changes(draft: Draft) -> None:
    """Undo everything that the draft says otherwise than the last saved version."""
    for table in (GlobalResponse, GlobalFolder):
        own = table.company_id == draft.company_id
        await draft.session.execute(delete(table).where(own, table.since == draft.number))
        await draft.session.execute(
            update(table).where(own, table.until == draft.number).values(until=None)
        )


def name_of(row: GlobalResponse | Content) -> str:
    """Return what people call a response: its title, else how its text begins."""
    return (row.title or row.text)[:100]


async def _folder_at(draft: Draft, path: str) -> str:
    names = names_in(path)
    ledger = await folders_of(draft.session, draft.company_id, draft.number)
    before = set(ledger.standing)
    folder_id = Paths(ledger).at(names)
    for made in [row for key, row in ledger.standing.items() if key not in before]:
        draft.note("folder_added", made.name, made.folder_id)
    return folder_id


async def change_folder(
    session: WriteSession, caller: Caller, based_on: int, folder_id: str, path: str
) -> int:
    """Give a folder another path, with all that lies in it; returns the draft's revision.

    Raises DraftChanged, NotFound, and FolderInItself.
    """
    draft = await hold(session, caller, based_on, [folder_id])
    await access.folder_in_draft(session, draft.company_id, folder_id)
    *above, name = names_in(path) or [""]
    folders = await folders_in(session, draft.company_id, draft.number)
    ledger = await folders_of(session, draft.company_id, draft.number)
    parent_id = Paths(ledger).at(above)
    if parent_id != ROOT and parent_id in folders.within(folder_id):
        raise FolderInItself
    if ledger.put(folder_id, FolderContent(name, parent_id)):
        draft.note("folder_changed", name, folder_id)
        draft.record(AuditEvent.UPDATE, f"folder {name}", folder_id)
    return draft.revision


async def remove_folder(
    session: WriteSession, caller: Caller, based_on: int, folder_id: str
) -> int:
    """Take a folder and all that lies in it out of the draft; returns the draft's revision.

    Raises DraftChanged and NotFound.
    """
    draft = await hold(session, caller, based_on, [folder_id])
    folder = await access.folder_in_draft(session, draft.company_id, folder_id)
    folders = await folders_in(session, draft.company_id, draft.number)
    gone = folders.within(folder_id)
    inside = select(GlobalResponse.response_id).where(
        GlobalResponse.company_id == draft.company_id,
        GlobalResponse.until.is_(None),
        GlobalResponse.folder_id.in_(gone),
    )
    await remove(session, caller, based_on, (await session.scalars(inside)).all())
    ledger = await folders_of(session, draft.company_id, draft.number)
    for each in gone:
        ledger.put(each, None)
    draft.note("folder_removed", folder.name, folder_id)
    draft.record(AuditEvent.DELETE, f"folder {folder.name}", folder_id)
    return draft.revision


async def changes_since(
    session: AsyncSession, company_id: str, revision: int, limit: int
) -> Sequence[DraftChange]:
    """Return who did what to the draft after a revision, in order."""
    query = select(DraftChange).where(
        DraftChange.company_id == company_id, DraftChange.revision > revision
    )
    return (await session.scalars(query.order_by(DraftChange.revision).limit(limit))).all()
