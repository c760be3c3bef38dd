"""How lists of responses come in pages: folders first, then responses, each in its order.

A page's token says behind what the next one begins, and in which version of a list: a walk reads
every row of that version once, whatever is deployed meanwhile (CMP-126).
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from litestar.params import QueryParameter
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy import ColumnElement, Integer, Select, or_, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.texts import pattern
from rapport.core.errors import Invalid

Rows = Literal["folders", "responses"]
Resource = Literal["folders", "responses", "all"]
PAGE = 1_000
# What is asked for beyond this comes in more pages.
LARGEST_PAGE = 5_000

MaxPerPage = Annotated[int, QueryParameter(name="maxPerPage", ge=1)]
PageToken = Annotated[str | None, QueryParameter(name="pageToken")]
FolderFilter = Annotated[str | None, QueryParameter(name="folderId")]
ResourceType = Annotated[Resource, QueryParameter(name="resourceType")]
SearchTerm = Annotated[str | None, QueryParameter(name="searchTerm")]

Q = TypeVar("Q")
# What databases take as a number of ours, and as a text.
LARGEST = 2_000_000_000
Number = Annotated[int, Meta(ge=0, le=LARGEST)]
_KEPT = r"^[^\x00]*$"

Value = Annotated[str, Meta(max_length=1_000)]


class Condition(Struct, rename="camel", forbid_unknown_fields=True):
    """Binds a placeholder of the text to a value, or else says when a response may be suggested."""

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    allowed_values: Annotated[list[Value], Meta(max_length=500)] = []


class CannedResponse(Struct, rename="camel"):
    """A response of a list; `metadata` when it has any (CMP-128)."""

    id: str
    text: str
    title: str
    folder_id: str
    metadata: list[Condition] | UnsetType = UNSET


def conditions(kept: Sequence[Mapping[str, Any]]) -> list[Condition]:
    """Shape a response's metadata."""
    return msgspec.convert(kept, list[Condition])


def stored(given: Sequence[Condition]) -> list[dict[str, Any]]:
    """Return metadata as rows keep it."""
    return [{"name": each.name, "allowedValues": list(each.allowed_values)} for each in given]


class Folder(Struct, rename="camel"):
    """A folder of a list; the topmost lie in `__root`."""

    id: str
    name: str
    parent_folder_id: str


class CannedResponsePage(Struct, rename="camel"):
    """A page of a list; the token is empty on the last one."""

    page_token: str
    responses_list: list[CannedResponse] | UnsetType = UNSET
    folder_list: list[Folder] | UnsetType = UNSET


class Wanted(Struct, frozen=True):
    """What a request wants of a list; all of it must hold (CMP-125)."""

    folder_id: str | None = None
    resource: Resource = "all"
    search: str | None = None
    limit: int = PAGE

    def has(self, resource: Rows) -> bool:
        """Tell whether rows of a kind are wanted."""
        return self.resource in {"all", resource}


class Place(Struct, frozen=True, array_like=True):
    """Behind what a page begins: a row's kind, and its place in the order of its kind."""

    version: Number
    kind: Rows
    folded: Annotated[str, Meta(pattern=_KEPT)] | Number
    id: Annotated[str, Meta(pattern=_KEPT)]


def token_of(place: Place | None) -> str:
    """Return a place as a token, the empty one when there is no further page."""
    return "" if place is None else urlsafe_b64encode(msgspec.json.encode(place)).decode()


def place_of(token: str | None) -> Place | None:
    """Return the place a token names, None for the list's beginning. Raises Invalid."""
    if not token:
        return None
    try:
        return msgspec.json.decode(urlsafe_b64decode(token), type=Place)
    except (NotBase64, ValueError, msgspec.DecodeError):
        raise Invalid(path="/pageToken", problem="is no token of this list") from None


class Kind(Struct, frozen=True):
    """The rows of one kind in a list: what to read, and the columns that order it."""

    name: Rows
    query: Select[Any]
    folded: Any
    id: Any


def narrow(query: Select[Q], wanted: Wanted, folder: Any, *searched: Any) -> Select[Q]:
    """Return a query of the rows that lie in the wanted folder and contain what is sought."""
    if wanted.folder_id is not None:
        query = query.where(folder == wanted.folder_id)
    if wanted.search:
        query = query.where(or_(*(contains(column, wanted.search) for column in searched)))
    return query


def contains(column: Any, words: str) -> ColumnElement[bool]:
    """Return the condition of folded texts that contain some words (CMP-124)."""
    found: ColumnElement[bool] = column.like(pattern(words), escape="\\")
    return found


async def read_page(
    session: AsyncSession, kinds: Sequence[Kind], after: Place | None, version: int, limit: int
) -> tuple[dict[str, list[Any]], Place | None]:
    """Read the next rows, one kind after the other; returns them by kind, and the last one's place.

    The place is None at the end of the list.
    """
    found: dict[str, list[Any]] = {kind.name: [] for kind in kinds}
    begun = after is None
    left = min(limit, LARGEST_PAGE)
    last: Place | None = None
    for kind in kinds:
        query = kind.query.order_by(kind.folded, kind.id)
        if not begun and after is not None:
            if kind.name != after.kind:
                continue
            if isinstance(after.folded, int) is not isinstance(kind.folded.type, Integer):
                raise Invalid(path="/pageToken", problem="is no token of this list")
            query = query.where(tuple_(kind.folded, kind.id) > (after.folded, after.id))
            begun = True
        rows = list(await session.scalars(query.limit(left + 1)))
        if len(rows) > left:
            return {**found, kind.name: rows[:left]}, _last(kind, rows[:left], version) or last
        found[kind.name] = rows
        left -= len(rows)
        last = _last(kind, rows, version) or last
    return found, None


def _last(kind: Kind, rows: Sequence[Any], version: int) -> Place | None:
    if not rows:
        return None
    row = rows[-1]
    return Place(version, kind.name, getattr(row, kind.folded.key), getattr(row, kind.id.key))
