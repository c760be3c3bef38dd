"""House rules that review would otherwise repeat, each with its story: part of `make check`.

A line that must break a rule says so and why: `# house: allow <rule>: <reason>`.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

NOT_OURS = frozenset(
    {".git", ".venv", ".tools", "node_modules", "dist", "site", "var", "web_assets", "__pycache__"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"}
)
CODE = (".py", ".ts", ".tsx", ".css", ".html")
TEXT = (*CODE, ".md", ".toml", ".yml", ".yaml", ".json", ".sh", ".js", ".mjs", ".ini", ".cfg", "")
LONGEST_FILE = 500
LONGEST_COMPONENT = 250
CATEGORIES = ("unit", "api", "browser", "cluster")


@dataclass(frozen=True)
class Complaint:
    """One broken rule at one line."""

    path: str
    line: int
    text: str


@dataclass(frozen=True)
class Source:
    """A file of the repository: its path from the root, and its text."""

    path: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The text's lines."""
        return self.text.splitlines()

    @cached_property
    def calls(self) -> list[ast.Call]:
        """Every call of a Python module, in no particular order."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]

    @cached_property
    def tree(self) -> ast.Module:
        """A Python module's syntax."""
        return ast.parse(self.text, self.path)

    @property
    def is_python(self) -> bool:
        """Whether the syntax can be asked for."""
        return self.path.endswith(".py")


Rule = Callable[[Source], Iterator[Complaint]]


def file_length(source: Source) -> Iterator[Complaint]:
    """A file over 500 lines, or a component over 250, is two rooms: split it by use case.

    Files of four and five thousand lines are what every codebase we learned from regrets most;
    nobody chose them, and the first person to say "this is getting big" said it years earlier.
    """
    limit = LONGEST_COMPONENT if source.path.endswith(".tsx") else LONGEST_FILE
    if source.path.endswith(CODE) and len(source.lines) > limit:
        yield Complaint(source.path, 1, f"{len(source.lines)} lines, at most {limit}")


def clock(source: Source) -> Iterator[Complaint]:
    """Wall-clock time comes from `rapport.core.clock`, so that tests and simulations drive it.

    One `datetime.now()` deep in a timer makes a test sleep, and a naive one makes two servers in
    two time zones disagree about who waited longest. Durations may use `time.monotonic`.
    """
    if not source.path.startswith("src/") or source.path == "src/rapport/core/clock.py":
        return
    forbidden = re.compile(r"^(datetime\.)?(datetime|date)\.(now|utcnow|today)$|^time\.time(_ns)?$")
    for call in source.calls if source.is_python else ():
        name = ast.unparse(call.func)
        if forbidden.match(name):
            yield Complaint(source.path, call.lineno, f"{name}: ask rapport.core.clock")


def log_text(source: Source) -> Iterator[Complaint]:
    """What people wrote is never logged: no field `text`, `body` or `message_text` in a log call.

    Logs are kept longer, copied further and read by more people than the database, and redaction
    cannot take back what a log shipper already sent. Log the ids, the length, the language.
    """
    levels = {"debug", "info", "warning", "error", "exception", "critical"}
    private = {"text", "body", "message_text"}
    for call in source.calls if source.is_python and source.path.startswith("src/") else ():
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in levels:
            continue
        for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
            if isinstance(argument, ast.Attribute | ast.Name) and _last_name(argument) in private:
                yield Complaint(source.path, call.lineno, f"logs {ast.unparse(argument)}")
        for keyword in call.keywords:
            if keyword.arg in private:
                yield Complaint(source.path, call.lineno, f"logs a field named {keyword.arg}")


def _last_name(argument: ast.Attribute | ast.Name) -> str:
    return argument.attr if isinstance(argument, ast.Attribute) else argument.id


def category(source: Source) -> Iterator[Complaint]:
    """Every test module says what it needs: `pytestmark = pytest.mark.unit` or another category.

    A test without one runs where its database is missing, fails for the wrong reason, and is
    then skipped for good by somebody in a hurry.
    """
    name = source.path.rpartition("/")[2]
    if not source.path.startswith("tests/") or not re.fullmatch(r"test_\w+\.py", name):
        return
    for node in source.tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            stated = re.findall(r"pytest\.mark\.(\w+)", ast.unparse(node.value))
            if sum(mark in CATEGORIES for mark in stated) == 1:
                return
    yield Complaint(source.path, 1, f"state one category, pytestmark = {' | '.join(CATEGORIES)}")


def machine(source: Source) -> Iterator[Complaint]:
    """Nothing in the repository knows the machine it was written on, nor where packages are kept.

    A path under somebody's home makes a command work for one person; a package host in a script
    makes it fail behind every mirror. Only the lock file of uv may name hosts.
    """
    if source.path == "uv.lock":
        return
    homes = re.compile(r"(?<![\w./*-])/(?:work|root|home/\w+)/")
    hosts = re.compile(r"\b(?:registry\.npmjs|pypi|files\.pythonhosted)\.org\b")
    for number, line in enumerate(source.lines, 1):
        for found in (*homes.findall(line), *hosts.findall(line)):
            yield Complaint(source.path, number, f"names {found}")


RULES: dict[str, Rule] = {
    "file-length": file_length,
    "clock": clock,
    "log-text": log_text,
    "category": category,
    "machine": machine,
}


def sources(root: Path) -> Iterator[Source]:
    """Every text file of the repository that people write."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - NOT_OURS)
        for name in sorted(names):
            path = Path(folder) / name
            if path.suffix in TEXT and not path.is_symlink():
                text = path.read_text(encoding="utf-8", errors="replace")
                yield Source(path.relative_to(root).as_posix(), text)


def complaints(source: Source) -> Iterator[tuple[str, Complaint]]:
    """What each rule says about a file, with the lines that are allowed to break it left out."""
    for name, rule in RULES.items():
        for complaint in rule(source):
            if f"house: allow {name}:" not in source.lines[complaint.line - 1]:
                yield name, complaint


def report(files: Iterable[Source]) -> int:
    """Print every complaint; the exit status is 1 when there is one."""
    found = [pair for source in files for pair in complaints(source)]
    for rule, complaint in found:
        print(f"{complaint.path}:{complaint.line}: {rule}: {complaint.text}")
    return 1 if found else 0


def main(arguments: Sequence[str]) -> int:
    """Check the repository, or the one whose root is given."""
    return report(sources(Path(arguments[0]) if arguments else ROOT))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
