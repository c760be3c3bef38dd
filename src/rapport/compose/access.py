"""Who may be helped to write in a conversation."""

from __future__ import annotations

from rapport.compose.errors import NoAgent
from rapport.conversations.access import check_may_see
from rapport.conversations.directory import Known
from rapport.conversations.errors import NotYours
from rapport.core.identity import Caller


def check_may_write(caller: Caller, known: Known) -> None:
    """Raise NotFound for a conversation the person may not see, NotYours for one it only watches."""
    check_may_see(caller, known)
    if known.agent_person_id != caller.id:
        raise NotYours


def check_has_agent(known: Known) -> None:
    """Raise NoAgent when nobody is there to send what is suggested (PLT-080, CMP-027)."""
    if not known.has_agent:
        raise NoAgent
