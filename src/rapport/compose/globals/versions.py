"""Saving the draft as a version, and putting versions to work."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.compose.globals import access
from rapport.compose.globals.dictionary import check_inserts
from rapport.compose.globals.draft import RESOURCE, Draft, hold
from rapport.compose.globals.events import ResponsesDeployed, ResponsesSaved, stream_of
from rapport.compose.globals.models import GlobalResponse, ListDeployment, ListVersion
from rapport.compose.globals.reading import stand_in, version_in_use
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.errors import Conflict
from rapport.core.identity import Caller, Environment, Scope, actor_of
from rapport.core.ids import new_id
from rapport.core.log import Log


class NothingDeployed(Conflict):
    """There is nothing to take away."""

    sentence = "Conflict: no version is deployed to {environment}"


async def save(
    session: WriteSession, log: Log, caller: Caller, based_on: int, description: str
) -> ListVersion:
    """Save the draft as the next version (CMP-193).

    Raises DraftChanged when it holds what the caller had not read, and UnknownInserts.
    """
    draft = await hold(session, caller, based_on, None)
    await check_inserts(session, draft.company_id, draft.number)
    return await keep(draft, log, description, draft.list.origin)


async def keep(draft: Draft, log: Log, description: str, origin: str) -> ListVersion:
    """Make the draft a version as it stands; the draft goes on from there."""
    session, caller = draft.session, draft.caller
    await session.flush()
    count = await session.scalar(
        select(func.count())
        .select_from(GlobalResponse)
        .where(stand_in(GlobalResponse, draft.company_id, draft.number))
    )
    version = ListVersion(
        id=new_id(),
        company_id=draft.company_id,
        number=draft.number,
        description=description,
        origin=origin,
        count=count or 0,
        author=caller.name or caller.id,
        created_at=clock.now(),
    )
    session.add(version)
    draft.list.saved, draft.list.origin = version.number, "save"
    saved = ResponsesSaved(version.number, version.count)
    await log.append(session, stream_of(caller.scope), saved, actor=actor_of(caller))
    record(session, caller, AuditEvent.CREATE, _resource(version))
    return version


async def deploy(
    session: WriteSession, log: Log, caller: Caller, environment: Environment, version_id: str
) -> ListDeployment:
    """Have an environment use a version instead of what it used until now (CMP-195, CMP-196).

    Raises NotFound.
    """
    draft = await hold(session, caller)
    version = await access.version_of(session, draft.company_id, version_id)
    deployed = await _deploy(draft, log, environment, version.number)
    record(session, caller, AuditEvent.DEPLOY, _resource(version), environment=environment)
    return deployed


async def undeploy(
    session: WriteSession, log: Log, caller: Caller, environment: Environment
) -> ListDeployment:
    """Have an environment use no version any more. Raises NothingDeployed."""
    draft = await hold(session, caller)
    version = await version_in_use(session, Scope(caller.scope.company_id, environment))
    if version is None:
        raise NothingDeployed(environment=environment)
    deployed = await _deploy(draft, log, environment, None)
    record(session, caller, AuditEvent.UNDEPLOY, _resource(version), environment=environment)
    return deployed


async def _deploy(
    draft: Draft, log: Log, environment: Environment, version: int | None
) -> ListDeployment:
    scope = Scope(draft.caller.scope.company_id, environment)
    last = await draft.session.scalar(_history(scope).limit(1))
    deployed = ListDeployment(
        company_id=scope.company_id,
        environment=environment,
        number=last.number + 1 if last else 1,
        version=version,
        author=draft.caller.name or draft.caller.id,
        at=clock.now(),
    )
    draft.session.add(deployed)
    event = ResponsesDeployed(version)
    await log.append(draft.session, stream_of(scope), event, actor=actor_of(draft.caller))
    return deployed


async def deployments(session: AsyncSession, scope: Scope, limit: int) -> Sequence[ListDeployment]:
    """Return what an environment used, latest first."""
    return (await session.scalars(_history(scope).limit(limit))).all()


def _history(scope: Scope) -> Select[ListDeployment]:
    return (
        select(ListDeployment)
        .where(
            ListDeployment.company_id == scope.company_id,
            ListDeployment.environment == scope.environment,
        )
        .order_by(ListDeployment.number.desc())
    )


async def saved_versions(
    session: AsyncSession, company_id: str, *, before: int | None, limit: int
) -> tuple[Sequence[ListVersion], int | None]:
    """Return versions, latest first, and before which number the next page begins (CMP-198)."""
    query = select(ListVersion).where(ListVersion.company_id == company_id)
    if before is not None:
        query = query.where(ListVersion.number < before)
    found = (
        await session.scalars(query.order_by(ListVersion.number.desc()).limit(limit + 1))
    ).all()
    return found[:limit], found[limit - 1].number if len(found) > limit else None


def _resource(version: ListVersion) -> Resource:
    return Resource(RESOURCE, f"version {version.number}", version.id)
