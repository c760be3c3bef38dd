"""How much of the specification the tests prove: `make spec`.

Rows are read from docs/specification (one table row is one id), marks from the tests: in Python
`@pytest.mark.spec("PLT-069", ...)` on a function or class or in a module's `pytestmark`, in the
web's tests a comment `// spec: PLT-069, PLT-070`. A mark that names no row is a lie and fails.

    python -m tools.spec_report             covered and total by area
    python -m tools.spec_report --missing   and the ids nobody proves
    python -m tools.spec_report --json      the same as one JSON object
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_ROW = re.compile(r"^\| ([A-Z]{3}-\d{3}) \| (.+?) \| .+ \|$")
_WEB_MARK = re.compile(r"//\s*spec:\s*(.+)$")
_WEB_TESTS = (".test.ts", ".test.tsx", ".spec.ts", ".spec.tsx")


@dataclass(frozen=True)
class Mark:
    """A test's claim to prove a row, and where it is made (`tests/x/test_y.py:12`)."""

    row: str
    place: str


def rows_of(specification: Path) -> dict[str, str]:
    """Every row's id and feature, in the order of the pages; an id given twice is an error."""
    rows: dict[str, str] = {}
    for page in sorted(specification.glob("*.md")):
        for line in page.read_text(encoding="utf-8").splitlines():
            match = _ROW.match(line)
            if match is None:
                continue
            row, feature = match.groups()
            if row in rows:
                raise ValueError(f"{page.name} gives {row} a second time")
            rows[row] = feature
    return rows


def python_marks(tests: Path) -> Iterator[Mark]:
    """The spec marks of every Python test, wherever the call stands in the module."""
    for module in sorted(tests.rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"), str(module))):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) != "pytest.mark.spec":
                continue
            for argument in node.args:
                row = argument.value if isinstance(argument, ast.Constant) else "(not a literal)"
                yield Mark(str(row), f"{module}:{node.lineno}")


def web_marks(web: Path) -> Iterator[Mark]:
    """The `// spec:` comments of the web's own tests."""
    for module in sorted(web.rglob("*.ts*")):
        if "node_modules" in module.parts or not module.name.endswith(_WEB_TESTS):
            continue
        for number, line in enumerate(module.read_text(encoding="utf-8").splitlines(), 1):
            match = _WEB_MARK.search(line)
            for row in match.group(1).split(",") if match else ():
                yield Mark(row.strip(), f"{module}:{number}")


@dataclass(frozen=True)
class Report:
    """The rows, those the tests prove, and the marks that name no row."""

    rows: Mapping[str, str]
    covered: frozenset[str]
    unknown: Sequence[Mark]

    @property
    def areas(self) -> dict[str, tuple[int, int]]:
        """Covered and total by area prefix, in alphabetical order."""
        prefixes = sorted({row[:3] for row in self.rows})
        return {prefix: self._count(prefix) for prefix in prefixes}

    @property
    def missing(self) -> list[str]:
        """The ids nobody proves, in the order of the pages."""
        return [row for row in self.rows if row not in self.covered]

    def _count(self, prefix: str) -> tuple[int, int]:
        of_area = [row for row in self.rows if row.startswith(prefix)]
        return sum(row in self.covered for row in of_area), len(of_area)


def report_of(rows: Mapping[str, str], marks: Iterable[Mark]) -> Report:
    """Hold the marks against the rows."""
    claimed = list(marks)
    covered = frozenset(mark.row for mark in claimed if mark.row in rows)
    return Report(rows, covered, [mark for mark in claimed if mark.row not in rows])


def as_json(report: Report) -> str:
    """One object: totals, areas, missing ids and unknown marks."""
    areas = {name: {"covered": c, "total": t} for name, (c, t) in report.areas.items()}
    unknown = [{"id": mark.row, "place": mark.place} for mark in report.unknown]
    totals = {"covered": len(report.covered), "total": len(report.rows)}
    return json.dumps({**totals, "areas": areas, "missing": report.missing, "unknown": unknown})


def as_text(report: Report, *, missing: bool) -> str:
    """One line an area, the total, and when asked the missing ids with their features."""
    lines = [_line(name, *counts) for name, counts in report.areas.items()]
    lines.append(_line("all", len(report.covered), len(report.rows)))
    if missing:
        lines += ["", *(f"{row}  {report.rows[row]}" for row in report.missing)]
    return "\n".join(lines)


def _line(name: str, covered: int, total: int) -> str:
    share = covered / total if total else 0.0
    return f"{name}  {covered:>5} / {total:<5} {share:>6.1%}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; 1 when a mark names no row."""
    parser = argparse.ArgumentParser(prog="make spec", description="Rows proved by tests.")
    parser.add_argument("--missing", action="store_true", help="list the rows nobody proves")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository to read")
    options = parser.parse_args(arguments)
    root: Path = options.root
    marks = [*python_marks(root / "tests"), *web_marks(root / "web")]
    report = report_of(rows_of(root / "docs" / "specification"), marks)
    print(as_json(report) if options.json else as_text(report, missing=options.missing))
    for mark in report.unknown:
        print(f"{mark.place}: {mark.row} is no row of docs/specification", file=sys.stderr)
    return 1 if report.unknown else 0


if __name__ == "__main__":
    sys.exit(main())
