"""Which node runs a reader: one at a time, another as soon as it is gone.

On PostgreSQL a node holds an advisory lock for each reader on one connection of its own; when the node
or its connection dies the server frees the locks. This saves double work only: that nothing is applied
twice is the cursor's business. An embedded database has one node.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from typing import Protocol

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from rapport.core.database import Database
from rapport.core.database.database import temporary_engine

_TRY = text("SELECT pg_try_advisory_lock(:key)")
_PING = text("SELECT 1")

# How long a lock is believed to be held without asking: a node cut off from the server stops after it.
BELIEVED_SECONDS = 1.0

logger = structlog.get_logger(__name__)


class Leadership(Protocol):
    """Says whether this node runs a reader now."""

    async def leads(self, name: str) -> bool:
        """Tell whether this node runs the reader, trying to become the one that does."""
        ...

    async def close(self) -> None:
        """Let other nodes run every reader."""
        ...


def leadership_of(database: Database) -> Leadership:
    """Return how nodes on this kind of database agree."""
    return _Alone() if database.is_sqlite else _Locks(database)


class _Alone:
    async def leads(self, name: str) -> bool:  # noqa: ARG002
        return True

    async def close(self) -> None:
        pass


class _Locks:
    def __init__(self, database: Database) -> None:
        self._engine: AsyncEngine = temporary_engine(
            database.url.render_as_string(hide_password=False)
        ).execution_options(isolation_level="AUTOCOMMIT")
        self._connection: AsyncConnection | None = None
        self._held: set[str] = set()
        self._asked_at = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def leads(self, name: str) -> bool:
        if name in self._held and time.monotonic() < self._asked_at + BELIEVED_SECONDS:
            return True
        async with self._one_at_a_time:
            try:
                return await self._ask(name)
            except (SQLAlchemyError, OSError) as error:
                logger.warning("reader_locks_lost", error=type(error).__name__)
                await self._forget()
                return False

    async def close(self) -> None:
        async with self._one_at_a_time:
            await self._forget()
        await self._engine.dispose()

    async def _ask(self, name: str) -> bool:
        if self._connection is None:
            self._connection = await self._engine.connect()
        if name in self._held:
            await self._connection.execute(_PING)
            self._asked_at = time.monotonic()
            return True
        if (await self._connection.execute(_TRY, {"key": _key(name)})).scalar_one():
            self._held.add(name)
            return True
        return False

    async def _forget(self) -> None:
        connection, self._connection = self._connection, None
        self._held.clear()
        if connection is not None:
            await connection.invalidate()
            await connection.close()


def _key(name: str) -> int:
    digest = hashlib.blake2b(f"rapport.reader.{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
