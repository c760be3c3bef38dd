"""What was offered, kept so that later events can credit it (CMP-022, 4.2 step 11)."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Table
from sqlalchemy.ext.asyncio import AsyncSession
from ulid import ULID

from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.models import SuggestionSet
from rapport.core import clock
from rapport.core.database import Database
from rapport.core.database.batches import BatchWriter
from rapport.core.identity import Scope

# Sets are written together this often; what a node that dies has not written is not missed.
WRITING_SECONDS = 0.5
# So long and so many are found in memory, too: a transaction begun before they were written sees none.
REMEMBERED_SECONDS = 30.0
REMEMBERED = 20_000
# A set that another node has made lately may not be written yet: it is looked for this often.
TRIES = 4
LATELY = timedelta(seconds=5)


class Shown(NamedTuple):
    """A text as it was shown: where it comes from, filled in, and with its inserts."""

    source: str
    id: str
    text: str
    template: str


class Offered(NamedTuple):
    """What an agent was offered at one moment.

    Of what was typed only the length is kept: a number that is being typed is no card yet, and would be
    kept as it stands. `phrase` is what would go on behind it.
    """

    id: str
    scope: Scope
    conversation_id: str
    agent: str
    typed_characters: int
    shown: Sequence[Shown]
    phrase: str | None
    previous_message_id: str | None
    model: str
    created_at: datetime


class SuggestionSets:
    """Writes down what is offered on this node, in batches beside the requests; finds it again."""

    def __init__(self, database: Database, settings: ComposeSettings) -> None:
        self._database = database
        self._recent: OrderedDict[str, tuple[float, Offered]] = OrderedDict()
        self._writer = BatchWriter(
            database,
            cast("Table", SuggestionSet.__table__),
            gather_seconds=WRITING_SECONDS,
            most_waiting=REMEMBERED,
            kept=timedelta(days=settings.suggestion_set_days),
            before=_before,
        )

    def record(self, offered: Offered) -> None:
        """Keep what was offered; it is found at once, and durable a moment later."""
        self._writer.add(_row(offered))
        self._forget()
        self._recent[offered.id] = time.monotonic(), offered
        if len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)

    async def find(self, session: AsyncSession, scope: Scope, set_id: str) -> Offered | None:
        """What was offered under an id in a scope; None for an unknown or foreign one.

        One that another node has offered a moment ago is waited for (at most two seconds).
        """
        recent = self._recent.get(set_id)
        if recent is not None:
            return recent[1] if recent[1].scope == scope else None
        found = await session.get(SuggestionSet, set_id)
        if found is None and not self._database.is_sqlite and _is_late(set_id):
            found = await self._wait_for(set_id)
        return None if found is None or found.scope != scope else _offered(found)

    def start(self) -> None:
        """Write what is recorded from now on."""
        self._writer.start()

    async def close(self) -> None:
        """Write what waits, and stop."""
        await self._writer.close()

    async def sweep(self) -> None:
        """Delete what is older than it is kept."""
        await self._writer.sweep()

    async def _wait_for(self, set_id: str) -> SuggestionSet | None:
        for _ in range(TRIES):
            await asyncio.sleep(WRITING_SECONDS)
            # A session of its own: the caller's may see nothing newer than its own beginning.
            async with self._database.reading() as session:
                if (found := await session.get(SuggestionSet, set_id)) is not None:
                    return found
        return None

    def _forget(self) -> None:
        before = time.monotonic() - REMEMBERED_SECONDS
        while self._recent:
            set_id, (recorded_at, _) = next(iter(self._recent.items()))
            if recorded_at > before:
                return
            del self._recent[set_id]


def _before(moment: datetime) -> ColumnElement[bool]:
    # Ids sort by time.
    return SuggestionSet.id < str(ULID.from_datetime(moment))[:10]


def _is_late(set_id: str) -> bool:
    """Whether an id was given so lately that its row may still be on its way."""
    try:
        return clock.now() - ULID.from_str(set_id).datetime < LATELY
    except ValueError:
        return False


def _row(offered: Offered) -> dict[str, Any]:
    return {
        "id": offered.id,
        "company_id": offered.scope.company_id,
        "environment": offered.scope.environment,
        "conversation_id": offered.conversation_id,
        "agent": offered.agent,
        "typed_characters": offered.typed_characters,
        "shown": [shown._asdict() for shown in offered.shown],
        "phrase": offered.phrase,
        "previous_message_id": offered.previous_message_id,
        "model": offered.model,
        "created_at": offered.created_at,
    }


def _offered(found: SuggestionSet) -> Offered:
    return Offered(
        found.id,
        found.scope,
        found.conversation_id,
        found.agent,
        found.typed_characters,
        [Shown(**shown) for shown in found.shown],
        found.phrase,
        found.previous_message_id,
        found.model,
        found.created_at,
    )
