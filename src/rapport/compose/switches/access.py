"""The only way to load client settings: by company and environment."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.switches.models import AgentSwitches, ComposerSwitches
from rapport.core.identity import Scope


async def defaults_of(session: AsyncSession, scope: Scope) -> ComposerSwitches | None:
    """Return a company's row, None while it has changed nothing."""
    return await session.get(ComposerSwitches, tuple(scope), populate_existing=True)


async def exception_for(session: AsyncSession, scope: Scope, agent_id: str) -> AgentSwitches | None:
    """Return an agent's row, None for one to whom the company's defaults apply."""
    return await session.get(AgentSwitches, (*scope, agent_id), populate_existing=True)


async def exceptions_of(session: AsyncSession, scope: Scope) -> Sequence[AgentSwitches]:
    """Return the rows of all agents for whom something differs."""
    query = select(AgentSwitches).where(
        AgentSwitches.company_id == scope.company_id,
        AgentSwitches.environment == scope.environment,
    )
    return (await session.scalars(query.order_by(AgentSwitches.agent_id))).all()
