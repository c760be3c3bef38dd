"""Versions of a company's models: kept, compared, put to work, gone back to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.audit.service import AuditEvent, Resource, record
from rapport.compose.globals.events import stream_of
from rapport.compose.training.access import State, live_model, model_to_change, models_of
from rapport.compose.training.events import ModelDeployed
from rapport.compose.training.models import ComposeModel
from rapport.compose.training.trainers import Kind
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.errors import Conflict
from rapport.core.identity import SYSTEM, Actor, Caller, Scope, actor_of
from rapport.core.log import Log


class NotToBeDeployed(Conflict):
    """A version cannot be put to work. Facts: `problem`."""

    sentence = "Conflict: {problem}"


class Judged(NamedTuple):
    """A trained version with its figures on conversations held back, and what it has to be as good as."""

    kind: Kind
    storage_key: str
    size_bytes: int
    trained_on: Mapping[str, Any]
    measure: str
    figures: Mapping[str, float]
    live_version: int | None
    live_figures: Mapping[str, float] | None

    @property
    def is_good_enough(self) -> bool:
        """Not worse than the version at work, where that can still be used (CMP-208)."""
        if self.live_figures is None:
            return True
        return self.figures[self.measure] >= self.live_figures[self.measure]


async def keep(session: WriteSession, log: Log, scope: Scope, judged: Judged) -> ComposeModel:
    """Write a new version down and put it to work when it is good enough.

    A storage key is written down once: asked again, what was made of it then is returned.
    """
    known = await session.scalar(
        select(ComposeModel).where(
            ComposeModel.company_id == scope.company_id,
            ComposeModel.environment == scope.environment,
            ComposeModel.storage_key == judged.storage_key,
        )
    )
    if known is not None:
        return known
    model = ComposeModel(
        company_id=scope.company_id,
        environment=scope.environment,
        kind=judged.kind,
        version=await _next_version(session, scope, judged.kind),
        state=State.CANDIDATE,
        trained_on=dict(judged.trained_on),
        metrics=_metrics(judged),
        storage_key=judged.storage_key,
        size_bytes=judged.size_bytes,
        created_at=clock.now(),
        live_at=None,
    )
    session.add(model)
    await session.flush()
    live = await live_model(session, scope, judged.kind)
    # Somebody may have gone back to another version while this one was being judged.
    is_compared = (live.version if live else None) == judged.live_version
    if judged.is_good_enough and is_compared:
        await _put_to_work(session, log, model, SYSTEM)
    else:
        model.state = State.REJECTED
    return model


async def deploy(session: WriteSession, log: Log, caller: Caller, model_id: str) -> ComposeModel:
    """Put a version to work, an older one or one that was not good enough.

    Raises NotFound; NotToBeDeployed for the version that works already.
    """
    model = await model_to_change(session, caller.scope, model_id)
    if model.state == State.LIVE:
        raise NotToBeDeployed(problem=f"version {model.version} works already")
    await _put_to_work(session, log, model, actor_of(caller))
    name = f"{model.kind} model {model.version}"
    record(
        session,
        caller,
        AuditEvent.DEPLOY,
        Resource("Compose model", name, model.id),
        environment=caller.scope.environment,
    )
    return model


async def roll_back(session: WriteSession, log: Log, caller: Caller, kind: Kind) -> ComposeModel:
    """Put the version to work that is next older than the one at work. Raises NotToBeDeployed."""
    kept = await models_of(session, caller.scope, kind)
    at_work = max((model.version for model in kept if model.state == State.LIVE), default=0)
    for model in kept:
        if model.state == State.RETIRED and model.version < at_work:
            return await deploy(session, log, caller, model.id)
    raise NotToBeDeployed(problem=f"there is no earlier {kind} model")


async def surplus(session: WriteSession, scope: Scope, kind: Kind, keeping: int) -> list[str]:
    """Forget all but the newest versions, never the one at work; returns the keys of their files."""
    beyond = [
        model
        for model in (await models_of(session, scope, kind))[keeping:]
        if model.state != State.LIVE
    ]
    for model in beyond:
        await session.delete(model)
    return [model.storage_key for model in beyond]


async def _put_to_work(session: WriteSession, log: Log, model: ComposeModel, actor: Actor) -> None:
    # First, because it keeps everybody else from deploying until this transaction ends.
    event = ModelDeployed(model.kind, model.version)
    await log.append(session, stream_of(model.scope), event, actor=actor)
    before = await live_model(session, model.scope, Kind(model.kind))
    if before is not None:
        before.state = State.RETIRED
    model.state = State.LIVE
    model.live_at = clock.now()


async def _next_version(session: AsyncSession, scope: Scope, kind: Kind) -> int:
    newest = await session.scalar(
        select(func.max(ComposeModel.version)).where(
            ComposeModel.company_id == scope.company_id,
            ComposeModel.environment == scope.environment,
            ComposeModel.kind == kind,
        )
    )
    return (newest or 0) + 1


def _metrics(judged: Judged) -> dict[str, Any]:
    metrics: dict[str, Any] = {"measure": judged.measure, **judged.figures}
    if judged.live_version is not None:
        metrics["live"] = {"version": judged.live_version, **(judged.live_figures or {})}
    return metrics
