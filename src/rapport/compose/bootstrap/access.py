"""The only way to load a company's proposals."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.bootstrap.models import ResponseProposal
from rapport.core.errors import NotFound
from rapport.core.identity import Scope


async def proposal_of(session: AsyncSession, scope: Scope, proposal_id: str) -> ResponseProposal:
    """Return a company's proposal. Raises NotFound."""
    found = await session.scalar(
        select(ResponseProposal).where(ResponseProposal.id == proposal_id, *_within(scope))
    )
    if found is None:
        raise NotFound(what="there is no such proposal")
    return found


async def proposals_of(
    session: AsyncSession, scope: Scope, limit: int
) -> Sequence[ResponseProposal]:
    """Return a company's proposals, latest first."""
    query = select(ResponseProposal).where(*_within(scope)).order_by(ResponseProposal.id.desc())
    return (await session.scalars(query.limit(limit))).all()


def _within(scope: Scope) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        ResponseProposal.company_id == scope.company_id,
        ResponseProposal.environment == scope.environment,
    )
