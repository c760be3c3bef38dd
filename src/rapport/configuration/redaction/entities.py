"""Switching entities on and off (PLT-105..115)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.configuration.redaction import access
from rapport.configuration.redaction.events import RedactionPolicyChanged, redaction_stream
from rapport.configuration.redaction.models import RedactionSwitch
from rapport.configuration.redaction.policies import DEFAULTS, Policy, Switches
from rapport.configuration.redaction.redactors import announce
from rapport.core.bus import Bus
from rapport.core.database import WriteSession
from rapport.core.errors import Forbidden, Invalid
from rapport.core.identity import Caller, Scope, actor_of
from rapport.core.log import Log
from rapport.engines.redaction import CATALOGUE, Entity


class LockedEntity(Forbidden):
    """Payment card data is always hidden (PLT-114). Facts: `entity`."""

    sentence = (
        "Forbidden: {entity} protects payment cards and stays on; switching it off needs the "
        "approval of whoever runs this installation"
    )


class Switched(NamedTuple):
    """An entity with its policies in one environment."""

    entity: Entity
    switches: Switches


class Page(NamedTuple):
    """Some entities of the list; cursors of its neighbours, None at either end."""

    items: Sequence[Switched]
    following: str | None
    preceding: str | None


async def page(
    session: AsyncSession,
    scope: Scope,
    *,
    cursor: str | None,
    limit: int,
    active: bool | None = None,
) -> Page:
    """List entities in the order of the catalogue; `active` keeps those of one state (PLT-106).

    A cursor is the id of an entity: pages stay in place when the catalogue grows behind them.
    Raises Invalid for a cursor of another list.
    """
    current = await access.switches_of(session, scope)
    ids = list(CATALOGUE)
    first = _place(ids, cursor)
    chosen = [id for id in ids if active is None or is_active(current[id]) is active]
    before = [id for id in chosen if ids.index(id) < first]
    rest = chosen[len(before) :]
    return Page(
        [Switched(CATALOGUE[id], current[id]) for id in rest[:limit]],
        rest[limit] if len(rest) > limit else None,
        before[max(0, len(before) - limit)] if before else None,
    )


def _place(ids: Sequence[str], cursor: str | None) -> int:
    if cursor is None:
        return 0
    if cursor not in ids:
        raise Invalid(path="/cursor", problem="is no cursor of this list")
    return ids.index(cursor)


def is_active(switches: Switches) -> bool:
    """Tell what the older routes call active: hidden in transcripts (platform 3.8)."""
    return switches[Policy.AUTO_TRANSCRIBE]


async def show(session: AsyncSession, scope: Scope, entity_id: str) -> Switched:
    """Return one entity with its policies. Raises NotFound (PLT-107)."""
    entity = access.entity_named(entity_id)
    row = await access.switch_for(session, scope, entity)
    return Switched(entity, DEFAULTS[entity.id] if row is None else access.switches(row))


async def switch(
    session: WriteSession,
    log: Log,
    bus: Bus,
    caller: Caller,
    entity_id: str,
    wanted: Mapping[Policy, bool],
) -> Switched:
    """Change some of an entity's policies in the caller's environment (PLT-108, PLT-111).

    It holds for what is said after the commit: on this node at once, on others as soon as they
    have read the event. Raises NotFound, and LockedEntity for switching card data off.
    """
    entity = access.entity_named(entity_id)
    if entity.is_locked and not all(wanted.values()):
        raise LockedEntity(entity=entity.id)
    if _settled(await show(session, caller.scope, entity_id), wanted):
        return await show(session, caller.scope, entity_id)
    # The event comes first: it takes the stream's lock, so two changes of one entity are in order.
    stream = redaction_stream(caller.scope)
    changed = RedactionPolicyChanged(entity.id, {str(name): on for name, on in wanted.items()})
    await log.append(session, stream, changed, actor=actor_of(caller))
    row = await access.switch_for(session, caller.scope, entity)
    if row is None:
        row = _row(caller.scope, entity)
        session.add(row)
    for policy, on in wanted.items():
        setattr(row, policy.name.lower(), on)
    await session.flush()
    record(session, caller, AuditEvent.UPDATE, Resource("redaction_entity", entity.id))
    announce(session, bus, caller.scope)
    return Switched(entity, access.switches(row))


def _settled(current: Switched, wanted: Mapping[Policy, bool]) -> bool:
    return all(current.switches[policy] == on for policy, on in wanted.items())


def _row(scope: Scope, entity: Entity) -> RedactionSwitch:
    defaults = {policy.name.lower(): on for policy, on in DEFAULTS[entity.id].items()}
    return RedactionSwitch(
        company_id=scope.company_id,
        environment=scope.environment,
        entity=entity.id,
        **defaults,
    )
