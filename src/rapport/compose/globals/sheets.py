"""The global list as a file: CSV or a workbook, the whole list in five columns (4.10).

Reading and writing block: use a worker thread.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from rapport.compose.globals.conditions import checked
from rapport.compose.globals.findings import Finding, found
from rapport.compose.globals.replacing import Line
from rapport.compose.globals.rows import LONGEST_NAME, names_of

Format = Literal["csv", "xlsx"]
COLUMNS = ("Text", "Folder path", "Title", "Metadata filter key", "Metadata filter value")
TEXT, FOLDER, TITLE, KEYS, VALUES = COLUMNS
LONGEST_TEXT = 4_000
# A workbook is packed: what it unpacks to is looked at before it is unpacked.
UNPACKED_BYTES = 200_000_000
# What a spreadsheet leaves behind when it writes another encoding than it says.
_BAD = "\ufffd"
_PLAIN = re.compile(r"[\s_-]+")

Cells = dict[str, str]


class Problem(NamedTuple):
    """What is wrong with a row, counted as spreadsheets do: the header is row 1."""

    row: int
    column: str | None
    finding: Finding


class Sheet(NamedTuple):
    """A file that was read: its responses with the rows they stand in, and what is wrong with it."""

    lines: Sequence[Line]
    rows: Sequence[int]
    problems: Sequence[Problem]


class Unreadable(Exception):
    """The file as a whole makes no sense; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.sentence)
        self.finding = finding


def read(content: bytes, kind: Format, limit: int) -> Sheet:
    """Read a file of at most `limit` responses; whatever is wrong is told, row by row."""
    lines: list[Line] = []
    rows: list[int] = []
    problems: list[Problem] = []
    try:
        for row, cells in _table(content, kind):
            line, wrong = _line(row, cells)
            lines.append(line)
            rows.append(row)
            problems += wrong
    except Unreadable as error:
        return Sheet([], [], [Problem(1, None, error.finding)])
    if len(lines) > limit:
        return Sheet([], [], [Problem(1, None, found("too_many", count=len(lines), limit=limit))])
    return Sheet(lines, rows, problems)


def _table(content: bytes, kind: Format) -> Iterator[tuple[int, Cells]]:
    """Return the rows that are not empty by their numbers, each cell by its column."""
    table = enumerate(_csv(content) if kind == "csv" else _workbook(content), 1)
    _, header = next(table, (1, []))
    names = _names(header)
    for number, row in table:
        if any(cell.strip() for cell in row):
            yield number, dict(zip(names, row, strict=False))


def _names(header: Sequence[str]) -> list[str]:
    """Return which columns a header names, in any case and with spaces or underscores."""
    known = {_plain(name): name for name in COLUMNS}
    given = [name for name in header if name.strip()]
    unknown = [name for name in given if _plain(name) not in known]
    names = [known.get(_plain(name), "") for name in header]
    if unknown or TEXT not in names or len(set(given)) < len(given):
        raise Unreadable(found("wrong_header", columns=", ".join(COLUMNS)))
    return names


def _plain(name: str) -> str:
    return _PLAIN.sub("", name.strip().casefold())


def _csv(content: bytes) -> Iterator[list[str]]:
    text = content.decode("utf-8-sig", errors="replace")
    first = text.partition("\n")[0]
    # Where the comma is for decimals, spreadsheets write semicolons.
    delimiter = ";" if ";" in first and "," not in first else ","
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise Unreadable(found("no_csv", why=str(error))) from None


def _workbook(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > UNPACKED_BYTES:
                raise Unreadable(found("workbook_too_large"))
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise Unreadable(found("no_workbook")) from None
    for row in workbook.worksheets[0].iter_rows(values_only=True):
        yield [_cell(value) for value in row]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    is_whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if is_whole else value)


def _line(row: int, cells: Cells) -> tuple[Line, list[Problem]]:
    problems = list(_characters(row, cells))
    text, title = cells.get(TEXT, ""), cells.get(TITLE, "").strip()
    if not text.strip():
        problems.append(Problem(row, TEXT, found("text_missing")))
    if len(text) > LONGEST_TEXT:
        problems.append(Problem(row, TEXT, found("text_too_long", limit=LONGEST_TEXT)))
    if len(title) > LONGEST_NAME:
        problems.append(Problem(row, TITLE, found("title_too_long", limit=LONGEST_NAME)))
    folder, misnamed = names_of(cells.get(FOLDER, ""))
    if misnamed is not None:
        problems.append(Problem(row, FOLDER, misnamed))
    given, unpaired = _conditions(cells.get(KEYS, ""), cells.get(VALUES, ""))
    kept, refused = checked(text, given)
    problems += [Problem(row, KEYS, finding) for finding in (*unpaired, *refused)]
    return Line(text, title, tuple(folder), kept), problems


def _characters(row: int, cells: Cells) -> Iterator[Problem]:
    for column, cell in cells.items():
        if _BAD in cell:
            yield Problem(row, column, found("not_utf8"))
        elif "\x00" in cell:
            yield Problem(row, column, found("null_character"))


def _conditions(keys: str, values: str) -> tuple[list[dict[str, Any]], list[Finding]]:
    """Pair the lines of both cells (CMP-188, CMP-189)."""
    names, lists = _lines(keys), _lines(values)
    if len(names) != len(lists):
        return [], [found("unpaired", keys=len(names), lists=len(lists))]
    pairs = zip(names, lists, strict=True)
    return [{"name": name, "allowedValues": _split(line)} for name, line in pairs], []


def _lines(cell: str) -> list[str]:
    return [line.strip() for line in cell.splitlines() if line.strip()]


def _split(line: str) -> list[str]:
    """Return the values of a line; one with a comma in it stands in double quotes."""
    return [value.strip() for value in next(csv.reader([line], skipinitialspace=True))]


def write(lines: Iterable[Line], kind: Format) -> bytes:
    """Write a file that is read as the same list."""
    table = (_cells(line) for line in lines)
    return _as_csv(table) if kind == "csv" else _as_workbook(table)


def _cells(line: Line) -> tuple[str, ...]:
    keys = "\n".join(condition["name"] for condition in line.conditions)
    values = "\n".join(_joined(condition["allowedValues"]) for condition in line.conditions)
    return line.text, " > ".join(line.folder), line.title, keys, values


def _joined(values: Sequence[str]) -> str:
    return ", ".join(
        '"' + value.replace('"', '""') + '"' if "," in value or value.startswith('"') else value
        for value in values
    )


def _as_csv(table: Iterable[Sequence[str]]) -> bytes:
    # With the mark at its beginning, spreadsheets know that the file is UTF-8.
    sheet = io.StringIO("\ufeff", newline="")
    sheet.seek(0, io.SEEK_END)
    writer = csv.writer(sheet)
    writer.writerow(COLUMNS)
    writer.writerows(table)
    return sheet.getvalue().encode()


def _as_workbook(table: Iterable[Sequence[str]]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for number, row in enumerate((COLUMNS, *table), 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value = value
            # Else a text that begins with = would be run.
            cell.data_type = "s"
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


TEMPLATE = (
    Line("Hello {NAME}, how can I help you?", "Greeting", ("General",)),
    Line(
        "Your flight leaves at nine.",
        "Departure",
        ("Flights", "Times"),
        [
            {"name": "queue_name", "allowedValues": ["general", "escalation"]},
            {"name": "language", "allowedValues": ["en"]},
        ],
    ),
)
