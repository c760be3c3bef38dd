"""What is going on in a conversation: the fold of its events, and its present state for lists."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.conversations.activity.models import ConversationActivity
from rapport.conversations.events import KIND, ConversationEnded, ConversationOpened, MessageSent
from rapport.core.identity import Scope
from rapport.core.log import Recorded
from rapport.core.log.events import START, type_of
from rapport.core.log.models import LoggedEvent

READS = (ConversationOpened, MessageSent, ConversationEnded)
_KEPT_TEXT = 200


class Activity(NamedTuple):
    """A conversation's row of the table."""

    conversation_id: str
    company_id: str
    environment: str
    is_live: bool
    last_seq: int
    last_at: datetime
    last_text: str | None = None
    last_role: str | None = None
    waiting_since: datetime | None = None
    customer_message_count: int = 0
    message_count: int = 0


class _Said(msgspec.Struct):
    """As much of a message as is needed here."""

    text: str
    role: str


COLUMNS = [getattr(ConversationActivity, name) for name in Activity._fields]
_said = msgspec.json.Decoder(_Said).decode


def fold(activity: Activity | None, recorded: Recorded) -> Activity:
    """Return a conversation's activity after one more event; one that is in it already adds nothing."""
    if activity is None:
        activity = Activity(
            recorded.stream_id, *recorded.scope, is_live=True, last_seq=0, last_at=recorded.occurred
        )
    if recorded.seq <= activity.last_seq:
        return activity
    activity = activity._replace(last_seq=recorded.seq)
    if recorded.is_a(MessageSent):
        return _fold_message(activity, recorded)
    if recorded.is_a(ConversationEnded):
        return activity._replace(is_live=False, waiting_since=None)
    return activity


def _fold_message(activity: Activity, recorded: Recorded) -> Activity:
    said = _said(recorded.payload)
    is_customer = said.role == "customer"
    return activity._replace(
        last_at=recorded.occurred,
        last_text=said.text[:_KEPT_TEXT],
        last_role=said.role,
        waiting_since=_waiting_since(activity, said.role, recorded.occurred),
        customer_message_count=activity.customer_message_count + is_customer,
        message_count=activity.message_count + 1,
    )


def _waiting_since(activity: Activity, role: str, at: datetime) -> datetime | None:
    """An agent's word is an answer; what the company's system says on its own is none."""
    if role == "agent" or not activity.is_live:
        return None
    if role == "customer":
        return activity.waiting_since or at
    return activity.waiting_since


async def activities(
    session: AsyncSession, scope: Scope, conversations: Collection[str]
) -> dict[str, Activity]:
    """Return what is going on in conversations as of the session's snapshot, by id.

    The reader may be behind: what it has yet to fold is folded here, so that a list and the stream
    that continues it fit together exactly.
    """
    query = select(*COLUMNS).where(ConversationActivity.conversation_id.in_(conversations))
    found = {row[0]: Activity(*row) for row in await session.execute(query)}
    for recorded in await _unfolded(session, scope, conversations):
        found[recorded.stream_id] = fold(found.get(recorded.stream_id), recorded)
    return found


async def _unfolded(
    session: AsyncSession, scope: Scope, conversations: Collection[str]
) -> list[Recorded]:
    query = (
        select(
            LoggedEvent.stream_id,
            LoggedEvent.seq,
            LoggedEvent.type,
            LoggedEvent.audience,
            LoggedEvent.actor,
            LoggedEvent.occurred_at,
            LoggedEvent.recorded_at,
            LoggedEvent.payload,
        )
        .outerjoin(
            ConversationActivity, ConversationActivity.conversation_id == LoggedEvent.stream_id
        )
        .where(
            LoggedEvent.stream_kind == KIND,
            LoggedEvent.stream_id.in_(conversations),
            LoggedEvent.seq > func.coalesce(ConversationActivity.last_seq, 0),
            or_(*(LoggedEvent.type == type_of(cls).name for cls in READS)),
        )
        .order_by(LoggedEvent.stream_id, LoggedEvent.seq)
    )
    return [
        Recorded(
            position=START,
            transaction=0,
            scope=scope,
            stream_kind=KIND,
            stream_id=row.stream_id,
            seq=row.seq,
            kind=row.type,
            audience=row.audience,
            actor=msgspec.Raw(row.actor.encode()),
            occurred_at=row.occurred_at,
            recorded_at=row.recorded_at,
            payload=msgspec.Raw(row.payload.encode()),
        )
        for row in await session.execute(query)
    ]
