"""A real server for tests: a process of its own, on a free port, in a folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from rapport.app import SECTIONS
from rapport.core.database.database import database_url
from rapport.core.settings import Settings, load

LOG = "server.log"


class Running:
    """A server that answers."""

    def __init__(self, settings: Settings, port: int) -> None:
        self.settings = settings
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self.socket_address = f"ws://127.0.0.1:{port}/live/v1/socket"
        self.database_url = database_url(settings)

    @property
    def log(self) -> str:
        """What the server has logged so far."""
        return (Path(self.settings.folder) / LOG).read_text()


def environment_in(folder: Path, **environment: str) -> dict[str, str]:
    """Return the environment of a server in a folder; the sandbox answers at 127.0.0.1."""
    return {
        "RAPPORT_DATA_FOLDER": str(folder),
        "RAPPORT_SERVER_DEFAULT_ENVIRONMENT": "sandbox",
        "RAPPORT_SERVER_PRODUCTION_HOSTS": "localhost",
        "RAPPORT_TELEMETRY_LOG_LEVEL": "info",
        **environment,
    }


def settings_in(folder: Path, **environment: str) -> Settings:
    """Return the settings of a server in a folder."""
    return load(SECTIONS, environment_in(folder, **environment))


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[Running]:
    """Serve until the block ends, in a process of its own as people run it; it logs to a file."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "rapport", "serve", "--port", str(port)]
    with (folder / LOG).open("ab") as log:
        process = subprocess.Popen(
            command, stderr=log, env={**os.environ, **environment_in(folder, **environment)}
        )
    try:
        _wait_until_alive(port, process)
        yield Running(settings_in(folder, **environment), port)
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_alive(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            # Proxied: a server that insists on https has to answer, too.
            headers = {"X-Forwarded-Proto": "https"}
            httpx.get(f"http://127.0.0.1:{port}/healthz", headers=headers)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")
