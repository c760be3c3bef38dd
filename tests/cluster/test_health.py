"""Health tells the truth when the database is gone."""

from __future__ import annotations

import asyncpg
import httpx
import pytest

from tests.support.company import make_company
from tests.support.nodes import POSTGRES, postgres_database
from tests.support.server import running

pytestmark = pytest.mark.cluster


@pytest.mark.spec("PLT-027")
async def test_health_fails_while_the_database_is_away(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with postgres_database() as url:
        folder = tmp_path_factory.mktemp("health")
        # The key is remembered long enough to ask while nobody can look it up.
        with running(
            folder, RAPPORT_DATA_DATABASE_URL=url, RAPPORT_ACCOUNTS_REMEMBER_SECONDS="60"
        ) as server:
            company = await make_company(server)
            async with company.api() as api:
                assert (await api.get("/v1/health")).json() == {"healthCheck": "SUCCESS"}
                name = url.rsplit("/", 1)[1]
                await rename(name, f"{name}_away")
                answer = await api.get("/v1/health")
                ready = await httpx.AsyncClient().get(f"{server.address}/readyz")
                await rename(f"{name}_away", name)

                assert (answer.status_code, answer.json()) == (200, {"healthCheck": "FAILED"})
                assert ready.status_code == 503
                assert (await api.get("/v1/health")).json() == {"healthCheck": "SUCCESS"}


async def rename(old: str, new: str) -> None:
    connection = await asyncpg.connect(POSTGRES)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", old
    )
    await connection.execute(f'ALTER DATABASE "{old}" RENAME TO "{new}"')
    await connection.close()
