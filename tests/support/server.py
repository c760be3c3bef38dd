"""A real server for tests: uvicorn in a thread of its own, on a free port, in a folder of its own."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn

from rapport.app import SECTIONS
from rapport.commands.serve import server_config
from rapport.core.database.database import database_url
from rapport.core.database.upgrade import upgrade
from rapport.core.settings import Settings, load


class Running:
    """A server that answers."""

    def __init__(self, settings: Settings, port: int) -> None:
        self.settings = settings
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self.socket_address = f"ws://127.0.0.1:{port}/live/v1/socket"
        self.database_url = database_url(settings)


def environment_in(folder: Path, **environment: str) -> dict[str, str]:
    """Return the environment of a server in a folder; the sandbox answers at 127.0.0.1."""
    return {
        "RAPPORT_DATA_FOLDER": str(folder),
        "RAPPORT_SERVER_DEFAULT_ENVIRONMENT": "sandbox",
        "RAPPORT_SERVER_PRODUCTION_HOSTS": "localhost",
        "RAPPORT_TELEMETRY_LOG_LEVEL": "warning",
        **environment,
    }


def settings_in(folder: Path, **environment: str) -> Settings:
    """Return the settings of a server in a folder."""
    return load(SECTIONS, environment_in(folder, **environment))


@contextmanager
def running_apart(folder: Path, **environment: str) -> Iterator[Running]:
    """Serve in a process of its own: a process has room for the durable jobs of one server only."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "rapport", "serve", "--port", str(port)],
        env={**os.environ, **environment_in(folder, **environment)},
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


@contextmanager
def running(settings: Settings) -> Iterator[Running]:
    """Serve until the block ends."""
    # In a thread of its own: the caller may be a coroutine already.
    with ThreadPoolExecutor(1) as thread_of_its_own:
        thread_of_its_own.submit(asyncio.run, upgrade(database_url(settings))).result()
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(server_config(settings))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        _wait_until_started(server, thread)
        yield Running(settings, listening.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(15)
        listening.close()


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    while not server.started:
        thread.join(0.01)
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
