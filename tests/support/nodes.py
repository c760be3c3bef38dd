"""Nodes in processes of their own, to be killed and started again; databases to run them on."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg

from rapport.core.ids import new_id

POSTGRES = os.environ.get(
    "RAPPORT_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres"
)


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def postgres_database() -> AsyncIterator[str]:
    """Create a database of its own and drop it afterwards."""
    name = f"rapport_{new_id().lower()}"
    connection = await asyncpg.connect(POSTGRES)
    await connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    finally:
        await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await connection.close()


class Node:
    """A demo server in a process of its own, always on the same port and folder."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder.parent / f"{folder.name}.log"
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> dict[str, Any]:
        """Start it, wait until it answers, and return what it told."""
        command = [sys.executable, "-m", "rapport", "demo", "--json"]
        command += ["--port", str(self.port), "--data", str(self.folder)]
        environment = {
            **os.environ,
            "RAPPORT_TELEMETRY_LOG_FORMAT": "json",
            "RAPPORT_TELEMETRY_LOG_LEVEL": "debug",
            **self._environment,
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, env=environment
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self.log.read_text()[-3000:]
        told: dict[str, Any] = json.loads(line)
        return told

    def kill(self) -> None:
        """Kill it as a power cut does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._close()

    def stop(self) -> None:
        """Ask it to stop, as an operator does."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._close()

    def _close(self) -> None:
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None

    @property
    def credentials(self) -> Path:
        """The file with the demo's key and sign-ins."""
        return self.folder / "demo.json"


class Replay:
    """`rapport replay` in a process of its own."""

    def __init__(self, corpus: Path, nodes: list[Node], *options: str) -> None:
        command = [sys.executable, "-m", "rapport", "replay", str(corpus), "--json"]
        for node in nodes:
            command += ["--server", node.address]
        command += ["--credentials", str(nodes[0].credentials), *options]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    async def result(self, seconds: float = 100) -> dict[str, Any]:
        """Wait for its end and return its report."""
        try:
            out, err = await asyncio.to_thread(self._process.communicate, timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            out, err = self._process.communicate()
            raise AssertionError(f"the replay did not end: {err[-3000:]}") from None
        assert out.strip(), err[-3000:]
        report: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
        return report


def metric(node: Node, name: str) -> float:
    """Return one figure of a node."""
    with urllib.request.urlopen(f"{node.address}/metrics") as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith(f"{name} "):
                return float(line.split()[1])
    raise AssertionError(f"there is no figure {name}")


def corpus(path: Path, conversations: int, turns: int = 8) -> Path:
    """Write conversations to be replayed; every text is different."""
    with path.open("w") as file:
        for n in range(conversations):
            messages = [
                {"role": "agent" if t % 2 else "customer", "text": f"conversation {n} turn {t} ok"}
                for t in range(turns)
            ]
            file.write(json.dumps({"id": str(n), "messages": messages}) + "\n")
    return path


def files_of(folder: Path) -> Iterator[bytes]:
    """Return the raw content of every file of a node."""
    for file in folder.rglob("*"):
        if file.is_file():
            yield file.read_bytes()
