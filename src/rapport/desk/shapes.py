"""Turns what was read into what travels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from rapport.conversations.models import Conversation, Note
from rapport.core import clock
from rapport.desk.schemas import Detail, NoteView, Party, Status, Summary, TeamMember
from rapport.desk.summaries import Summarised
from rapport.routing.assignments import Desk


def summary(found: Summarised) -> Summary:
    """Shape a conversation for a list."""
    return Summary(**_fields(found))


def detail(found: Summarised, notes: Sequence[Note]) -> Detail:
    """Shape a conversation with what is known about it."""
    views = [NoteView(note.author, note.text, clock.wire(note.written_at)) for note in notes]
    return Detail(**_fields(found), metadata=found.conversation.extra, notes=views)


def member(desk: Desk) -> TeamMember:
    """Shape somebody of the team."""
    person = desk.person
    return TeamMember(
        id=person.id,
        name=person.name,
        role=person.role,
        status=cast("Status", desk.status),
        slots=person.slots,
        used=desk.used,
    )


def _fields(found: Summarised) -> dict[str, Any]:
    conversation, activity, unread = found
    return {
        "id": conversation.id,
        "channel": conversation.channel,
        "customer": _customer(conversation),
        "agent": _agent(conversation),
        "opened_at": clock.wire(conversation.opened_at),
        "ended_at": _time(conversation.ended_at),
        "last_at": _time(activity.last_at if activity else None),
        "last_text": activity.last_text if activity else None,
        "last_role": activity.last_role if activity else None,
        "waiting_since": _time(activity.waiting_since if activity else None),
        "unread": unread,
    }


def _customer(conversation: Conversation) -> Party:
    return Party(
        conversation.customer_id, conversation.customer_external_id, conversation.customer_name
    )


def _agent(conversation: Conversation) -> Party | None:
    external_id = conversation.agent_external_id
    if external_id is None:
        return None
    return Party(conversation.agent_person_id or external_id, external_id, conversation.agent_name)


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else clock.wire(moment)
