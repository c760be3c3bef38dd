"""Replacing the whole draft by a list from elsewhere, so that what stays the same keeps its id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

from rapport.compose.globals.draft import Draft
from rapport.compose.globals.models import GlobalResponse
from rapport.compose.globals.rows import (
    AT_ONCE,
    Content,
    Paths,
    Responses,
    content_of,
    folders_of,
    responses_of,
)
from rapport.core.ids import new_id


class Line(NamedTuple):
    """A response of a list from elsewhere; `folder` holds the names from the top down."""

    text: str
    title: str = ""
    folder: tuple[str, ...] = ()
    conditions: list[dict[str, Any]] = []  # noqa: RUF012 (never changed)


class Replaced(NamedTuple):
    """How many responses became what."""

    added: int
    changed: int
    removed: int
    unchanged: int


async def replace_all(draft: Draft, lines: Sequence[Line]) -> Replaced:
    """Make the draft hold exactly these responses (CMP-185).

    A line takes over the response that says just the same, else one with the same text, else one
    with the same title in the same folder; folders that no line names are gone.
    """
    session, company_id, number = draft.session, draft.company_id, draft.number
    folders = await folders_of(session, company_id, number)
    paths = Paths(folders)
    wanted = [
        Content(line.text, line.title, await paths.at(line.folder), line.conditions)
        for line in lines
    ]
    ledger = await responses_of(session, company_id, number)
    ids = _matched(ledger, wanted)
    before = len(ledger.standing)
    changed = 0
    for place, (response_id, said) in enumerate(zip(ids, wanted, strict=True)):
        is_known = response_id in ledger.standing
        changed += await ledger.put(response_id, said) and is_known
        if place % AT_ONCE == 0:
            await session.flush()
    gone = ledger.standing.keys() - set(ids)
    for response_id in gone:
        await ledger.put(response_id, None)
    for folder_id in folders.standing.keys() - paths.used:
        await folders.put(folder_id, None)
    kept = before - len(gone)
    return Replaced(len(wanted) - kept, changed, len(gone), kept - changed)


def _matched(ledger: Responses, wanted: Sequence[Content]) -> list[str]:
    """Return the id that each wanted response goes on under, a new one where none fits."""
    left = dict(ledger.standing)
    ids: list[str | None] = [None] * len(wanted)
    for sameness in (_all, _text, _title):
        free: dict[Hashable, list[GlobalResponse]] = defaultdict(list)
        for row in reversed(left.values()):
            free[sameness(content_of(row))].append(row)
        for place, said in enumerate(wanted):
            alike = free.get(sameness(said)) if ids[place] is None else None
            if alike:
                ids[place] = alike.pop().response_id
                del left[str(ids[place])]
    return [response_id or new_id() for response_id in ids]


Sameness = Callable[[Content], Hashable]


def _all(said: Content) -> Hashable:
    return said.text, said.title, said.folder_id, str(said.conditions)


def _text(said: Content) -> Hashable:
    return said.text


def _title(said: Content) -> Hashable:
    return said.title or object(), said.folder_id
