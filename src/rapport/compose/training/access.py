"""The only way to load a company's models."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.compose.training.models import ComposeModel
from rapport.compose.training.trainers import Kind
from rapport.core.database import Database
from rapport.core.errors import NotFound
from rapport.core.identity import Scope
from rapport.core.storage import Files


class State(StrEnum):
    """What became of a version."""

    CANDIDATE = "candidate"
    LIVE = "live"
    RETIRED = "retired"
    REJECTED = "rejected"


class Live(NamedTuple):
    """The model at work: its version, and what it knows."""

    version: int
    blob: bytes


async def live_blob(database: Database, files: Files, scope: Scope, kind: Kind) -> Live | None:
    """Return the model at work for a company, None while none is: what a node's shelf loads."""
    async with database.reading() as session:
        model = await live_model(session, scope, kind)
    if model is None:
        return None
    return Live(model.version, await files.get(scope, model.storage_key))


async def live_model(session: AsyncSession, scope: Scope, kind: Kind) -> ComposeModel | None:
    """Return the version at work, None while none is."""
    return await session.scalar(_of(scope, kind).where(ComposeModel.state == State.LIVE))


async def models_of(
    session: AsyncSession, scope: Scope, kind: Kind | None = None
) -> Sequence[ComposeModel]:
    """Return the versions of a kind, or of all kinds, the newest first."""
    query = _of(scope, kind).order_by(ComposeModel.created_at.desc(), ComposeModel.id.desc())
    return (await session.scalars(query)).all()


async def model_to_change(session: AsyncSession, scope: Scope, model_id: str) -> ComposeModel:
    """Return a company's version, held until the transaction ends. Raises NotFound."""
    query = select(ComposeModel).where(
        ComposeModel.id == model_id,
        ComposeModel.company_id == scope.company_id,
        ComposeModel.environment == scope.environment,
    )
    found = await session.scalar(query.with_for_update())
    if found is None:
        raise NotFound(what="there is no such model")
    return found


def _of(scope: Scope, kind: Kind | None) -> Select[ComposeModel]:
    query = select(ComposeModel).where(
        ComposeModel.company_id == scope.company_id,
        ComposeModel.environment == scope.environment,
    )
    return query if kind is None else query.where(ComposeModel.kind == kind)
