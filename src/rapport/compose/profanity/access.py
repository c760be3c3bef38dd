"""The only way to load companies' own terms."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.profanity.models import BlocklistTerm
from rapport.core.errors import NotFound
from rapport.core.ids import CompanyId


async def terms_of(session: AsyncSession, company_id: CompanyId) -> Sequence[BlocklistTerm]:
    """Return a company's terms in the order of the alphabet."""
    query = select(BlocklistTerm).where(BlocklistTerm.company_id == company_id)
    return (await session.scalars(query.order_by(BlocklistTerm.folded, BlocklistTerm.id))).all()


async def term_for(session: AsyncSession, company_id: CompanyId, term_id: str) -> BlocklistTerm:
    """Return a term of a company. Raises NotFound."""
    term = await session.get(BlocklistTerm, term_id)
    if term is None or term.company_id != company_id:
        raise NotFound(what="there is no such term")
    return term
