"""Bringing a database to the shape this version needs, and asking whether it has it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).parent / "migrations"
# Nodes that start together upgrade one after the other; any number nobody else uses will do.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7202617)")

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
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(call)
    finally:
        await engine.dispose()
