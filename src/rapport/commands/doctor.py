"""`rapport doctor`: is everything there that this node needs?"""

from __future__ import annotations

import platform
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable
from typing import Annotated, NamedTuple

import typer
from rich.table import Table

from rapport.commands.runtime import answer, console, open_database, settings, waiting
from rapport.core.bus import open_bus
from rapport.core.database.database import database_url
from rapport.core.database.upgrade import is_current
from rapport.core.settings import DataSettings, ServerSettings, Settings
from rapport.engines.embedding import Embedder
from rapport.web import ASSETS


class Finding(NamedTuple):
    """One thing looked at: how it is, and what to do when it is not well."""

    name: str
    is_well: bool
    detail: str


@waiting
async def doctor(
    json: Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")] = False,
) -> None:
    """Look at everything this node depends on and say what is wrong and how to mend it.

    Ends with 1 when something is not well.
    """
    findings = [await _look(name, look) for name, look in _looks(settings())]
    if json:
        answer(
            {"well": all(f.is_well for f in findings), "findings": [f._asdict() for f in findings]}
        )
    else:
        table = Table("", "what", "detail")
        for finding in findings:
            mark = "[green]ok[/green]" if finding.is_well else "[red]not well[/red]"
            table.add_row(mark, finding.name, finding.detail)
        console.print(table)
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


async def _look(name: str, look: Callable[[], Awaitable[str]]) -> Finding:
    try:
        return Finding(name, True, await look())
    except Exception as error:
        # Whatever is wrong with one thing, the others are looked at too.
        return Finding(name, False, f"{type(error).__name__}: {error}")


class _Looks:
    """One method a thing; each returns how it is, or raises what is wrong with it."""

    def __init__(self, configured: Settings) -> None:
        self._configured = configured

    async def machine(self) -> str:
        return f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"

    async def data_folder(self) -> str:
        folder = self._configured.folder
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free // 1_000_000_000
        return f"{folder} can be written, {free} GB free"

    async def database(self) -> str:
        async with open_database(self._configured) as opened:
            await opened.ping()
        kind = "SQLite" if opened.is_sqlite else "PostgreSQL"
        if not await is_current(database_url(self._configured)):
            raise RuntimeError("its shape is out of date: run `rapport db upgrade`")
        return f"{kind} answers and is up to date"

    async def bus(self) -> str:
        opened = await open_bus(self._configured)
        try:
            if not opened.is_healthy:
                raise RuntimeError(
                    "Redis does not answer: other nodes hear of news only by polling"
                )
        finally:
            await opened.close()
        return (
            "Redis answers" if self._configured[DataSettings].redis_url else "in process (one node)"
        )

    async def embedding(self) -> str:
        async with Embedder() as embedder:
            vectors = await embedder.embed(["Where is my order?"])
        return f"the model answers with {vectors.shape[1]} dimensions"

    async def web_pages(self) -> str:
        if not (ASSETS / "app" / "index.html").exists():
            raise RuntimeError("the web pages are not built: run `make setup`")
        return "built"

    async def transport(self) -> str:
        if not self._configured[ServerSettings].require_https:
            return "plain HTTP is served: fine behind a proxy or for a trial (server.require_https)"
        return "plain HTTP is refused"


def _looks(configured: Settings) -> list[tuple[str, Callable[[], Awaitable[str]]]]:
    looks = _Looks(configured)
    return [
        ("machine", looks.machine),
        ("data folder", looks.data_folder),
        ("database", looks.database),
        ("bus", looks.bus),
        ("embedding", looks.embedding),
        ("web pages", looks.web_pages),
        ("transport", looks.transport),
    ]
