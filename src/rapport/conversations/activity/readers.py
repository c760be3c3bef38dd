"""Keeps the activity of conversations from the log, a batch of events in two statements.

One event at a time would cost as much as the message itself. So what the events of a transaction
change is folded in memory and written when the transaction commits, with the reader's cursor.
"""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, event, select
from sqlalchemy.orm import Session

from rapport.conversations.activity.models import ConversationActivity
from rapport.conversations.activity.present import COLUMNS, READS, Activity, fold
from rapport.core.database import WriteSession
from rapport.core.database.bulk import upsert
from rapport.core.log import Recorded
from rapport.core.readers import Reader

_PENDING = "conversation_activity"
# Lists fold what this reader has not seen yet: nobody waits for it.
_PACE_SECONDS = 0.25


def activity_reader() -> Reader:
    """Return the reader that keeps `conversation_activity`."""
    return Reader("conversation_activity", READS, _apply, pace_seconds=_PACE_SECONDS)


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
    # On the table and its connection: through the mapped class every row would be a statement of its own.
    table = cast("Table", ConversationActivity.__table__)
    upsert(session.connection(), table, Activity._fields, list(changed.values()))


def _read(session: Session, conversations: set[str]) -> dict[str, Activity]:
    query = select(*COLUMNS).where(ConversationActivity.conversation_id.in_(conversations))
    return {row[0]: Activity(*row) for row in session.execute(query)}
