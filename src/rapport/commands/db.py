"""`rapport db`: the database's shape."""

from __future__ import annotations

from typing import Annotated

import typer

from rapport.commands.runtime import answer, console, settings, waiting
from rapport.core.database.database import database_url
from rapport.core.database.upgrade import is_current, upgrade

app = typer.Typer(no_args_is_help=True, help="The database's shape.")


@app.callback()
def db() -> None:
    """The database's shape."""


@app.command("upgrade")
@waiting
async def upgrade_database(
    json: Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")] = False,
) -> None:
    """Bring the configured database up to date; safe to run twice and from several nodes."""
    url = database_url(settings())
    await upgrade(url)
    if json:
        answer({"current": await is_current(url)})
    else:
        console.print("The database is up to date.")
