"""What only accounts' routes ask for by name."""

from __future__ import annotations

from litestar.datastructures import State

from rapport.core.database import Database


def provide_database(state: State) -> Database:
    """Give a use case the database itself: it hashes passwords between two transactions."""
    database: Database = state["database"]
    return database
