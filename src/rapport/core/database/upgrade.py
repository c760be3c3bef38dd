"""Bringing a database to the shape this version needs, and asking whether it has it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).parent / "migrations"
# Nodes that start together upgrade one after the other; any number nobody else uses will do.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7202617)")

# What Alembic runs is known to its whole process.
_alembic = threading.Lock()

T = TypeVar("T")

logger = structlog.get_logger(__name__)


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration for the migrations that are part of the package."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


async def upgrade(database_url: str) -> None:
    """Apply what is missing; safe to repeat and from several nodes at once.

    A database that a newer version has upgraded is left as it is: migrations only add until the
    release after, so the version before keeps working.
    """
    await _with_connection(database_url, _upgrade)


async def is_current(database_url: str) -> bool:
    """Tell whether the database has the shape this version needs (or a newer version's)."""
    return await _with_connection(database_url, _is_current)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(_ONE_AT_A_TIME)
    config = configuration(connection)
    newer = _unknown(connection, ScriptDirectory.from_config(config))
    if newer is not None:
        logger.warning("database_is_newer", revision=newer)
        return
    command.upgrade(config, "head")


def _is_current(connection: Connection) -> bool:
    script = ScriptDirectory.from_config(configuration())
    at = MigrationContext.configure(connection).get_current_revision()
    return at == script.get_current_head() or _unknown(connection, script) is not None


def _unknown(connection: Connection, script: ScriptDirectory) -> str | None:
    at = MigrationContext.configure(connection).get_current_revision()
    known = {revision.revision for revision in script.walk_revisions()}
    return at if at is not None and at not in known else None


async def _with_connection(database_url: str, call: Callable[[Connection], T]) -> T:
    """Call something on a connection, in a thread: Alembic is synchronous, and one at a time."""
    return await asyncio.to_thread(_call, make_url(database_url), call)


def _call(url: URL, call: Callable[[Connection], T]) -> T:
    engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _postgres(url)
    try:
        with _alembic, engine.begin() as connection:
            return call(connection)
    finally:
        engine.dispose()


def _postgres(url: URL) -> Engine:
    return create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool)


def _sqlite(url: URL) -> Engine:
    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url.set(drivername="sqlite"), poolclass=NullPool, connect_args={"timeout": 30}
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # The driver commits before every change of a table: half a migration would stay.
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
