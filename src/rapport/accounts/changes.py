"""Telling every node that credentials have changed, so that it forgets the old ones."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from rapport.core.bus import Bus
from rapport.core.database import WriteSession

# Others may listen too: the live socket closes the connections of a person whose session ended.
CHANNEL = "accounts"


class Changed(StrEnum):
    """What kind of thing has changed; the id beside it says which."""

    KEY = "key"
    PERSON = "person"
    SESSION = "session"
    COMPANY = "company"


class Change(msgspec.Struct, frozen=True):
    """One message on the channel. A session's id is the hash of its token, never the token."""

    what: Changed
    id: str


def announce(session: WriteSession, bus: Bus, what: Changed, changed_id: str) -> None:
    """Tell every node, once the session's transaction is durable."""
    payload = msgspec.json.encode(Change(what, changed_id))
    session.after_commit(lambda: bus.publish(CHANNEL, payload))


def read_change(payload: bytes) -> Change:
    """Return what a message on the channel says."""
    return msgspec.json.decode(payload, type=Change)
