"""What the hot path must know of a conversation, without asking the database for every message."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from sqlalchemy import select

from rapport.conversations.events import KIND
from rapport.conversations.models import Conversation
from rapport.core.database import Database
from rapport.core.errors import NotFound
from rapport.core.identity import Scope
from rapport.core.log import Recorded

_KEPT = 100_000
# Events after which what is known of a conversation may be wrong.
_CHANGING = frozenset(
    {
        "participant.joined",
        "participant.left",
        "customer.identified",
        "metadata.changed",
        "conversation.ended",
    }
)


class Known(NamedTuple):
    """A conversation as the hot path sees it."""

    id: str
    scope: Scope
    channel: str
    customer_id: str
    customer_external_id: str
    customer_name: str | None
    agent_external_id: str | None
    agent_name: str | None
    agent_person_id: str | None
    is_over: bool

    @property
    def has_agent(self) -> bool:
        """Whether an agent is responsible for it now."""
        return self.agent_external_id is not None


class Directory:
    """Finds conversations by id within a scope; a foreign one and a missing one look alike."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._forgotten_count = 0

    async def find(self, scope: Scope, conversation_id: str) -> Known:
        """Return a conversation. Raises NotFound."""
        known = self._known.get(conversation_id)
        if known is None:
            known = await self._read(conversation_id)
        if known is None or known.scope != scope:
            raise NotFound(what="there is no such conversation")
        return known

    def forget(self, conversation_id: str) -> None:
        """Read a conversation again when it is next asked for."""
        self._forgotten_count += 1
        self._known.pop(conversation_id, None)

    def observe(self, recorded: Recorded) -> None:
        """Forget what an event of any node may have changed."""
        if recorded.stream_kind == KIND and recorded.kind in _CHANGING:
            self.forget(recorded.stream_id)

    async def _read(self, conversation_id: str) -> Known | None:
        forgotten_count = self._forgotten_count
        async with self._database.reading() as session:
            found = await session.scalar(
                select(Conversation).where(Conversation.id == conversation_id)
            )
        if found is None:
            return None
        known = known_of(found)
        # What was forgotten while it was read may be older than the change: it is not remembered.
        if forgotten_count != self._forgotten_count:
            return known
        self._known[conversation_id] = known
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return known


def known_of(conversation: Conversation) -> Known:
    """Return what the hot path needs of a conversation."""
    return Known(
        id=conversation.id,
        scope=conversation.scope,
        channel=conversation.channel,
        customer_id=conversation.customer_id,
        customer_external_id=conversation.customer_external_id,
        customer_name=conversation.customer_name,
        agent_external_id=conversation.agent_external_id,
        agent_name=conversation.agent_name,
        agent_person_id=conversation.agent_person_id,
        is_over=conversation.ended_at is not None,
    )
