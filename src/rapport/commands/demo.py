"""`rapport demo`: the demo company, running."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from rapport.app import SECTIONS
from rapport.commands.runtime import answer, console
from rapport.commands.serve import run_server
from rapport.core.database.database import database_url
from rapport.core.database.upgrade import upgrade
from rapport.core.node import open_node
from rapport.core.settings import Settings, load
from rapport.core.telemetry import logging
from rapport.demo.company import Demo, open_demo


def demo(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8080,
    data: Annotated[Path, typer.Option(help="Folder of the demo's database.")] = Path("var/demo"),
    json: Annotated[bool, typer.Option("--json", help="First line: one JSON object.")] = False,
) -> None:
    """Open the demo company: a shop with the chat widget, a desk with agents, a console.

    Everything is embedded and kept in one folder; delete it to begin anew. With --json the first line
    on stdout has the addresses, the sandbox's API id and secret, and the sign-ins of every role.
    """
    configured = _settings(data)
    logging.configure(configured)
    made = asyncio.run(_prepare(configured))

    async def started(address: str) -> None:
        if json:
            answer(_for_machines(made, address))
        else:
            _show(made, address)

    run_server(configured, host, port, started=started)


def _settings(data: Path) -> Settings:
    return load(
        SECTIONS,
        {
            "RAPPORT_TELEMETRY_LOG_FORMAT": "text",
            "RAPPORT_TELEMETRY_LOG_LEVEL": "warning",
            # One address for everything: the demo lives in the sandbox.
            "RAPPORT_SERVER_DEFAULT_ENVIRONMENT": "sandbox",
            # Everybody who tries the demo comes from one address, replays above all.
            "RAPPORT_CHAT_SESSIONS_PER_SECOND": "1000",
            **os.environ,
            "RAPPORT_DATA_FOLDER": str(data),
        },
    )


async def _prepare(configured: Settings) -> Demo:
    await upgrade(database_url(configured))
    async with open_node(configured) as node:
        return await open_demo(node)


def _addresses(address: str) -> dict[str, str]:
    return {
        "shop": f"{address}/",
        "desk": f"{address}/desk",
        "console": f"{address}/console",
        "portal": f"{address}/portal",
        "api": address,
        "contract": f"{address}/schema",
    }


def _for_machines(made: Demo, address: str) -> dict[str, object]:
    return {
        "addresses": _addresses(address),
        "organization": made.organization,
        "api": {"id": made.api_id, "secret": made.api_secret},
        "sign_ins": made.sign_ins,
    }


def _show(made: Demo, address: str) -> None:
    where = Table(box=None, show_header=False, padding=(0, 2))
    addresses = _addresses(address)
    where.add_row("Shop with the chat", addresses["shop"])
    where.add_row("Agent desk", addresses["desk"])
    where.add_row("Console", addresses["console"])
    where.add_row("Developer portal", addresses["portal"])
    where.add_row("API contract", addresses["contract"])
    who = Table("role", "name", "e-mail", "password", box=None, padding=(0, 2))
    for sign_in in made.sign_ins:
        who.add_row(sign_in.role, sign_in.name, sign_in.email, sign_in.password)
    console.print("[bold]Rapport is running the demo company.[/bold] Stop it with Ctrl+C.\n")
    console.print(where)
    console.print(f"\nSign in with the organization [bold]{made.organization}[/bold] as\n")
    console.print(who)
    console.print(f"\nSandbox API id      {made.api_id}\nSandbox API secret  {made.api_secret}")
