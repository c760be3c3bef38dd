"""Reading and changing greetings: an agent's own, and the company's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.compose.greetings import access
from rapport.compose.greetings.events import GreetingsChanged
from rapport.compose.greetings.greeter import announce
from rapport.compose.greetings.models import AgentGreeting, GreetingPolicy
from rapport.compose.greetings.policy import Policy, Texts, is_on, policy_from, texts_for
from rapport.compose.switches.events import composer_stream
from rapport.conversations.redaction import Redaction
from rapport.core import clock
from rapport.core.bus import Bus
from rapport.core.database import WriteSession
from rapport.core.identity import Caller, Scope, actor_of
from rapport.core.log import Log


class Tools(NamedTuple):
    """What it takes to change a company's greetings."""

    log: Log
    bus: Bus
    redaction: Redaction


async def greetings(session: AsyncSession, scope: Scope, agent_id: str) -> Texts:
    """Return an agent's greetings: its own, else the company's (CMP-144)."""
    own = await access.own_of(session, scope, agent_id)
    return texts_for(await policy(session, scope), own)


async def set_texts(
    session: WriteSession, redaction: Redaction, scope: Scope, agent_id: str, wanted: Texts
) -> Texts:
    """Replace an agent's greetings; returns what was stored, which is redacted (CMP-145)."""
    own = await _own_to_change(session, scope, agent_id)
    kept = await _redacted(redaction, scope, wanted)
    own.generic, own.named = kept
    return kept


async def is_enabled(session: AsyncSession, scope: Scope, agent_id: str) -> bool:
    """Tell whether an agent has greetings on (CMP-146)."""
    own = await access.own_of(session, scope, agent_id)
    return is_on(await policy(session, scope), own)


async def enable(session: WriteSession, scope: Scope, agent_id: str, *, on: bool) -> bool:
    """Switch an agent's greetings on or off (CMP-146)."""
    own = await _own_to_change(session, scope, agent_id)
    own.enabled = on
    return on


async def policy(session: AsyncSession, scope: Scope) -> Policy:
    """Return what a company has decided."""
    return policy_from(await access.policy_of(session, scope))


async def change_policy(
    session: WriteSession, tools: Tools, caller: Caller, wanted: Mapping[str, Any]
) -> Policy:
    """Change some of a company's greetings; the rest stays (CMP-147..149).

    It holds for conversations whose first suggestions are asked for from then on, on all nodes.
    """
    scope = caller.scope
    # The event comes first: it takes the stream's lock, so two changes are in order.
    changed = GreetingsChanged(wanted.get("enabled"))
    await tools.log.append(session, composer_stream(scope), changed, actor=actor_of(caller))
    row = await access.policy_of(session, scope)
    after = policy_from(row)._replace(**wanted)
    texts = await _redacted(tools.redaction, scope, Texts(after.generic, after.named))
    after = after._replace(**texts._asdict())
    if row is None:
        row = GreetingPolicy(company_id=scope.company_id, environment=scope.environment)
        session.add(row)
    for name, value in after._asdict().items():
        setattr(row, name, value)
    row.updated_at = clock.now()
    await session.flush()
    record(session, caller, AuditEvent.UPDATE, Resource("greetings", "Autopilot greetings"))
    announce(session, tools.bus, scope)
    return after


async def _own_to_change(session: WriteSession, scope: Scope, agent_id: str) -> AgentGreeting:
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    first = dialect.insert(AgentGreeting).values(
        company_id=scope.company_id,
        environment=scope.environment,
        agent_id=agent_id,
        updated_at=clock.now(),
    )
    # Two first changes at once: one of them makes the row, both change it.
    await session.execute(first.on_conflict_do_nothing())
    own = await access.own_of(session, scope, agent_id)
    assert own is not None
    own.updated_at = clock.now()
    return own


async def _redacted(redaction: Redaction, scope: Scope, wanted: Texts) -> Texts:
    generic = await redaction.redact_alone(scope, wanted.generic)
    return Texts(generic, await redaction.redact_alone(scope, wanted.named))
