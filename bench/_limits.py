"""The physical limit: bare transactions of two inserts and an update, each committed alone."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import psycopg

from bench._databases import postgres_database
from tools.provision import find_postgres

CLIENTS = 32
CONVERSATIONS = 64
_TABLES = """
CREATE TABLE conversation (id integer PRIMARY KEY, head bigint NOT NULL);
CREATE TABLE event (id {serial} PRIMARY KEY, conversation integer, payload text);
CREATE TABLE message (id {serial} PRIMARY KEY, conversation integer, body text);
"""
_PGBENCH = f"""
\\set c random(1, {CONVERSATIONS})
BEGIN;
INSERT INTO event (conversation, payload) VALUES (:c, repeat('event ', 60));
INSERT INTO message (conversation, body) VALUES (:c, repeat('words ', 40));
UPDATE conversation SET head = head + 1 WHERE id = :c;
COMMIT;
"""


def commits_per_second(engine: str, seconds: float) -> float:
    """Return the transactions a second of an engine on this machine, with 32 clients."""
    return _postgres(seconds) if engine == "postgresql" else _sqlite(seconds)


def _sqlite(seconds: float) -> float:
    """Have the clients take turns: SQLite lets one write at a time, and waiting within it is slower."""
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        path = Path(folder) / "limit.db"
        with closing(_connect(path)) as connection:
            connection.executescript(_TABLES.format(serial="integer"))
            rows = [(n, 0) for n in range(CONVERSATIONS)]
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO conversation VALUES (?, ?)", rows)
            connection.execute("COMMIT")
        return _in_turns(path, CLIENTS, seconds)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _in_turns(path: Path, clients: int, seconds: float) -> float:
    turn = threading.Lock()
    done = [0] * clients
    began = time.monotonic()

    def work(client: int) -> None:
        with closing(_connect(path)) as connection:
            while time.monotonic() < began + seconds:
                with turn:
                    _commit(connection, (client + done[client]) % CONVERSATIONS)
                done[client] += 1

    threads = [threading.Thread(target=work, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.monotonic() - began)


def _commit(connection: sqlite3.Connection, conversation: int) -> None:
    execute = connection.execute
    execute("BEGIN IMMEDIATE")
    values = (conversation, "event " * 60)
    execute("INSERT INTO event (conversation, payload) VALUES (?, ?)", values)
    values = (conversation, "words " * 40)
    execute("INSERT INTO message (conversation, body) VALUES (?, ?)", values)
    execute("UPDATE conversation SET head = head + 1 WHERE id = ?", (conversation,))
    execute("COMMIT")


def _postgres(seconds: float) -> float:
    home = find_postgres()
    pgbench = shutil.which("pgbench") or (str(home / "pgbench") if home else "pgbench")
    with postgres_database() as url, tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(_PGBENCH)
        script.flush()
        with psycopg.connect(url) as connection:
            connection.execute(_TABLES.format(serial="bigserial").encode())
            connection.execute(
                "INSERT INTO conversation SELECT n, 0 FROM generate_series(1, %s) AS n",
                (CONVERSATIONS,),
            )
        command = [pgbench, "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2"]
        command += ["-T", str(max(1, round(seconds))), "-f", script.name, url]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"tps = ([\d.]+)", told)
    assert found is not None, told
    return float(found[1])
