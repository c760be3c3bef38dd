"""What the tables hold that may be offered, or has a say: read for the shelf, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.orm import Session

from rapport.accounts.companies.models import Company
from rapport.accounts.companies.service import settings_of
from rapport.compose.customs.models import CustomResponse
from rapport.compose.globals.dictionary import inserts
from rapport.compose.globals.models import GlobalResponse
from rapport.compose.globals.reading import deployed_to, stand_in
from rapport.compose.models import PastReply, TextVector
from rapport.compose.suggestions.candidates import Candidate, Item, Source, unpacked
from rapport.compose.suggestions.inserts import Dictionary
from rapport.core.database import ReadSession
from rapport.core.identity import Scope
from rapport.engines.retrieval import Document

# Rows read at once, some 1 MB: whoever else is served waits for no more than these to be made sense of.
PAGE = 500
PAGED = {"yield_per": PAGE}

# Id, agent, and both vectors.
_Answers: TypeAlias = Select[Any, Any, Any, Any]
_AnswerRow: TypeAlias = Row[Any, Any, Any, Any]


async def globals_of(session: ReadSession, scope: Scope) -> Sequence[Candidate]:
    """The version of the global list that an environment uses now (CMP-033, CMP-043)."""
    found = await session.stream(
        select(
            GlobalResponse.response_id,
            GlobalResponse.text,
            GlobalResponse.title,
            GlobalResponse.conditions,
            TextVector.vector,
        )
        .outerjoin(TextVector, _means(GlobalResponse))
        .where(stand_in(GlobalResponse, scope.company_id, deployed_to(scope)))
        .order_by(GlobalResponse.response_id),
        execution_options=PAGED,
    )
    return [_candidate(Source.GLOBAL, *row) async for row in found]


async def customs_of(session: ReadSession, scope: Scope, agent: str) -> Sequence[Candidate]:
    """An agent's own responses (CMP-034, CMP-059)."""
    found = await session.execute(
        select(
            CustomResponse.id,
            CustomResponse.text,
            CustomResponse.title,
            CustomResponse.conditions,
            TextVector.vector,
        )
        .outerjoin(TextVector, _means(CustomResponse))
        .where(
            CustomResponse.company_id == scope.company_id,
            CustomResponse.environment == scope.environment,
            CustomResponse.agent_id == agent,
        )
        .order_by(CustomResponse.id)
    )
    return [_candidate(Source.CUSTOM, *row) for row in found]


def dictionary_of(session: Session, scope: Scope) -> Dictionary:
    """What a company's inserts stand for, and its time zone (CMP-053, CMP-056)."""
    keys = session.scalars(inserts(scope.company_id))
    company = session.get(Company, scope.company_id)
    zone = "" if company is None else settings_of(company).time_zone
    return Dictionary({key: f"metadata.{key}" for key in keys}, zone)


def _means(table: type[GlobalResponse] | type[CustomResponse]) -> ColumnElement[bool]:
    return and_(
        TextVector.company_id == table.company_id, TextVector.fingerprint == table.fingerprint
    )


def _candidate(
    source: Source,
    response_id: str,
    text: str,
    title: str,
    conditions: Sequence[dict[str, Any]],
    vector: bytes | None,
) -> Candidate:
    items = tuple(Item(each["name"], tuple(each["allowedValues"])) for each in conditions)
    meaning = None if vector is None else unpacked(vector)
    return Candidate(response_id, source, text, title, items, meaning)


def answers(scope: Scope, ids: Sequence[str] | None = None) -> _Answers:
    """What agents of a company answered, newest first, or some of it."""
    query = select(PastReply.id, PastReply.agent, PastReply.situation, PastReply.meaning).where(
        PastReply.company_id == scope.company_id,
        PastReply.environment == scope.environment,
        PastReply.meaning.is_not(None),
    )
    if ids is not None:
        return query.where(PastReply.id.in_(ids))
    return query.order_by(PastReply.id.desc())


async def pages(session: ReadSession, query: _Answers) -> AsyncIterator[Sequence[Document]]:
    """Read answers page by page."""
    found = await session.stream(query, execution_options=PAGED)
    async for page in found.partitions(PAGE):
        yield answers_of(page)


def answers_of(rows: Iterable[_AnswerRow]) -> list[Document]:
    """Answers as an index takes them: nobody finds one by its words, so that these stay away."""
    return [
        Document(key, "", unpacked(situation), unpacked(meaning), labels=frozenset({agent or ""}))
        for key, agent, situation, meaning in rows
    ]
