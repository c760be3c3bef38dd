"""How the demo company's agents wrote their messages, so that its metrics have something to show."""

from __future__ import annotations

from itertools import count
from typing import NamedTuple

from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.sets import Offered, Shown, SuggestionSets
from rapport.compose.usage.counters import (
    AUTOCOMPLETE,
    AUTOSUGGEST,
    CUSTOM_DRAWER,
    FLUENCY_APPLY,
    GLOBAL_INSERT,
    PHRASE_AUTOCOMPLETE,
)
from rapport.compose.usage.schemas import MessageSentEvent
from rapport.compose.usage.service import Reporting, report_sent
from rapport.conversations.directory import Directory, Known
from rapport.conversations.redaction import Redaction
from rapport.core import clock
from rapport.core.identity import Caller, CallerKind
from rapport.core.ids import new_id
from rapport.core.node import Node


class _Habit(NamedTuple):
    """A way to write a message, and the seconds it takes."""

    types: list[str]
    crafting_time: float
    num_edits: int = 0
    source: str = ""


_HABITS = (
    _Habit([AUTOSUGGEST], 4.2, source="global"),
    _Habit(["FREEHAND"], 31.5),
    _Habit([AUTOSUGGEST, PHRASE_AUTOCOMPLETE], 11.0, num_edits=9, source="global"),
    _Habit([AUTOCOMPLETE], 7.4, source="organic"),
    _Habit([FLUENCY_APPLY, PHRASE_AUTOCOMPLETE], 15.8),
    _Habit([GLOBAL_INSERT], 5.1),
    _Habit([FLUENCY_APPLY, "FREEHAND"], 27.3),
    _Habit([CUSTOM_DRAWER], 4.6),
)


class Writing:
    """Reports each message of an agent as the composer would have."""

    def __init__(self, node: Node, directory: Directory, redaction: Redaction) -> None:
        self._database = node.database
        self._sets = SuggestionSets(node.database, node.settings[ComposeSettings])
        self._tools = Reporting(node.database, node.log, directory, redaction, self._sets)
        self._turns = count()

    async def start(self) -> None:
        """Begin to keep what was offered."""
        self._sets.start()

    async def close(self) -> None:
        """Keep the rest of it."""
        await self._sets.close()

    async def report(self, known: Known, message_id: str, text: str) -> None:
        """Report a message, written in the way whose turn it is."""
        habit = _HABITS[next(self._turns) % len(_HABITS)]
        offered = self._offer(known, habit, text) if habit.source else ""
        agent = known.agent_external_id or ""
        caller = Caller(CallerKind.PERSON, agent, known.scope, known.agent_name or "", agent)
        sent = MessageSentEvent(
            message_id=message_id,
            conversation_id=known.id,
            augmentation_type=habit.types,
            num_edits=habit.num_edits,
            selected_suggestion_text=text if habit.source else "",
            selected_suggestions_id=offered,
            selected_suggestion_index=1 if habit.source else 0,
            initial_suggestions_id=offered,
            time_to_action=2.5,
            crafting_time=habit.crafting_time,
            dwell_time=1.2,
            phrase_autocomplete_presented_ct=habit.types.count(PHRASE_AUTOCOMPLETE),
            phrase_autocomplete_selected_ct=habit.types.count(PHRASE_AUTOCOMPLETE),
        )
        async with self._database.reading() as session:
            await report_sent(self._tools, session, caller, sent)

    def _offer(self, known: Known, habit: _Habit, text: str) -> str:
        set_id = new_id()
        self._sets.record(
            Offered(
                id=set_id,
                scope=known.scope,
                conversation_id=known.id,
                agent=known.agent_external_id or "",
                typed_characters=0,
                shown=[Shown(habit.source, "", text, text)],
                phrase=None,
                previous_message_id=None,
                model="",
                created_at=clock.now(),
            )
        )
        return set_id
