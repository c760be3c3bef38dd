"""Keeps the activity of conversations from the log, a batch of events in two statements.

One event at a time would cost as much as the message itself. So what the events of a transaction
change is folded in memory and written when the transaction commits, with the reader's cursor.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rapport.conversations.activity.models import ConversationActivity
from rapport.conversations.events import ConversationEnded, ConversationOpened, MessageSent
from rapport.core.database import WriteSession
from rapport.core.log import Recorded
from rapport.core.readers import Reader

_KEPT_TEXT = 200
_PENDING = "conversation_activity"


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


_said = msgspec.json.Decoder(_Said).decode


def activity_reader() -> Reader:
    """Return the reader that keeps `conversation_activity`."""
    reads = (ConversationOpened, MessageSent, ConversationEnded)
    return Reader("conversation_activity", reads, _apply)


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
    since = activity.waiting_since or recorded.occurred
    return activity._replace(
        last_at=recorded.occurred,
        last_text=said.text[:_KEPT_TEXT],
        last_role=said.role,
        waiting_since=since if is_customer and activity.is_live else None,
        customer_message_count=activity.customer_message_count + is_customer,
        message_count=activity.message_count + 1,
    )


async def _apply(recorded: Recorded, session: WriteSession) -> None:
    pending: list[Recorded] | None = session.sync_session.info.get(_PENDING)
    if pending is None:
        pending = session.sync_session.info[_PENDING] = []
        event.listen(session.sync_session, "before_commit", _write, once=True)
    pending.append(recorded)


def _write(session: Session) -> None:
    """Fold what the transaction's events change into the rows they change."""
    pending: list[Recorded] = session.info.pop(_PENDING)
    changed = _read(session, {recorded.stream_id for recorded in pending})
    for recorded in pending:
        changed[recorded.stream_id] = fold(changed.get(recorded.stream_id), recorded)
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(ConversationActivity)
    updated = {name: insert.excluded[name] for name in Activity._fields[3:]}
    statement = insert.on_conflict_do_update(index_elements=["conversation_id"], set_=updated)
    session.execute(statement, [activity._asdict() for activity in changed.values()])


def _read(session: Session, conversations: set[str]) -> dict[str, Activity]:
    columns = [getattr(ConversationActivity, name) for name in Activity._fields]
    query = select(*columns).where(ConversationActivity.conversation_id.in_(conversations))
    return {row[0]: Activity(*row) for row in session.execute(query)}
