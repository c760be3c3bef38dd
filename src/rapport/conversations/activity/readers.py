"""Keeps the activity of conversations from the log, a batch of events in two statements.

One event at a time would cost as much as the message itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from rapport.conversations.activity.models import ConversationActivity
from rapport.conversations.activity.present import COLUMNS, READS, Activity, fold
from rapport.core.database.bulk import Change, Upsert
from rapport.core.log import Recorded
from rapport.core.readers import BatchReader

# Lists fold what this reader has not seen yet: nobody waits for it.
_PACE_SECONDS = 0.25


def activity_reader() -> BatchReader:
    """Return the reader that keeps `conversation_activity`."""
    return BatchReader("conversation_activity", READS, _changes, pace_seconds=_PACE_SECONDS)


def _changes(session: Session, events: Sequence[Recorded]) -> Sequence[Change]:
    """Fold what events change into the rows they change."""
    conversations = {recorded.stream_id for recorded in events}
    query = select(*COLUMNS).where(ConversationActivity.conversation_id.in_(conversations))
    changed = {row[0]: Activity(*row) for row in session.execute(query)}
    for recorded in events:
        changed[recorded.stream_id] = fold(changed.get(recorded.stream_id), recorded)
    table = cast("Table", ConversationActivity.__table__)
    return [Upsert(table, Activity._fields, list(changed.values()))]
