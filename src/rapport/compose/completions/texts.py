"""What phrases are made of: texts of the lists, and what agents said in conversations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.suggestions.candidates import Candidate
from rapport.compose.suggestions.inserts import (
    AGENT,
    AGENT_PLACE,
    CUSTOMER,
    CUSTOMER_PLACE,
    Dictionary,
    Template,
    generalise,
    place_of,
)
from rapport.compose.suggestions.listed import PAGED
from rapport.conversations.directory import Known
from rapport.conversations.events import SANDBOX
from rapport.conversations.models import Conversation, Message
from rapport.core.identity import Environment, Scope
from rapport.engines.completion import Line
from rapport.engines.completion.tokens import insert_norm

_INSERT = re.compile(r"\{([^{}]*)\}")
_NAMES = {CUSTOMER_PLACE: CUSTOMER, AGENT_PLACE: AGENT}
_NOTHING = Dictionary({})

# A text, its conversation, and its customer's and agent's names.
SaidRow: TypeAlias = Row[Any, Any, Any, Any]


async def said(session: AsyncSession, scope: Scope, conversations: int) -> Sequence[SaidRow]:
    """What agents of a company said in its latest conversations, as `lines_of` takes it.

    Conversations in production count for the sandbox, too: they tell how often a phrase is used.
    """
    environments = {scope.environment, Environment.PRODUCTION}
    latest = (
        select(Conversation.id, Conversation.customer_name, Conversation.agent_name)
        .where(Conversation.company_id == scope.company_id)
        .where(Conversation.environment.in_(environments), Conversation.channel != SANDBOX)
        .order_by(Conversation.opened_at.desc())
        .limit(conversations)
        .subquery()
    )
    found = await session.stream(
        select(Message.text, latest.c.id, latest.c.customer_name, latest.c.agent_name)
        .join(latest, latest.c.id == Message.conversation_id)
        .where(Message.role == "agent"),
        execution_options=PAGED,
    )
    return [row async for row in found]


def lines_of(rows: Iterable[SaidRow]) -> list[Line]:
    """What was said without the people's names; blocks for some 20 µs a row."""
    numbers: dict[str, int] = {}
    return [
        Line(generalise(text, customer, agent), numbers.setdefault(conversation_id, len(numbers)))
        for text, conversation_id, customer, agent in rows
    ]


def written(candidates: Sequence[Candidate]) -> list[str]:
    """The texts of a list, their inserts of the two people's names called as everywhere else.

    Blocks for some 20 µs a text.
    """
    return [_with_usual_names(each) for each in candidates]


def _with_usual_names(candidate: Candidate) -> str:
    bindings = Template(candidate.text, candidate.metadata).bindings

    def usual(found: re.Match[str]) -> str:
        place, *_ = bindings.get(found[1]) or (place_of(found[1], _NOTHING),)
        name = _NAMES.get(place)
        return found[0] if name is None else f"{{{name}}}"

    return _INSERT.sub(usual, candidate.text)


def values_in(known: Known) -> dict[str, str]:
    """What inserts stand for in a conversation: the two first names, where they are known."""
    names = {CUSTOMER: known.customer_name, AGENT: known.agent_name}
    return {
        insert_norm(insert)[1:-1]: name.split()[0]
        for insert, name in names.items()
        if name and not name.isspace()
    }
