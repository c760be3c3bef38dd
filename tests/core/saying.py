"""Words said in streams: the smallest events that show how the log keeps them."""

from __future__ import annotations

from collections.abc import Sequence

from rapport.core.identity import SYSTEM, Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.log import Append, Event, Recorded, Stream, event_type
from rapport.core.log.events import START, Position
from rapport.core.log.tail import Tail

SCOPE = Scope(CompanyId("company"), Environment.SANDBOX)
OTHER = Scope(CompanyId("another"), Environment.SANDBOX)


@event_type("test.said")
class Said(Event, frozen=True):
    word: str


def stream(name: str = "s", scope: Scope = SCOPE) -> Stream:
    return Stream("test", name, scope)


def say(*words: str, to: str = "s", **more: object) -> Append:
    return Append(stream(to), tuple(Said(word) for word in words), SYSTEM, **more)  # type: ignore[arg-type]


def words(events: Sequence[Recorded]) -> list[str]:
    return [recorded.decode(Said).word for recorded in events]


async def everything(tail: Tail, limit: int = 500, after: Position = START) -> list[Recorded]:
    found: list[Recorded] = []
    while batch := await tail.after(found[-1].position if found else after, limit):
        found += batch
    return found
