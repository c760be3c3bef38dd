"""What the console may ask of the responses it lists."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar.di import Provide
from litestar.params import QueryParameter

from rapport.compose.globals.pages import Narrowed
from rapport.compose.listing import FolderFilter, SearchTerm

Limit = Annotated[int, QueryParameter(name="maxPerPage", ge=1, le=500)]


async def provide_narrowed(
    search_term: SearchTerm = None,
    folder_id: FolderFilter = None,
    filter_key: Annotated[str | None, QueryParameter(name="filterKey")] = None,
    filter_value: Annotated[str | None, QueryParameter(name="filterValue")] = None,
    only: Annotated[Literal["changed"] | None, QueryParameter()] = None,
) -> Narrowed:
    """Read which responses are wanted: words, a folder, a filter, or what the draft changed."""
    return Narrowed(search_term, folder_id, filter_key, filter_value, only is not None)


NARROWED = {"narrowed": Provide(provide_narrowed)}
