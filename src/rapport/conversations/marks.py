"""Delivered and read marks: how far each side of a conversation has come."""

from __future__ import annotations

from rapport.conversations.directory import Known
from rapport.conversations.events import (
    MessageDelivered,
    MessageRead,
    audience_of,
    stream_of,
)
from rapport.conversations.models import Mark
from rapport.core.database import Database
from rapport.core.identity import Actor
from rapport.core.log import Event, Log
from rapport.live.wire import Party


async def mark(
    database: Database, log: Log, known: Known, party: Party, *, delivered: int, read: int
) -> None:
    """Move a side's marks forward; what is not further than before is no news. Read implies delivered."""
    async with database.writing() as session:
        found = await session.get(Mark, (known.id, party.role), with_for_update=True)
        if found is None:
            found = Mark(conversation_id=known.id, role=party.role, delivered=0, read=0)
            session.add(found)
        happened: list[Event] = []
        if max(delivered, read) > found.delivered:
            found.delivered = max(delivered, read)
            happened.append(MessageDelivered(party.role, found.delivered))
        if read > found.read:
            found.read = read
            happened.append(MessageRead(party.role, read))
        if happened:
            actor = Actor(party.role, party.id, party.name or None)
            stream, audience = stream_of(known.id, known.scope), audience_of(known.channel)
            await log.append(session, stream, *happened, actor=actor, audience=audience)
