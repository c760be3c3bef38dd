"""Taking down what clients report: durable with its event, once, however often it is told."""

from __future__ import annotations

from typing import NamedTuple, cast

import msgspec
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.access import conversation_of
from rapport.compose.suggestions.sets import Offered, SuggestionSets
from rapport.compose.usage import access
from rapport.compose.usage.corrections import check_correction
from rapport.compose.usage.counters import (
    AUTOCOMPLETE,
    AUTOSUGGEST,
    CUSTOM_DRAWER,
    CUSTOM_INSERT,
    FLUENCY_APPLY,
    FLUENCY_UNDO,
    GLOBAL_INSERT,
    PHRASE_AUTOCOMPLETE,
)
from rapport.compose.usage.events import ActionTaken, MessageReported, usage_stream
from rapport.compose.usage.models import MessageAction, MessageReport
from rapport.compose.usage.schemas import Details, MessageAnalyticEvent, MessageSentEvent
from rapport.conversations.directory import Directory
from rapport.conversations.models import Message
from rapport.conversations.redaction import Redaction
from rapport.core import clock
from rapport.core.database import Database
from rapport.core.errors import Invalid, NotFound
from rapport.core.identity import Caller, actor_of
from rapport.core.ids import new_id
from rapport.core.log import Append, Log, Row, RowInsert

_REPORT = RowInsert(
    cast("Table", MessageReport.__table__),
    "message_id",
    "company_id",
    "environment",
    "conversation_id",
    "augmentation_type",
    "num_edits",
    "selected_suggestion_text",
    "selected_suggestions_id",
    "selected_suggestion_index",
    "initial_suggestions_id",
    "time_to_action",
    "crafting_time",
    "dwell_time",
    "phrase_autocomplete_presented_ct",
    "phrase_autocomplete_selected_ct",
    "source",
    "typed_characters",
    "reported_at",
)
_ACTION = RowInsert(
    cast("Table", MessageAction.__table__),
    "id",
    "company_id",
    "environment",
    "conversation_id",
    "agent",
    "type",
    "suggestions_id",
    "correction_id",
    "query",
    "text",
    "augmentation_type",
    "source",
    "typed_characters",
    "after_seq",
    "acted_at",
)
CHOSEN = {
    "suggestion-1-inserted": 1,
    "suggestion-2-inserted": 2,
    "suggestion-3-inserted": 3,
}
_NAMED = {
    "phrase-completion-accepted": PHRASE_AUTOCOMPLETE,
    "spellcheck-applied": FLUENCY_APPLY,
    "spellcheck-undone": FLUENCY_UNDO,
    "custom-response-drawer-inserted": CUSTOM_DRAWER,
    "custom-panel-inserted": CUSTOM_INSERT,
    "global-panel-inserted": GLOBAL_INSERT,
}
_SOURCES = {CUSTOM_DRAWER: "custom", CUSTOM_INSERT: "custom", GLOBAL_INSERT: "global"}


class Reporting(NamedTuple):
    """What it takes to take a report down."""

    database: Database
    log: Log
    directory: Directory
    redaction: Redaction
    sets: SuggestionSets


class _Chosen(NamedTuple):
    """A suggestion that was chosen: where it came from, and how much was typed before."""

    source: str = ""
    text: str = ""
    typed_characters: int = 0


