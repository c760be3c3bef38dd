"""Reading conversations as lists show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.conversations.activity import Activity, ConversationActivity, activities
from rapport.conversations.events import SANDBOX
from rapport.conversations.models import Conversation, Mark, Message, Note
from rapport.core import clock
from rapport.core.errors import Invalid
from rapport.core.identity import Scope


class Summarised(NamedTuple):
    """A conversation, what is going on in it, and how much of it its agent has not read."""

    conversation: Conversation
    activity: Activity | None
    unread: int


class Wanted(NamedTuple):
    """Which conversations a supervisor asks for."""

    is_live: bool
    search: str | None
    limit: int
    cursor: str | None


async def own(session: AsyncSession, scope: Scope, person_id: str) -> Sequence[Summarised]:
    """Return the conversations that an agent serves, in the order in which they began."""
    query = _summaries(scope).where(
        Conversation.agent_person_id == person_id,
        Conversation.ended_at.is_(None),
        Conversation.channel != SANDBOX,
    )
    return await _read(session, scope, query.order_by(Conversation.opened_at, Conversation.id))


async def one(session: AsyncSession, scope: Scope, conversation_id: str) -> Summarised:
    """Return one conversation that is known to exist."""
    query = _summaries(scope).where(Conversation.id == conversation_id)
    return (await _read(session, scope, query))[0]


async def page(
    session: AsyncSession, scope: Scope, wanted: Wanted
) -> tuple[Sequence[Summarised], str | None]:
    """Return a page of live conversations, or of ended ones, latest first, and where the next begins."""
    at: Any = Conversation.opened_at if wanted.is_live else Conversation.ended_at
    query = _summaries(scope).where(
        Conversation.ended_at.is_(None) if wanted.is_live else Conversation.ended_at.is_not(None),
        Conversation.channel != SANDBOX,
    )
    if wanted.search:
        query = query.where(_mentions(wanted.search))
    if wanted.cursor is not None:
        query = query.where(tuple_(at, Conversation.id) < _place(wanted.cursor))
    ordered = query.order_by(at.desc(), Conversation.id.desc()).limit(wanted.limit + 1)
    found = await _read(session, scope, ordered)
    shown = found[: wanted.limit]
    return shown, _cursor(shown[-1], wanted.is_live) if len(found) > len(shown) else None


async def notes_of(session: AsyncSession, conversation_id: str) -> Sequence[Note]:
    """Return what agents wrote down about a conversation, oldest first."""
    query = select(Note).where(Note.conversation_id == conversation_id).order_by(Note.written_at)
    return (await session.scalars(query)).all()


def _summaries(scope: Scope) -> Select[Any]:
    read_by_agent = (Mark.conversation_id == Conversation.id) & (Mark.role == "agent")
    unread = (
        select(func.count())
        .where(
            Message.conversation_id == Conversation.id,
            Message.role == "customer",
            Message.seq > func.coalesce(Mark.read, 0),
        )
        .correlate(Conversation, Mark)
        .scalar_subquery()
    )
    return (
        select(Conversation, unread)
        .outerjoin(ConversationActivity, ConversationActivity.conversation_id == Conversation.id)
        .outerjoin(Mark, read_by_agent)
        .where(
            Conversation.company_id == scope.company_id,
            Conversation.environment == scope.environment,
        )
    )


async def _read(session: AsyncSession, scope: Scope, query: Select[Any]) -> list[Summarised]:
    rows = (await session.execute(query)).all()
    active = await activities(session, scope, [conversation.id for conversation, _ in rows])
    return [Summarised(found, active.get(found.id), unread) for found, unread in rows]


def _mentions(search: str) -> ColumnElement[bool]:
    wanted = search.lower()
    places: tuple[Any, ...] = (
        Conversation.customer_name,
        Conversation.customer_external_id,
        ConversationActivity.last_text,
    )
    return or_(*(func.lower(place).contains(wanted, autoescape=True) for place in places))


def _cursor(last: Summarised, is_live: bool) -> str:
    conversation = last.conversation
    at = conversation.opened_at if is_live else conversation.ended_at
    assert at is not None
    return f"{clock.microseconds(at)}.{conversation.id}"


def _place(cursor: str) -> tuple[datetime, str]:
    at, _, conversation_id = cursor.partition(".")
    if not at.isdecimal() or len(at) > 17 or not conversation_id:
        raise Invalid(path="/cursor", problem="is no cursor of this list")
    return clock.from_microseconds(int(at)), conversation_id
