"""What commands share: settings, one-off access to the database, and how they answer machines."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, NoReturn, ParamSpec, TypeVar

import msgspec
import typer
from rich.console import Console

from rapport.app import SECTIONS
from rapport.core.database import Database
from rapport.core.database.database import database_url
from rapport.core.errors import RapportError
from rapport.core.settings import Settings, load
from rapport.core.telemetry import logging

P = ParamSpec("P")
T = TypeVar("T")

# What people read goes to stderr where a command also answers machines on stdout.
console = Console(stderr=True, highlight=False)


def settings() -> Settings:
    """Load the settings and set up logging; a wrong one ends the command with its sentence."""
    try:
        loaded = load(SECTIONS)
    except RapportError as error:
        fail(error.message)
    # To stderr: stdout belongs to the answer.
    logging.configure(loaded)
    return loaded


def fail(sentence: str, code: int = 1) -> NoReturn:
    """End the command with a sentence on stderr."""
    console.print(sentence, style="red", markup=False)
    raise typer.Exit(code)


def answer(value: Any) -> None:
    """Print one JSON line for a machine."""
    typer.echo(msgspec.json.encode(value).decode())


def waiting(command: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    """Let an async function be a command; our own errors end it with their sentence."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return asyncio.run(command(*args, **kwargs))
        except RapportError as error:
            fail(error.message)

    return run


@asynccontextmanager
async def open_database(of: Settings) -> AsyncIterator[Database]:
    """Open the configured database for one command."""
    database = Database(database_url(of), pool_size=2)
    try:
        yield database
    finally:
        await database.close()
