"""How Alembic runs Rapport's migrations: on a connection it is given, each in a transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import BigInteger, Connection, text

from rapport.core.database.base import UtcTime

# A migration that waits for a lock makes every later query wait behind it: it gives up instead, and
# is run again at a quieter moment.
_LOCK_TIMEOUT = text("SET LOCAL lock_timeout = '5s'")


def _render(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as the plain ones they are: a migration imports nothing that changes."""
    if kind == "type" and isinstance(value, UtcTime):
        return f"sa.{BigInteger.__name__}()"
    return False


def belongs(connection: Connection) -> Any:
    """Return the filter that leaves out what the models keep for the other kind of database."""

    def include(item: Any, _name: str | None, _kind: str, _reflected: bool, _compared: Any) -> bool:
        condition = getattr(item, "_ddl_if", None)
        return condition is None or condition.dialect == connection.dialect.name

    return include


def _run() -> None:
    connection: Connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("metadata"),
        include_object=belongs(connection),
        render_item=_render,
        # SQLite alters a table by copying it.
        render_as_batch=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(_LOCK_TIMEOUT)
        context.run_migrations()


_run()
