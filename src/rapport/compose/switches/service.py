"""Changing which help agents get."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.compose.switches import access
from rapport.compose.switches.board import (
    Defaults,
    Switches,
    announce,
    defaults_from,
    resolve,
)
from rapport.compose.switches.events import SwitchesChanged, composer_stream
from rapport.compose.switches.models import AgentSwitches, ComposerSwitches
from rapport.core import clock
from rapport.core.bus import Bus
from rapport.core.database import WriteSession
from rapport.core.errors import NotFound
from rapport.core.identity import Caller, Scope, actor_of
from rapport.core.log import Log

_RESOURCE = "composer_switches"


class Exceptional(NamedTuple):
    """An agent for whom something differs: its own values, and what then holds."""

    agent_id: str
    own: Mapping[str, bool | None]
    holds: Switches


async def defaults(session: AsyncSession, scope: Scope) -> Defaults:
    """Return what holds for a company's agents."""
    return defaults_from(await access.defaults_of(session, scope))


async def change_defaults(
    session: WriteSession,
    log: Log,
    bus: Bus,
    caller: Caller,
    wanted: Mapping[str, bool],
    control_share: int | None = None,
) -> Defaults:
    """Change some of a company's switches; the others stay. It holds on all nodes at once."""
    scope = caller.scope
    # The event comes first: it takes the stream's lock, so two changes are in order.
    await log.append(session, composer_stream(scope), SwitchesChanged(None), actor=actor_of(caller))
    row = await access.defaults_of(session, scope)
    before = defaults_from(row)
    share = before.control_share if control_share is None else control_share
    after = Defaults(before.switches._replace(**wanted), share)
    if after == before:
        return before
    if row is None:
        row = ComposerSwitches(company_id=scope.company_id, environment=scope.environment)
        session.add(row)
    for name, value in after.switches._asdict().items():
        setattr(row, name, value)
    row.control_share = after.control_share
    row.updated_at = clock.now()
    await session.flush()
    record(session, caller, AuditEvent.UPDATE, Resource(_RESOURCE, "All agents"))
    announce(session, bus, scope)
    return after


async def exceptions(session: AsyncSession, scope: Scope) -> list[Exceptional]:
    """Return the agents for whom something differs, by id."""
    general = await defaults(session, scope)
    return [_shown(scope, general, row) for row in await access.exceptions_of(session, scope)]


async def set_exception(
    session: WriteSession,
    log: Log,
    bus: Bus,
    caller: Caller,
    agent_id: str,
    own: Mapping[str, bool | None],
) -> Exceptional:
    """Replace what differs for one agent; None leaves a switch to the company (CMP-117)."""
    scope = caller.scope
    changed = SwitchesChanged(agent_id)
    await log.append(session, composer_stream(scope), changed, actor=actor_of(caller))
    row = await access.exception_for(session, scope, agent_id)
    event = AuditEvent.UPDATE if row else AuditEvent.CREATE
    if row is None:
        row = AgentSwitches(
            company_id=scope.company_id, environment=scope.environment, agent_id=agent_id
        )
        session.add(row)
    for name in Switches._fields:
        setattr(row, name, own.get(name))
    row.updated_at = clock.now()
    await session.flush()
    record(session, caller, event, _resource(agent_id))
    announce(session, bus, scope)
    return _shown(scope, await defaults(session, scope), row)


async def remove_exception(
    session: WriteSession, log: Log, bus: Bus, caller: Caller, agent_id: str
) -> None:
    """Leave an agent to the company's switches. Raises NotFound when nothing differed."""
    row = await access.exception_for(session, caller.scope, agent_id)
    if row is None:
        raise NotFound(what="nothing differs for this agent")
    changed = SwitchesChanged(agent_id)
    await log.append(session, composer_stream(caller.scope), changed, actor=actor_of(caller))
    await session.delete(row)
    await session.flush()
    record(session, caller, AuditEvent.DELETE, _resource(agent_id))
    announce(session, bus, caller.scope)


def _shown(scope: Scope, general: Defaults, row: AgentSwitches) -> Exceptional:
    own = {name: getattr(row, name) for name in Switches._fields}
    return Exceptional(row.agent_id, own, resolve(scope, row.agent_id, general, row))


def _resource(agent_id: str) -> Resource:
    # An entry names its resource in 254 characters and an id in 64.
    return Resource(_RESOURCE, agent_id[:254], agent_id if len(agent_id) <= 64 else None)
