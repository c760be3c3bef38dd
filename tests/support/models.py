"""Trained models for tests that never ask them."""

from __future__ import annotations

from rapport.compose.training.models import ComposeModel
from rapport.core import clock
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
    database = company.database()
    try:
        async with database.writing() as session:
            session.add(model)
        return model.id
    finally:
        await database.close()