async def report_sent(
    tools: Reporting, session: AsyncSession, caller: Caller, sent: MessageSentEvent
) -> None:
    """Take down how a message was written; told again it changes nothing (CMP-087..103).

    Raises NotFound for what is no stored message of an agent.
    """
    scope = caller.scope
    message = await access.reportable(
        session, tools.directory, caller, sent.message_id, sent.conversation_id
    )
    offered = None
    if sent.selected_suggestions_id:
        offered = await tools.sets.find(session, scope, sent.selected_suggestions_id)
    chosen = _chosen(offered, sent.selected_suggestion_index)
    text = await tools.redaction.redact_alone(scope, sent.selected_suggestion_text)
    numbers = (
        sent.time_to_action,
        sent.crafting_time,
        sent.dwell_time,
        sent.phrase_autocomplete_presented_ct,
        sent.phrase_autocomplete_selected_ct,
    )
    values = (
        message.id,
        *scope,
        message.conversation_id,
        msgspec.json.encode(sent.augmentation_type).decode(),
        sent.num_edits,
        text,
        sent.selected_suggestions_id,
        sent.selected_suggestion_index,
        sent.initial_suggestions_id,
        *numbers,
        chosen.source,
        chosen.typed_characters,
        clock.microseconds(clock.now()),
    )
    reported = MessageReported(
        message.id,
        sent.augmentation_type,
        sent.num_edits,
        sent.selected_suggestions_id,
        sent.selected_suggestion_index,
        sent.initial_suggestions_id,
        *numbers,
        chosen.source,
    )
    append = Append(
        stream=usage_stream(message.conversation_id, scope),
        events=[reported],
        actor=actor_of(caller),
        rows=[Row(_REPORT, values)],
        key=f"sent:{message.id}",
    )
    await tools.log.submit(append)


async def report_action(
    tools: Reporting,
    session: AsyncSession,
    caller: Caller,
    conversation_id: str,
    event: MessageAnalyticEvent,
) -> None:
    """Take down what an agent did while it wrote (CMP-104..111).

    Raises Invalid for details that do not fit, and NotFound for a set that was not offered in this
    conversation.
    """
    details = event.details()
    known = await conversation_of(caller, tools.directory, conversation_id)
    offered = await tools.sets.find(session, known.scope, event.suggestions_id)
    if offered is None or offered.conversation_id != known.id:
        raise NotFound(what="there is no such set of suggestions in this conversation")
    if details.correction_id is not None:
        await check_correction(tools.database, known.scope, details.correction_id)
    kind, chosen = _named(event, details, offered)
    action_id = new_id()
    values = (
        action_id,
        *known.scope,
        known.id,
        offered.agent,
        event.type,
        offered.id,
        details.correction_id or "",
        await tools.redaction.redact_alone(known.scope, details.query),
        await tools.redaction.redact_alone(known.scope, chosen.text),
        kind,
        chosen.source,
        chosen.typed_characters,
        await _seq_of(session, offered.previous_message_id),
        clock.microseconds(clock.now()),
    )
    taken = ActionTaken(
        action_id, event.type, offered.id, details.correction_id or "", chosen.source
    )
    append = Append(
        stream=usage_stream(known.id, known.scope),
        events=[taken],
        actor=actor_of(caller),
        rows=[Row(_ACTION, values)],
        # A correction is applied and undone once; a suggestion may be chosen again.
        key=f"{event.type}:{details.correction_id}" if details.correction_id else None,
    )
    await tools.log.submit(append)


def _named(event: MessageAnalyticEvent, details: Details, offered: Offered) -> tuple[str, _Chosen]:
    """Return how a message's list of usages names an action, and the text it brought."""
    place = CHOSEN.get(event.type)
    if place is None:
        kind = _NAMED[event.type]
        return kind, _Chosen(_SOURCES.get(kind, ""), details.text, 0)
    if place > len(offered.shown):
        raise Invalid(path="/type", problem=f"the set has {len(offered.shown)} suggestions")
    return AUTOCOMPLETE if offered.typed_characters else AUTOSUGGEST, _chosen(offered, place)


def _chosen(offered: Offered | None, place: int) -> _Chosen:
    if offered is None or not 1 <= place <= len(offered.shown):
        return _Chosen()
    shown = offered.shown[place - 1]
    return _Chosen(str(shown.source), shown.text, offered.typed_characters)


async def _seq_of(session: AsyncSession, message_id: str | None) -> int:
    if message_id is None:
        return 0
    return await session.scalar(select(Message.seq).where(Message.id == message_id)) or 0
