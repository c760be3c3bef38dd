"""Sessions on the system of record: reading and writing are two types.

A write session on SQLite begins immediately and holds the one write gate of the process, so that it
never meets the log's writer half-way; with deferred transactions most of forty simultaneous appends to
one stream fail. On PostgreSQL both are ordinary transactions.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from rapport.core.database.bulk import Change, Condition, write, write_if
from rapport.core.settings import DataSettings, Settings

T = TypeVar("T")

# Threads in which an embedded database is read at once: it answers from memory, and more of them only
# take turns.
_READING_THREADS = 2


class ReadSession(AsyncSession):
    """A session that only reads."""


class WriteSession(AsyncSession):
    """A session that may write. Its commit is its owner's business, never a service's."""

    def after_commit(self, call: Callable[[], None]) -> None:
        """Have something done once this session's transaction is durable."""
        event.listen(self.sync_session, "after_commit", lambda _session: call(), once=True)


def database_url(settings: Settings) -> str:
    """Return the SQLAlchemy address of the configured database."""
    configured = settings[DataSettings].database_url
    if configured:
        return make_url(configured).set(drivername="postgresql+asyncpg").render_as_string(False)
    settings.folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite+aiosqlite:///{settings.folder / 'rapport.db'}"


class Database:
    """The system of record of this node."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._gate = asyncio.Lock() if self.is_sqlite else None
        self.engine = self._sqlite("BEGIN") if self.is_sqlite else self._postgres(pool_size)
        self._write_engine = self._sqlite("BEGIN IMMEDIATE") if self.is_sqlite else self.engine
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="database-writer")
        self._connection: sqlite3.Connection | None = None
        self._read_engine = self._sqlite_at_once() if self.is_sqlite else None
        self._reading = ThreadPoolExecutor(_READING_THREADS, "database-reader")
        self._reads = async_sessionmaker(self.engine, class_=ReadSession, expire_on_commit=False)
        self._writes = async_sessionmaker(
            self._write_engine, class_=WriteSession, expire_on_commit=False
        )

    @property
    def path(self) -> Path:
        """The file of an embedded database."""
        return Path(self.url.database or "")

    def gate(self) -> AbstractAsyncContextManager[Any]:
        """Hold the right to write: one writer at a time on SQLite, free on PostgreSQL."""
        return self._gate if self._gate is not None else nullcontext()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[ReadSession]:
        """Open a read session on one consistent snapshot."""
        async with self._reads() as session:
            if not self.is_sqlite:
                await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    async def read(self, work: Callable[[Session], T]) -> T:
        """Return what some reading gives, all of it on one consistent snapshot.

        For what asks more than once: on an embedded database it changes threads once instead of several
        times a statement. Entities that it returns are good for what was read of them.
        """
        if self._read_engine is None:
            async with self.reading() as session:
                return await session.run_sync(work)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reading, self._read_in, self._read_engine, work)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[WriteSession]:
        """Open a write session; commits when the block ends well, else changes nothing."""
        async with self.gate(), self._writes.begin() as session:
            yield session

    async def at_once(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do all the work of one transaction of an embedded database in its own thread.

        Through a session every statement changes threads several times; here all of them together do
        once, and whoever waits for the gate waits that much less. Rolls back when the work raises; what
        the driver raises comes as it would from a session.
        """
        async with self.gate():
            loop = asyncio.get_running_loop()
            try:
                return await loop.run_in_executor(self._thread, self._transact, work)
            except sqlite3.Error as error:
                raise DBAPIError.instance(
                    None, None, error, sqlite3.Error, hide_parameters=True
                ) from error

    async def put(self, condition: Condition, changes: Sequence[Change]) -> bool:
        """Write rows in one transaction; False, and nothing written, where the condition fails."""
        if self.is_sqlite:
            return await self.at_once(lambda connection: write_if(connection, condition, changes))
        async with self.writing() as session:
            connection = await session.connection()
            met = await connection.execute(text(condition.statement), condition.values)
            if met.rowcount == 1:
                await connection.run_sync(write, changes)
            return met.rowcount == 1

    async def ping(self) -> None:
        """Raise when the database does not answer."""
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        await self._write_engine.dispose()
        if self._connection is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown()
        await asyncio.to_thread(self._reading.shutdown)
        if self._read_engine is not None:
            self._read_engine.dispose()

    def _read_in(self, engine: Engine, work: Callable[[Session], T]) -> T:
        with Session(engine, expire_on_commit=False) as session:
            return work(session)

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connection or self._connect()
        connection.execute("BEGIN IMMEDIATE")
        try:
            done = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        return done

    def _connect(self) -> sqlite3.Connection:
        self._connection = sqlite3.connect(self.path, isolation_level=None, timeout=30)
        for pragma in SQLITE_PRAGMAS:
            self._connection.execute(pragma)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _sqlite(self, begin: str) -> AsyncEngine:
        engine = create_async_engine(self.url, hide_parameters=True, connect_args={"timeout": 30})
        _configure_sqlite(engine.sync_engine, begin)
        return engine

    def _sqlite_at_once(self) -> Engine:
        engine = create_engine(
            self.url.set(drivername="sqlite"), hide_parameters=True, connect_args={"timeout": 30}
        )
        _configure_sqlite(engine, "BEGIN")
        return engine

    def _postgres(self, pool_size: int) -> AsyncEngine:
        return create_async_engine(
            self.url,
            # An error's text must not carry what people wrote into logs and answers.
            hide_parameters=True,
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=True,
            # A transaction left open would hold back the log's tail for everybody.
            connect_args={"server_settings": {"idle_in_transaction_session_timeout": "10000"}},
        )


SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    # Acknowledged means durable: WAL alone would lose the last commits with the power.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=30000",
    "PRAGMA temp_store=MEMORY",
)


def _configure_sqlite(engine: Engine, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # The driver's own transactions begin late and without IMMEDIATE: ours are explicit.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_explicitly(connection: Any) -> None:
        connection.exec_driver_sql(begin)


def temporary_engine(url: str) -> AsyncEngine:
    """Return an engine for one task, such as a migration, without a pool."""
    return create_async_engine(url, poolclass=NullPool)
