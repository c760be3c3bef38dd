"""The only way to load a company's response in order to change it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.models import Response
from rapport.core.errors import NotFound
from rapport.core.identity import Scope


async def response_to_change(session: AsyncSession, scope: Scope, response_id: str) -> Response:
    """Return a company's response, held until the transaction ends. Raises NotFound."""
    query = select(Response).where(
        Response.id == response_id,
        Response.company_id == scope.company_id,
        Response.environment == scope.environment,
    )
    found = await session.scalar(query.with_for_update())
    if found is None:
        raise NotFound(what="there is no such response")
    return found
