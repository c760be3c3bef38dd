"""Who may be helped to write in a conversation, and whose responses a caller may change."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.errors import NoAgent
from rapport.compose.models import Response
from rapport.conversations.access import check_may_see
from rapport.conversations.directory import Known
from rapport.conversations.errors import NotYours
from rapport.core.errors import NotFound
from rapport.core.identity import Caller, Scope


def check_may_write(caller: Caller, known: Known) -> None:
    """Raise NotFound for a conversation the person may not see, NotYours for one it only watches."""
    check_may_see(caller, known)
    if known.agent_person_id != caller.id:
        raise NotYours


def check_has_agent(known: Known) -> None:
    """Raise NoAgent when nobody is there to send what is suggested (PLT-080, CMP-027)."""
    if not known.has_agent:
        raise NoAgent


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
