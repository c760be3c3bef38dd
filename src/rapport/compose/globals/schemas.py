"""Wire shapes of the console of the company's responses."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType


class NewResponse(Struct, forbid_unknown_fields=True):
    """A response to be added to the library."""

    text: Annotated[str, Meta(min_length=1, max_length=2_000)]
    title: Annotated[str, Meta(max_length=200)] = ""
    folder: Annotated[str, Meta(max_length=200)] | None = None


class ResponseChange(Struct, forbid_unknown_fields=True):
    """What is to change about a response; what is left out stays."""

    text: Annotated[str, Meta(min_length=1, max_length=2_000)] | None = None
    title: Annotated[str, Meta(max_length=200)] | None = None
    folder: Annotated[str, Meta(max_length=200)] | UnsetType | None = UNSET


class ResponseImport(Struct, forbid_unknown_fields=True):
    """Many responses to be added together, all or none."""

    responses: Annotated[list[NewResponse], Meta(min_length=1, max_length=5_000)]


class ResponseView(Struct, rename="camel"):
    """A response of the library; `suggested` once it is embedded."""

    id: str
    title: str
    text: str
    folder: str | None
    suggested: bool
    created_at: str
    updated_at: str


class ResponsePage(Struct, rename="camel"):
    """A page of the library in the order it was written."""

    responses: list[ResponseView]
    next_cursor: str | None


class ImportView(Struct):
    """An import that was stored; its responses are suggested as soon as they are embedded."""

    id: str
    count: int
