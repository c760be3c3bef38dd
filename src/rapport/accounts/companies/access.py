"""Finding companies: by the marker people know, or by the id a caller carries."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.companies.models import Company
from rapport.core.errors import NotFound
from rapport.core.identity import Caller


async def company_by_marker(session: AsyncSession, marker: str) -> Company:
    """Return the company that a marker names (PLT-159). Raises NotFound."""
    company = await session.scalar(select(Company).where(Company.marker == marker.lower()))
    if company is None:
        raise NotFound(what="company")
    return company


async def company_of(session: AsyncSession, caller: Caller) -> Company:
    """Return the caller's own company."""
    company = await session.get(Company, caller.scope.company_id)
    if company is None:
        raise NotFound(what="company")
    return company
