"""Wire shapes of custom responses, exactly as documented."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from rapport.compose.listing import Condition

# Not empty, and more than blanks.
_SAID = r"\S"
Text = Annotated[str, Meta(min_length=1, max_length=4_000, pattern=_SAID)]
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=_SAID)]


class CustomResponseWrite(Struct, rename="camel"):
    """A response an agent writes for itself; without a folder it lies at the top (CMP-130)."""

    text: Text
    title: Name
    folder_id: str | UnsetType = UNSET
    metadata: Annotated[list[Condition], Meta(max_length=50)] | UnsetType = UNSET


class FolderWrite(Struct, rename="camel"):
    """A folder of an agent."""

    name: Name
    parent_folder_id: str | UnsetType = UNSET


class Order(Struct, rename="camel", forbid_unknown_fields=True):
    """An agent's responses in the order it likes; those not named come behind."""

    response_ids: Annotated[list[str], Meta(min_length=1, max_length=5_000)]
