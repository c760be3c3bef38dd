"""A server in a process of its own, for tests that kill it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.server import Running, settings_in


class Process:
    """A server in a process of its own, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.running = Running(settings_in(folder), _free_port())
        self._environment = {
            **os.environ,
            "RAPPORT_DATA_FOLDER": str(folder),
            "RAPPORT_SERVER_DEFAULT_ENVIRONMENT": "sandbox",
            "RAPPORT_SERVER_PRODUCTION_HOSTS": "localhost",
            "RAPPORT_TELEMETRY_LOG_LEVEL": "warning",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [str(Path(sys.executable).with_name("rapport")), "serve"]
        port = ["--host", "127.0.0.1", "--port", str(self.running.port)]
        self._process = subprocess.Popen([*command, *port], env=self._environment)
        transport = httpx.HTTPTransport(retries=0)
        with httpx.Client(transport=transport, base_url=self.running.address) as client:
            while True:
                assert self._process.poll() is None, "the server ended"
                try:
                    client.get("/", timeout=1)
                except httpx.TransportError:
                    continue
                return

    def end(self, how: signal.Signals) -> None:
        """End it, with or without a farewell."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(20)
            self._process = None


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def server_process(folder: Path) -> Iterator[Process]:
    """Run a server in a folder until the block ends."""
    process = Process(folder)
    process.start()
    try:
        yield process
    finally:
        process.end(signal.SIGKILL)
