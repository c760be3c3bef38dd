"""In a cluster, jobs of a node that has died are taken over by one that lives.

Each node holds an advisory lock named after it for as long as its connection lasts. Whoever can take
another's lock knows that it is gone, and has its interrupted jobs queued again.
"""

from __future__ import annotations

import asyncio
import hashlib

import asyncpg
import structlog
from sqlalchemy.exc import SQLAlchemyError

LOOK_SECONDS = 5.0

logger = structlog.get_logger(__name__)


class Adoption:
    """Runs on the engine's loop, on a connection of its own."""

    def __init__(self, dsn: str, node: str) -> None:
        self._dsn = dsn
        self._node = node
        self._connection: asyncpg.Connection | None = None

    async def hold(self) -> None:
        """Take this node's own lock; called before it runs anything."""
        self._connection = await asyncpg.connect(self._dsn, timeout=10)
        await self._connection.execute("SELECT pg_advisory_lock($1)", _key(self._node))

    async def look_for_ever(self) -> None:
        """Look for jobs of dead nodes, every few seconds, until cancelled."""
        try:
            while True:
                await self._try_to_look()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            if self._connection is not None:
                self._connection.terminate()

    async def _try_to_look(self) -> None:
        try:
            await self._look()
        except (OSError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            logger.warning("jobs_not_adopted", error=type(error).__name__)
            self._connection = None

    async def _look(self) -> None:
        from dbos import DBOS

        if self._connection is None or self._connection.is_closed():
            await self.hold()
        assert self._connection is not None
        pending = await DBOS.list_workflows_async(status="PENDING", load_input=False)
        owners = {workflow.executor_id for workflow in pending} - {None, self._node}
        for owner in sorted(filter(None, owners)):
            is_dead = await self._connection.fetchval(
                "SELECT pg_try_advisory_lock($1)", _key(owner)
            )
            if is_dead:
                await self._adopt(owner)
                await self._connection.execute("SELECT pg_advisory_unlock($1)", _key(owner))

    async def _adopt(self, owner: str) -> None:
        from dbos import DBOS

        handles = await asyncio.to_thread(DBOS._recover_pending_workflows, [owner])
        logger.info("jobs_adopted", of=owner, job_count=len(handles))


def _key(node: str) -> int:
    digest = hashlib.blake2b(f"rapport.jobs.{node}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
