"""Telling every node that credentials have changed, so that it forgets the old ones."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec

from rapport.core.bus import Bus
from rapport.core.database import WriteSession

CHANNEL = "accounts"


class Changed(StrEnum):
    """What kind of thing has changed; the id beside it says which."""

    KEY = "key"
    PERSON = "person"
    COMPANY = "company"


class Change(msgspec.Struct, frozen=True):
    """One message on the channel."""

    what: Changed
    id: str


def announce(session: WriteSession, bus: Bus, what: Changed, changed_id: str) -> None:
    """Tell every node, once the session's transaction is durable."""
    payload = msgspec.json.encode(Change(what, changed_id))
    session.after_commit(lambda: bus.publish(CHANNEL, payload))


def when_person_changes(bus: Bus, act: Callable[[str], None]) -> Callable[[], None]:
    """Have something done with the id of each person whose rights or sessions have changed.

    Live connections look again at who they belong to: the person may have signed out, or have been
    disabled. Returns the way out.
    """

    def hear(payload: bytes) -> None:
        change = read_change(payload)
        if change.what is Changed.PERSON:
            act(change.id)

    return bus.subscribe(CHANNEL, hear)


def read_change(payload: bytes) -> Change:
    """Return what a message on the channel says."""
    return msgspec.json.decode(payload, type=Change)
