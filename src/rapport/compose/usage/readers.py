"""Keeps messages' usages and the sums of days from the log, a batch of events in few statements.

What a batch touches is made anew from the facts and written together with the reader's cursor: nothing
is counted twice, and a late report finds its message.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from rapport.accounts.companies.models import Company
from rapport.accounts.companies.service import settings_of
from rapport.compose.greetings.models import GreetingOffer
from rapport.compose.usage.amounts import Told, amounts_of
from rapport.compose.usage.events import ActionTaken, MessageReported
from rapport.compose.usage.models import (
    MessageAction,
    MessageReport,
    MessageUsage,
    UsageAgent,
    UsageDay,
)
from rapport.conversations.events import SANDBOX, MessageSent
from rapport.conversations.models import Conversation, Message
from rapport.core.database.bulk import Change, Update, Upsert
from rapport.core.log import Recorded
from rapport.core.readers import BatchReader

# Nobody waits for a count: a batch costs little more than a single event.
_PACE_SECONDS = 0.25
_QUEUE_KEYS = ("queue", "queue_name")
_QUEUE_LENGTH = 200

Row = dict[str, Any]


def usage_reader() -> BatchReader:
    """Return the reader that keeps `message_usage` and `usage_day`."""
    reads = (MessageSent, MessageReported, ActionTaken)
    return BatchReader("compose_usage", reads, _changes, pace_seconds=_PACE_SECONDS)


class _Said(NamedTuple):
    """An agent's message as its event tells it."""

    recorded: Recorded
    sent: MessageSent

    @property
    def conversation(self) -> str:
        return self.recorded.stream_id


def _changes(session: Session, events: Sequence[Recorded]) -> Sequence[Change]:
    said = [_Said(each, each.decode(MessageSent)) for each in events if each.is_a(MessageSent)]
    reported = [
        each.decode(MessageReported).message for each in events if each.is_a(MessageReported)
    ]
    said = [each for each in said if each.sent.role == "agent"]
    played = _played(session, {each.conversation for each in said})
    said = [each for each in said if each.conversation not in played]
    linked = _linked(session, {each.stream_id for each in events})
    touched = {*reported, *linked.values(), *(each.sent.message for each in said)}
    before = _usages(session, touched)
    rows = {**_new_rows(session, said), **before}
    changed = _counted(session, rows, linked)
    return [
        Update(_ACTION, ("id", "message_id"), list(linked.items())),
        *_put(_USAGE, changed),
        *_days(before, changed),
        *_put(_AGENT, _names(said)),
    ]


def _played(session: Session, conversations: set[str]) -> set[str]:
    """Those of some conversations that somebody plays alone: they count in no figure."""
    query = select(Conversation.id).where(Conversation.channel == SANDBOX)
    return set(session.scalars(query.where(Conversation.id.in_(conversations))))


def _linked(session: Session, conversations: set[str]) -> dict[str, str]:
    """The message that each loose action's agent sent next, by the action's id (CMP-110)."""
    loose = session.execute(
        select(
            MessageAction.id,
            MessageAction.conversation_id,
            MessageAction.agent,
            MessageAction.after_seq,
        ).where(
            MessageAction.conversation_id.in_(conversations), MessageAction.message_id.is_(None)
        )
    ).all()
    if not loose:
        return {}
    said = session.execute(
        select(Message.conversation_id, Message.sender_external_id, Message.seq, Message.id)
        .where(
            Message.conversation_id.in_({action.conversation_id for action in loose}),
            Message.role == "agent",
        )
        .order_by(Message.seq)
    )
    by_agent: defaultdict[tuple[str, str | None], list[tuple[int, str]]] = defaultdict(list)
    for conversation, agent, seq, message in said:
        by_agent[conversation, agent].append((seq, message))
    found = {}
    for action in loose:
        candidates = by_agent[action.conversation_id, action.agent]
        following = next((m for seq, m in candidates if seq > action.after_seq), None)
        if following is not None:
            found[action.id] = following
    return found


_USAGE = cast("Table", MessageUsage.__table__)
_ACTION = cast("Table", MessageAction.__table__)
_AGENT = cast("Table", UsageAgent.__table__)
_DAY = cast("Table", UsageDay.__table__)


def _usages(session: Session, messages: Iterable[str]) -> dict[str, Row]:
    query = select(_USAGE).where(_USAGE.c.message_id.in_(set(messages)))
    return {row.message_id: dict(row._mapping) for row in session.execute(query)}


