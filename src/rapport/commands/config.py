"""`rapport config`: what this node would run with."""

from __future__ import annotations

from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
import typer
from rich.table import Table

from rapport.commands.runtime import answer, console, settings
from rapport.core.settings import PREFIX, Section

app = typer.Typer(no_args_is_help=True, help="What this node would run with.")

# Values that open doors are never shown.
_SECRET = frozenset({"secret", "database_url", "redis_url"})


@app.callback()
def config() -> None:
    """What this node would run with."""


@app.command()
def show(
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object instead of a table.")
    ] = False,
) -> None:
    """Show every setting: its value here, where it comes from, and what it is for."""
    loaded = settings()
    if json:
        answer({s.section: {name: value for name, value, _, _ in rows(s)} for s in loaded})
        return
    table = Table("setting", "value", "environment variable", "what it is for")
    for section in loaded:
        for name, value, variable, meaning in rows(section):
            table.add_row(f"{section.section}.{name}", str(value), variable, meaning)
    console.print(table)


def rows(section: Section) -> list[tuple[str, Any, str, str]]:
    """Return (name, value, environment variable, meaning) of each setting of a section."""
    hints = get_type_hints(type(section), include_extras=True)
    found = []
    for field in msgspec.structs.fields(section):
        value = getattr(section, field.name)
        shown = "(set)" if field.name in _SECRET and value else value
        variable = f"{PREFIX}{section.section}_{field.name}".upper()
        found.append((field.name, shown, variable, _meaning(hints[field.name])))
    return found


def _meaning(hint: Any) -> str:
    if get_origin(hint) is Annotated:
        for part in get_args(hint)[1:]:
            if isinstance(part, msgspec.Meta) and part.description:
                return part.description
    return ""
