"""What `rapport keys` and `rapport users` share: the opened installation, answers of both kinds."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import DatabaseError

from rapport.commands.runtime import answer, fail, settings, waiting
from rapport.core.node import Node, open_node

T = TypeVar("T")

_WIDE = 400

AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]


def run(use_case: Callable[[Node], Awaitable[T]]) -> T:
    """Run a use case on the configured installation; a refusal ends the command with status 1."""

    @waiting
    async def opened() -> T:
        try:
            async with open_node(settings()) as node:
                return await use_case(node)
        except DatabaseError:
            fail("The database cannot be used: run `rapport db upgrade`, then `rapport doctor`")

    return opened()


def tell(value: Any, as_json: bool, *lines: str) -> None:
    """Print an answer as JSON, or its lines for people."""
    if as_json:
        answer(value)
    else:
        for line in lines:
            typer.echo(line)


def tell_table(
    value: Any, as_json: bool, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> None:
    """Print an answer as JSON, or its rows as a table for people."""
    if as_json:
        answer(value)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, no_wrap=True)
    for row in rows:
        table.add_row(*row)
    # Through a pipe nothing is cut: an id without its end is of no use.
    Console(width=None if sys.stdout.isatty() else _WIDE).print(table)