def _new_rows(session: Session, said: Sequence[_Said]) -> dict[str, Row]:
    """The rows of messages as long as nothing is reported of them."""
    zones = _zones(session, {each.recorded.scope.company_id for each in said})
    queues = _queues(session, {each.conversation for each in said})
    greetings = _greetings(session, {each.conversation for each in said})
    rows = {}
    for each in said:
        scope = each.recorded.scope
        sent_at = datetime.fromisoformat(each.sent.sent_at)
        text = greetings.get(each.conversation)
        rows[each.sent.message] = {
            "message_id": each.sent.message,
            "company_id": scope.company_id,
            "environment": scope.environment,
            "conversation_id": each.conversation,
            "seq": each.recorded.seq,
            "agent": each.sent.sender or "",
            "queue": queues.get(each.conversation, ""),
            "day": sent_at.astimezone(zones[scope.company_id]).date().isoformat(),
            "source": "",
            "characters": len(each.sent.text),
            "is_greeting": text is not None and text == each.sent.text,
            "amounts": {},
        }
    return rows


def _zones(session: Session, companies: set[str]) -> defaultdict[str, ZoneInfo]:
    found = session.scalars(select(Company).where(Company.id.in_(companies)))
    zones = {company.id: ZoneInfo(settings_of(company).time_zone) for company in found}
    return defaultdict(lambda: ZoneInfo("UTC"), zones)


def _queues(session: Session, conversations: set[str]) -> dict[str, str]:
    """The queues that conversations' metadata names."""
    query = select(Conversation.id, Conversation.extra).where(Conversation.id.in_(conversations))
    return {conversation: _queue(metadata) for conversation, metadata in session.execute(query)}


def _queue(metadata: Mapping[str, Any] | None) -> str:
    named = [(metadata or {}).get(key) for key in _QUEUE_KEYS]
    return next((name for name in named if isinstance(name, str) and name), "")[:_QUEUE_LENGTH]


def _greetings(session: Session, conversations: set[str]) -> dict[str, str | None]:
    query = select(GreetingOffer.conversation_id, GreetingOffer.text)
    found = session.execute(query.where(GreetingOffer.conversation_id.in_(conversations)))
    return {row[0]: row[1] for row in found}


def _counted(session: Session, rows: Mapping[str, Row], linked: Mapping[str, str]) -> list[Row]:
    """The rows with what they amount to by all that is reported of them."""
    if not rows:
        return []
    reports = session.scalars(select(MessageReport).where(MessageReport.message_id.in_(rows)))
    by_message = {report.message_id: report for report in reports}
    actions: defaultdict[str | None, list[MessageAction]] = defaultdict(list)
    taken = select(MessageAction).where(
        or_(MessageAction.message_id.in_(rows), MessageAction.id.in_(linked))
    )
    for action in session.scalars(taken.order_by(MessageAction.seq)):
        actions[linked.get(action.id, action.message_id)].append(action)
    counted = []
    for message, row in rows.items():
        told = Told(
            row["characters"], row["is_greeting"], by_message.get(message), actions[message]
        )
        counted.append(
            {
                **row,
                "source": told.source,
                "is_greeting": told.is_greeting,
                "amounts": amounts_of(told),
            }
        )
    return counted


_KEYS = ("company_id", "environment", "day", "agent", "queue", "source")
MEASURES = tuple(column.name for column in UsageDay.__table__.columns if column.name not in _KEYS)


def _days(before: Mapping[str, Row], after: Iterable[Row]) -> list[Change]:
    """What to add to the days: what the rows amount to now, less what they amounted to."""
    added: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for row in after:
        added[_key(row)].update(row["amounts"])
    for row in before.values():
        added[_key(row)].subtract(row["amounts"])
    days = [
        (*key, *(amounts[name] for name in MEASURES))
        for key, amounts in sorted(added.items())
        if any(amounts.values())
    ]
    return [Upsert(_DAY, (*_KEYS, *MEASURES), days, summed=frozenset(MEASURES))]


def _key(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in _KEYS)


def _names(said: Iterable[_Said]) -> list[Row]:
    names = {
        (*each.recorded.scope, each.sent.sender or ""): each.recorded.who().name for each in said
    }
    return [
        {"company_id": company, "environment": environment, "agent": agent, "name": name[:255]}
        for (company, environment, agent), name in sorted(names.items())
        if name
    ]


def _put(table: Table, rows: Sequence[Row]) -> list[Change]:
    """Rows of a table, to be written over those that are there."""
    if not rows:
        return []
    columns = tuple(rows[0])
    return [Upsert(table, columns, [tuple(row[name] for name in columns) for row in rows])]
