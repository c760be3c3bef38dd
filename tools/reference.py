"""The reference tables and lists of docs/, written from the code: `make reference`.

A page marks where one belongs with `<!-- settings -->` and `<!-- /settings -->`; what stands
between is replaced. A test fails while a page says anything else than the code does.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
import typing
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import typer

from rapport.cli import app
from rapport.core.errors import RapportError, Refusal, Unavailable
from rapport.core.settings import PREFIX, Section
from rapport.core.telemetry.metrics import Metrics

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "rapport"

_FIRST_SECTIONS = ("server", "data", "telemetry")
_SPEC_ROWS = re.compile(r" ?\((?:[A-Z]{3}-\d{3}|`\d{3}-\d\d`)[^)]*\)")
_Kind = typing.TypeVar("_Kind")


def settings() -> Iterator[str]:
    """Every setting of every room: its environment name, default and meaning."""
    sections = sorted(_ours(Section), key=_place)
    for section in sections:
        yield f"### `[{section.section}]` {_sentence(section)}"
        yield ""
        yield from ("| environment | default | what it is |", "|---|---|---|")
        hints = typing.get_type_hints(section, include_extras=True)
        for field in msgspec.structs.fields(section):
            name = f"{PREFIX}{section.section}_{field.name}".upper()
            yield f"| `{name}` | {_default(field.default)} | {_meaning(hints[field.name])} |"
        yield ""


def errors() -> Iterator[str]:
    """Every refusal an integrator can meet: its code, its name and what it means."""
    yield from ("| code | `x-rapport-error` | meaning |", "|---|---|---|")
    refusals: set[type[RapportError]] = {Unavailable, *_ours(Refusal), *_ours(Unavailable)}
    general_first = sorted(refusals, key=lambda e: (e.code, len(e.__mro__), e.__name__))
    for error in general_first:
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", error.__name__).lower()
        yield f"| `{error.code}` | `{name}` | {_sentence(error)} |"
    yield "| `500-01` | | a bug of ours; nothing of your call was kept |"


def metrics() -> Iterator[str]:
    """Every figure of GET /metrics that is ours."""
    yield from ("| metric | what it tells |", "|---|---|")
    for metric in sorted(Metrics().registry.collect(), key=lambda found: found.name):
        if not metric.name.startswith(("process_", "python_")):
            suffix = "_total" if metric.type == "counter" else ""
            yield f"| `{metric.name}{suffix}` | {metric.documentation} |"


def commands() -> Iterator[str]:
    """Every command and what it is for, as its help says."""
    yield from ("| command | what it does |", "|---|---|")
    for name, command in _leaves("rapport", typer.main.get_command(app)):
        yield f"| `{name}` | {command.get_short_help_str(limit=300)} |"


def decisions() -> Iterator[str]:
    """Every decision, by its number and title."""
    for page in sorted((ROOT / "docs" / "decisions").glob("0*.md")):
        title = page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        yield f"- [{title}]({page.name})"


TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "settings": settings,
    "errors": errors,
    "metrics": metrics,
    "commands": commands,
    "decisions": decisions,
}


def with_tables(page: str) -> str:
    """The page with each marked table as the code gives it now."""
    return re.sub(r"(?s)<!-- (\w+) -->.*?<!-- /\1 -->", _table, page)


def _table(mark: re.Match[str]) -> str:
    name = mark.group(1)
    body = "\n".join(TABLES[name]()).strip()
    return f"<!-- {name} -->\n\n{body}\n\n<!-- /{name} -->"


def _leaves(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """The commands below a group; typer carries a click of its own, so their type has no name."""
    children = getattr(command, "commands", None)
    if children is None:
        yield name, command
        return
    for child, below in children.items():
        yield from _leaves(f"{name} {child}", below)


def _ours(base: type[_Kind]) -> Iterator[type[_Kind]]:
    """Every class of the package below `base`, whatever room defines it."""
    for kind in base.__subclasses__():
        if kind.__module__.startswith("rapport."):
            yield kind
        yield from _ours(kind)


def _place(section: type[Section]) -> tuple[int, str]:
    known = section.section in _FIRST_SECTIONS
    return (_FIRST_SECTIONS.index(section.section) if known else 99, section.section)


def _sentence(kind: type) -> str:
    """A docstring's first paragraph, as it stands in a table."""
    first = inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("\n", " ")
    plain = _SPEC_ROWS.sub("", first).split(" Facts: ")[0].rstrip(". ")
    return plain[:1].lower() + plain[1:]


def _default(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    shown = ",".join(value) if isinstance(value, tuple) else str(value)
    return f"`{shown}`" if shown else "empty"


def _meaning(hint: object) -> str:
    about = (getattr(meta, "description", None) for meta in getattr(hint, "__metadata__", ()))
    return next(filter(None, about), "")


def import_every_room() -> None:
    """Import the whole package, so that no class is missed; those that run when imported are left out."""
    for module in sorted(SOURCE.rglob("*.py")):
        name = ".".join(module.relative_to(SOURCE.parent).with_suffix("").parts)
        if ".migrations." not in name and not name.endswith(".__main__"):
            importlib.import_module(name.removesuffix(".__init__"))


def main(_arguments: Sequence[str]) -> int:
    """Rewrite the tables of every page that marks one."""
    import_every_room()
    for page in sorted((ROOT / "docs").rglob("*.md")):
        before = page.read_text(encoding="utf-8")
        after = with_tables(before)
        if after != before:
            page.write_text(after, encoding="utf-8")
            print(f"{page.relative_to(ROOT)} brought up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
