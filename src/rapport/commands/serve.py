"""`rapport serve`: one node."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
import uvicorn

from rapport.app import create_app
from rapport.commands.runtime import console, fail, settings
from rapport.core import memory
from rapport.core.database.database import database_url
from rapport.core.database.upgrade import upgrade
from rapport.core.settings import ServerSettings, Settings
from rapport.core.telemetry import logging, tracing
from rapport.live.settings import LiveSettings

# The log's writer and the event loop share the interpreter; with the usual 5 ms a batch of messages
# waited for the loop several times 5 ms before it could be committed.
SWITCH_SECONDS = 0.0005


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    migrate: Annotated[bool, typer.Option(help="Bring the database up to date first.")] = True,
) -> None:
    """Run a node: API, live delivery, pages and background work in one process.

    Settings come from the environment and rapport.toml (see `rapport config show`). Nodes with the
    same PostgreSQL and Redis are one installation. Stop it with Ctrl+C or SIGTERM: open connections
    are told to continue elsewhere and everything accepted is written.
    """
    configured = settings()
    server = configured[ServerSettings]
    if migrate:
        asyncio.run(upgrade(database_url(configured)))
    run_server(configured, host or server.host, server.port if port is None else port)


def run_server(
    configured: Settings,
    host: str,
    port: int,
    *,
    started: Callable[[str], Awaitable[None]] | None = None,
) -> None:
    """Serve until told to stop; `started` hears the address once requests are answered."""
    logging.configure(configured)
    tracing.configure(configured)
    sys.setswitchinterval(SWITCH_SECONDS)
    listening = _listen(host, port)
    address = f"http://{host}:{listening.getsockname()[1]}"
    server = _Server(server_config(configured), address, started)
    try:
        server.run(sockets=[listening])
    finally:
        tracing.close()
    if server.has_failed:
        raise typer.Exit(1)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        fail(f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with --port.")
    return listening


def server_config(configured: Settings) -> uvicorn.Config:
    """Return how uvicorn serves the application."""
    server = configured[ServerSettings]
    return uvicorn.Config(
        create_app(configured),
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=configured[LiveSettings].frame_bytes,
        # Connections whose other side is gone, or takes nothing, end even if nobody writes to them.
        ws_ping_interval=20,
        ws_ping_timeout=20,
        # Chat frames are small: compressing them costs more processor than it saves network.
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=True,
        forwarded_allow_ips=server.trusted_proxies,
        backlog=4096,
        timeout_graceful_shutdown=5,
    )


class _Server(uvicorn.Server):
    def __init__(
        self,
        config: uvicorn.Config,
        address: str,
        started: Callable[[str], Awaitable[None]] | None,
    ) -> None:
        super().__init__(config)
        self.has_failed = False
        self._address = address
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.has_failed = self.should_exit
        if self.should_exit:
            return
        memory.begin()
        if self._started is None:
            console.print(f"Rapport answers at {self._address}")
        else:
            await self._started(self._address)
