"""Ends conversations in which nobody has said anything for long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from rapport.conversations.activity.models import ConversationActivity
from rapport.conversations.ending import end
from rapport.conversations.models import Conversation, Message
from rapport.conversations.settings import ConversationSettings
from rapport.core import clock
from rapport.core.database import Database, WriteSession
from rapport.core.identity import SYSTEM, Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.log import Log
from rapport.core.timers import Timer, schedule

# The timer's kind. There is one for the whole installation: whichever node claims it looks.
SWEEP = "conversations.quiet"
# One transaction ends at most so many: on an embedded database it keeps every message waiting.
BATCH = 50
PAUSE = timedelta(minutes=1)
_EVERYBODY = Scope(CompanyId(""), Environment.PRODUCTION)


class QuietEnd:
    """Looks for silent conversations again and again, on one node at a time."""

    def __init__(self, log: Log, settings: ConversationSettings) -> None:
        self._log = log
        self._silence = timedelta(hours=settings.quiet_hours)

    async def begin(self, database: Database) -> None:
        """Set the timer when the node starts."""
        async with database.writing() as session:
            await schedule(session, SWEEP, "", _EVERYBODY, clock.now())

    async def sweep(self, timer: Timer, session: WriteSession) -> None:
        """End a batch of silent conversations and set the timer again, at once if there are more."""
        count = await self.end_quiet(session)
        again = clock.now() if count == BATCH else clock.now() + PAUSE
        await schedule(session, timer.kind, timer.key, timer.scope, again)

    async def end_quiet(self, session: WriteSession) -> int:
        """End the conversations that have been silent for longest, at most a batch; return how many."""
        found = await _silent(session, clock.now() - self._silence)
        for conversation in found:
            await end(session, self._log, conversation, SYSTEM, reason="quiet")
        return len(found)


async def _silent(session: WriteSession, before: datetime) -> Sequence[Conversation]:
    # The reader may be behind: what it has not seen yet is no silence.
    unseen = exists().where(
        Message.conversation_id == Conversation.id, Message.seq > ConversationActivity.last_seq
    )
    query = (
        select(Conversation)
        .join(ConversationActivity, ConversationActivity.conversation_id == Conversation.id)
        .where(
            ConversationActivity.is_live,
            ConversationActivity.last_at < before,
            Conversation.ended_at.is_(None),
            ~unseen,
        )
        .order_by(ConversationActivity.last_at)
        .limit(BATCH)
        .with_for_update(of=Conversation, skip_locked=True)
    )
    return (await session.scalars(query)).all()
