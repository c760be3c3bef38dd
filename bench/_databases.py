"""PostgreSQL databases of a benchmark's own, and what is stored in them."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path

import psycopg

SERVER = os.environ.get(
    "RAPPORT_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres"
)
ENGINES = ("sqlite", "postgresql")
_MESSAGES = "SELECT count(*) FROM message"


@contextmanager
def postgres_database(options: str = "") -> Iterator[str]:
    """Create a database, give its URL, drop it."""
    name = f"rapport_bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {options}".encode())
        try:
            yield SERVER.rpartition("/")[0] + f"/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def database(engine: str) -> AbstractContextManager[str]:
    """Give the URL of a new database of an engine; empty for the embedded one."""
    return postgres_database() if engine == "postgresql" else nullcontext("")


def stored_messages(database_url: str, folder: Path) -> int:
    """Count the messages in a server's database, behind its back."""
    if database_url:
        with psycopg.connect(database_url) as connection:
            row = connection.execute(_MESSAGES).fetchone()
    else:
        with closing(sqlite3.connect(folder / "rapport.db")) as embedded:
            row = embedded.execute(_MESSAGES).fetchone()
    assert row is not None
    return int(row[0])
