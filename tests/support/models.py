"""What jobs leave behind, for tests that do not wait for one."""

from __future__ import annotations

from rapport.compose.bootstrap.models import ResponseProposal
from rapport.compose.training.models import ComposeModel
from rapport.core import clock
from rapport.core.database import Base
from rapport.core.ids import new_id
from tests.support.company import TestCompany


async def keep_model(company: TestCompany) -> str:
    """Keep a version of a model as training leaves it, without its file; returns its id."""
    model = ComposeModel(
        id=new_id(),
        company_id=company.id,
        environment=company.scope.environment,
        kind="ranking",
        version=1,
        state="rejected",
        trained_on={},
        metrics={},
        storage_key="models/none",
        size_bytes=0,
        created_at=clock.now(),
    )
    await _keep(company, model)
    return model.id


async def keep_proposal(company: TestCompany) -> str:
    """Keep a proposal of responses that holds none; returns its id."""
    proposal = ResponseProposal(
        id=new_id(),
        company_id=company.id,
        environment=company.scope.environment,
        source="all",
        state="ready",
        percent=100,
        conversations=0,
        messages=0,
        responses=[],
        asked_by="Ada",
        asked_at=clock.now(),
        finished_at=clock.now(),
    )
    await _keep(company, proposal)
    return proposal.id


async def _keep(company: TestCompany, row: Base) -> None:
    database = company.database()
    try:
        async with database.writing() as session:
            session.add(row)
    finally:
        await database.close()
