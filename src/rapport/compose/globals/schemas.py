"""Wire shapes of the global list: as documented for integrators, and for the console."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from rapport.compose.listing import CannedResponsePage, Condition, Number
from rapport.core.identity import Environment

Text = Annotated[str, Meta(min_length=1, max_length=4_000, pattern=r"\S")]
Title = Annotated[str, Meta(max_length=200)]
Path = Annotated[str, Meta(max_length=1_000)]
Revision = Number
Ids = Annotated[list[str], Meta(min_length=1, max_length=500)]
Conditions = Annotated[list[Condition], Meta(max_length=50)]


class VersionName(Struct):
    """The version a list was read from (CMP-127)."""

    id: str
    description: str


class GlobalResponsePage(Struct):
    """A page of what is deployed; without a version where nothing is."""

    responses: CannedResponsePage
    version: VersionName | UnsetType = UNSET


class NewResponse(Struct, rename="camel", forbid_unknown_fields=True):
    """A response for the draft."""

    text: Text
    title: Title = ""
    folder_path: Path = ""
    metadata: Conditions = []


class ResponseChange(Struct, rename="camel", forbid_unknown_fields=True):
    """What is to change about a response of the draft; what is left out stays."""

    revision: Revision
    text: Text | UnsetType = UNSET
    title: Title | UnsetType = UNSET
    folder_path: Path | UnsetType = UNSET
    metadata: Conditions | UnsetType = UNSET


class Move(Struct, rename="camel", forbid_unknown_fields=True):
    """Responses of the draft, and the folder they are to lie in."""

    revision: Revision
    ids: Ids
    folder_path: Path


class Removal(Struct, rename="camel", forbid_unknown_fields=True):
    """Responses that are to leave the draft."""

    revision: Revision
    ids: Ids


class FolderMove(Struct, rename="camel", forbid_unknown_fields=True):
    """Where a folder of the draft is to lie, and under what name."""

    revision: Revision
    folder_path: Annotated[str, Meta(min_length=1, max_length=1_000)]


class BasedOn(Struct, forbid_unknown_fields=True):
    """The revision of the draft that somebody had read."""

    revision: Revision


class Usage(Struct, rename="camel"):
    """How often a response was inserted, and when last."""

    count: int
    last_used_at: datetime | None


class ResponseRow(Struct, rename="camel"):
    """A response of the draft or of a version, with its four elements (CMP-175).

    `change` says what the draft has done to it, `unknownInserts` which of its placeholders the
    dictionary does not have.
    """

    id: str
    text: str
    title: str
    folder_id: str
    folder_path: str
    metadata: list[Condition]
    unknown_inserts: list[str]
    change: Literal["added", "changed"] | None = None
    usage: Usage | None = None


class ResponseRows(Struct, rename="camel"):
    """A page of responses; `revision` of the draft when they are the draft's."""

    items: list[ResponseRow]
    total: int
    page_token: str
    revision: int | None = None


class WrittenResponse(Struct):
    """A response as the draft has it now, and the draft's revision."""

    revision: int
    response: ResponseRow


class FolderRow(Struct, rename="camel"):
    """A folder of the draft or of a version; `count` of the responses directly in it."""

    id: str
    name: str
    folder_path: str
    parent_folder_id: str
    count: int


class FolderRows(Struct):
    """All folders, by path."""

    items: list[FolderRow]


class Revised(Struct):
    """The draft's revision from now on."""

    revision: int


class VersionView(Struct, rename="camel"):
    """A saved version; `deployedTo` names the environments that use it (CMP-197)."""

    id: str
    number: int
    description: str
    origin: str
    count: int
    author: str
    created_at: datetime
    deployed_to: list[Environment]


class VersionPage(Struct, rename="camel"):
    """Versions, latest first."""

    items: list[VersionView]
    next_cursor: int | None


class NewVersion(Struct, forbid_unknown_fields=True):
    """The draft, to be saved as a version."""

    revision: Revision
    description: Annotated[str, Meta(max_length=500)] = ""


class Changes(Struct):
    """How many responses the draft says otherwise than the last saved version."""

    added: int
    changed: int
    removed: int


class ListState(Struct, rename="camel"):
    """How the list is (CMP-194): `unsaved` while the draft says something else than `latest`.

    `waiting` counts responses of the latest version that cannot be suggested by their meaning yet.
    """

    state: Literal["empty", "unsaved", "saved"]
    revision: int
    count: int
    limit: int
    waiting: int
    changes: Changes
    latest: VersionView | None
    deployed: dict[Environment, VersionView | None]


class DeploymentRequest(Struct, rename="camel", forbid_unknown_fields=True):
    """The version that an environment is to use."""

    environment: Environment
    version_id: str


class DeploymentView(Struct, rename="camel"):
    """What an environment used from a time on; no version: nothing."""

    environment: Environment
    version_id: str | None
    version_number: int | None
    author: str
    at: datetime


class Deployments(Struct):
    """What an environment used, latest first."""

    items: list[DeploymentView]


class DraftChangeView(Struct):
    """What somebody did to the draft; `target` is the response's or folder's id."""

    revision: int
    kind: str
    target: str | None
    name: str
    author: str
    at: datetime


class DraftChanges(Struct):
    """What was done to the draft since a revision, in order."""

    revision: int
    items: list[DraftChangeView]


class ChangedResponse(Struct):
    """A response that two versions have with different words."""

    before: ResponseRow
    after: ResponseRow


class Differences(Struct):
    """What a version says otherwise than another."""

    added: list[ResponseRow]
    removed: list[ResponseRow]
    changed: list[ChangedResponse]


class RowProblem(Struct):
    """What is wrong with a row of a file; the header is row 1.

    `problem` says it to people; `code` and `values` let a page say it in another language.
    """

    row: int
    column: str | None
    problem: str
    code: str
    values: dict[str, str]


class UploadReport(Struct):
    """What an upload did, or in a trial would do; `saved` is null then."""

    saved: VersionView | None
    added: int
    changed: int
    removed: int
    unchanged: int
    errors: list[RowProblem]
    warnings: list[RowProblem]


Key = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z][A-Za-z0-9_ .-]*$")]
Words = Annotated[str, Meta(max_length=200)]
Values = Annotated[
    list[Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\r\n\t]*$")]],
    Meta(max_length=500),
]


class NewKey(Struct, forbid_unknown_fields=True):
    """A key for the dictionary; `values` are the possible ones of a filter."""

    kind: Literal["insert", "filter"]
    key: Key
    label: Words = ""
    example: Words = ""
    values: Values = []


class KeyChange(Struct, forbid_unknown_fields=True):
    """What is to change about a key; what is left out stays."""

    label: Words | None = None
    example: Words | None = None
    values: Values | None = None


class KeyView(Struct, rename="camel"):
    """A key of the dictionary, and how many responses of the draft use it.

    Without an id: every company has it, or responses use it without an entry.
    """

    id: str | None
    kind: Literal["insert", "filter"]
    key: str
    label: str
    example: str
    values: list[str]
    is_default: bool
    uses: int


class Dictionary(Struct):
    """Everything that texts may insert, and all that responses may be filtered by."""

    inserts: list[KeyView]
    filters: list[KeyView]
