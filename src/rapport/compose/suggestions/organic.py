"""The organic list: what an agent says again and again, found without anybody's doing (CMP-035..038).

A text counts once for each conversation it is said in. Only texts that hold nothing of one customer
are written down at all (`anonymous`); one is offered to its agent once it has said it to several
customers, and to all agents once several have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Row, delete, func, select

from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.candidates import Candidate, Source, unpacked
from rapport.compose.suggestions.inserts import Template
from rapport.compose.suggestions.models import OrganicText, OrganicUse
from rapport.core import clock
from rapport.core.database import ReadSession, WriteSession
from rapport.core.identity import Scope

# The texts an agent says most often, and those that all say.
OWN_MOST = 1_000
COMMON_MOST = 5_000
# Rows read at once: in between others are served.
AT_ONCE = 500


# Id, text and vector; of an agent's own also in how many conversations and to how many customers.
CommonRow: TypeAlias = Row[Any, Any, Any]
OwnRow: TypeAlias = Row[Any, Any, Any, Any, Any]


class Own(NamedTuple):
    """An agent's organic list, and what it says how often, see `Template.saying`."""

    candidates: Sequence[Candidate]
    habits: Mapping[str, float]


async def own(session: ReadSession, scope: Scope, agent: str) -> Sequence[OwnRow]:
    """Read what an agent says again and again, as `own_of` takes it."""
    conversations = func.count()
    customers = func.count(OrganicUse.customer_id.distinct())
    found = await session.execute(
        select(OrganicText.id, OrganicText.text, OrganicText.vector, conversations, customers)
        .join(OrganicUse, OrganicUse.text_id == OrganicText.id)
        .where(*_within(OrganicUse, scope), OrganicUse.agent == agent)
        .where(OrganicText.vector.is_not(None))
        .group_by(OrganicText.id)
        .order_by(conversations.desc(), OrganicText.id)
        .limit(OWN_MOST)
    )
    return found.all()


def own_of(rows: Sequence[OwnRow], settings: ComposeSettings) -> Own:
    """An agent's organic list; blocks for 20 µs a row."""
    candidates, habits = [], {}
    for text_id, text, vector, times, customers in rows:
        habits[Template(text).saying] = float(times)
        if times >= settings.organic_conversations and customers >= settings.organic_customers:
            candidates.append(_candidate(text_id, text, vector))
    return Own(candidates, habits)


async def common(
    session: ReadSession, scope: Scope, settings: ComposeSettings
) -> Sequence[CommonRow]:
    """Read what many agents of a company say, as `candidates_of` takes it; nothing where that is off."""
    if not settings.shared_agents:
        return []
    found = await session.stream(
        select(OrganicText.id, OrganicText.text, OrganicText.vector)
        .where(*_within(OrganicText, scope), OrganicText.is_common, OrganicText.vector.is_not(None))
        .order_by(OrganicText.id)
        .limit(COMMON_MOST),
        execution_options={"yield_per": AT_ONCE},
    )
    return [row async for row in found]


def candidates_of(rows: Sequence[CommonRow]) -> Sequence[Candidate]:
    """What all agents say as candidates; blocks for some µs a row."""
    return [_candidate(*row) for row in rows]


async def users_of(session: WriteSession, text_ids: Sequence[str]) -> Sequence[str]:
    """The agents who have said some texts in several conversations."""
    found = await session.scalars(
        select(OrganicUse.agent)
        .where(OrganicUse.text_id.in_(text_ids))
        .group_by(OrganicUse.text_id, OrganicUse.agent)
        .having(func.count() > 1)
    )
    return sorted(set(found))


async def waiting(session: ReadSession, limit: int) -> Sequence[OrganicText]:
    """Texts of all companies that are offered once they are embedded."""
    query = select(OrganicText).where(OrganicText.wanted, OrganicText.vector.is_(None))
    return (await session.scalars(query.order_by(OrganicText.id).limit(limit))).all()


async def forget_rare(session: WriteSession, scope: Scope, settings: ComposeSettings) -> None:
    """Delete what was said long ago and never often."""
    before = clock.now() - timedelta(days=settings.organic_days)
    rare = select(OrganicText.id).where(
        *_within(OrganicText, scope), ~OrganicText.wanted, OrganicText.said_at < before
    )
    await session.execute(delete(OrganicUse).where(OrganicUse.text_id.in_(rare)))
    await session.execute(delete(OrganicText).where(OrganicText.id.in_(rare)))


def _candidate(text_id: str, text: str, vector: bytes) -> Candidate:
    return Candidate(text_id, Source.ORGANIC, text, vector=unpacked(vector))


def _within(table: Any, scope: Scope) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.company_id == scope.company_id, table.environment == scope.environment
