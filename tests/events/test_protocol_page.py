"""docs/protocol.md names every event that a live reader may see, with its fields and who sees it."""

from __future__ import annotations

import re
import types
import typing
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

import rapport.app  # noqa: F401
from rapport.core.log import Audience, Event
from rapport.core.log.events import registered, type_of

pytestmark = pytest.mark.unit

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"

# Who holds a live connection; partners and the server's own readers do not.
LIVE = Audience.CUSTOMER | Audience.STAFF
SEEN_BY = {
    "all": Audience.ALL,
    "agent, supervisor": Audience.STAFF,
    "that person": Audience.STAFF,
}

Fields = dict[str, "Fields | None"]


class Documented(NamedTuple):
    """An event as the page has it."""

    fields: Fields
    audience: Audience


_ROW = re.compile(r"^\| `([a-z_]+\.[a-z_]+)` \| (.*?) \| (.*?) \|$", re.MULTILINE)
_ASIDE = re.compile(r"\([^)]*\)")
_FIELD = re.compile(r"`(\w+)(?: \{([^}]*)\})?`")


def documented() -> dict[str, Documented]:
    """Read the tables of events; what stands in parentheses explains values."""
    page = PAGE.read_text(encoding="utf-8")
    rows = _ROW.findall(page[page.index("## Events of a conversation") :])
    return {
        name: Documented(
            {
                field: dict.fromkeys(inner.split(", ")) if inner else None
                for field, inner in _FIELD.findall(_ASIDE.sub("", data))
            },
            SEEN_BY[seen_by],
        )
        for name, data, seen_by in rows
    }


def visible() -> dict[str, type[Event]]:
    return {
        name: cls
        for name, cls in registered().items()
        if cls.__module__.startswith("rapport.") and type_of(cls).audience & LIVE
    }


def fields_of(cls: type[msgspec.Struct]) -> Fields:
    hints = typing.get_type_hints(cls)
    return {field.encode_name: _inside(hints[field.name]) for field in msgspec.structs.fields(cls)}


def _inside(hint: object) -> Fields | None:
    options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    for option in options:
        if isinstance(option, type) and issubclass(option, msgspec.Struct):
            return fields_of(option)
    return None


def test_the_page_lists_every_event_a_live_reader_may_see_and_no_other() -> None:
    assert sorted(documented()) == sorted(visible())


@pytest.mark.parametrize("name", sorted(visible()))
def test_the_page_lists_an_events_fields_and_who_sees_it(name: str) -> None:
    cls = visible()[name]

    assert documented()[name] == Documented(fields_of(cls), type_of(cls).audience)
