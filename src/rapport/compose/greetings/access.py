"""The only way to load greetings: by company and environment."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.greetings.models import AgentGreeting, GreetingPolicy
from rapport.core.identity import Scope


async def policy_of(session: AsyncSession, scope: Scope) -> GreetingPolicy | None:
    """Return a company's row, None while it has changed nothing."""
    return await session.get(GreetingPolicy, tuple(scope), populate_existing=True)


async def own_of(session: AsyncSession, scope: Scope, agent_id: str) -> AgentGreeting | None:
    """Return an agent's row, None while it has changed nothing."""
    return await session.get(AgentGreeting, (*scope, agent_id), populate_existing=True)
