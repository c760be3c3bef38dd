"""Files of the global list: what is read from them, and what is wrong with them."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from openpyxl import Workbook

from rapport.compose.globals.findings import SENTENCES
from rapport.compose.globals.replacing import Line
from rapport.compose.globals.sheets import COLUMNS, TEMPLATE, Format, Sheet, read, write

pytestmark = pytest.mark.unit

LINES = [
    Line('She said "one, two";\nthen left.', 'A "title", yes', ("A", "B, b", "C")),
    Line("Naïve café — ¿qué? 你好 😀", "", ()),
    Line(
        "Dear {NAME}, {queue}",
        "Same",
        ("A",),
        [
            {"name": "queue", "allowedValues": ["metadata.queue"]},
            {"name": "city", "allowedValues": ["Paris, TX", 'the "Big" one', "Rome"]},
            {"name": "plan", "allowedValues": ["gold"]},
        ],
    ),
    Line("=1+1", "Same", ("A",)),
    Line("  spaces stay  ", "Same", ("A",)),
    Line("0012", "", ()),
]


def csv(text: str) -> Sheet:
    return read(text.encode(), "csv", 100)


def told(sheet: Sheet) -> list[tuple[int, str | None, str]]:
    return [(each.row, each.column, each.finding.sentence) for each in sheet.problems]


@pytest.mark.spec("CMP-190")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_written_is_read_unchanged(kind: Format) -> None:
    written = write(LINES, kind)

    found = read(written, kind, 100)

    assert list(found.lines) == LINES
    assert list(found.rows) == [2, 3, 4, 5, 6, 7]
    assert not found.problems
    if kind == "csv":
        assert write(found.lines, kind) == written


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_read(kind: Format) -> None:
    found = read(write(TEMPLATE, kind), kind, 100)

    assert tuple(found.lines) == TEMPLATE
    assert not found.problems


@pytest.mark.parametrize(
    "header",
    [
        "Text,Folder path,Title,Metadata filter key,Metadata filter value",
        "TEXT,FOLDER PATH,title,METADATA FILTER KEY,metadata filter value",
        "text,folder_path,title,metadata_filter_key,metadata_filter_value",
        "\ufefftext,folder_path,title,metadata_filter_key,metadata_filter_value",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_header_may_be_written_in_several_ways(header: str, newline: str) -> None:
    row = 'Hello,A > B,Hi,"queue_name\nlob","general, escalation\nretail"'

    found = csv(f"{header}{newline}{row}{newline}{newline}")

    assert not found.problems
    assert list(found.lines) == [
        Line(
            "Hello",
            "Hi",
            ("A", "B"),
            [
                {"name": "queue_name", "allowedValues": ["general", "escalation"]},
                {"name": "lob", "allowedValues": ["retail"]},
            ],
        )
    ]


def test_semicolons_separate_where_commas_are_decimal() -> None:
    found = csv("Text;Folder path;Title\nHi, you;A;\n")
    assert list(found.lines) == [Line("Hi, you", "", ("A",))]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "wrong header"),
        (b"Hello,there\n", "wrong header"),
        (b"Title,Folder path\nHi,A\n", "wrong header"),
        (b"Text,Text\na,b\n", "wrong header"),
        (b"Text,Colour\na,b\n", "wrong header"),
        (b'Text\n"open', "the file is no CSV"),
    ],
)
def test_a_file_of_another_kind_is_refused(content: bytes, problem: str) -> None:
    found = read(content, "csv", 100)
    assert not found.lines
    [(row, column, text)] = told(found)
    assert (row, column) == (1, None)
    assert text.startswith(problem)


def test_what_is_no_workbook_is_refused() -> None:
    [(_, _, text)] = told(read(b"Text\nHello\n", "xlsx", 100))
    assert text == "the file is no Excel workbook (.xlsx)"


def test_numbers_of_a_workbook_are_read_as_they_look() -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (COLUMNS[:3], ("Call us", None, 24.0), (42, "A", 1.5), (None, None, None)):
        sheet.append(row)
    content = io.BytesIO()
    workbook.save(content)

    found = read(content.getvalue(), "xlsx", 100)

    assert list(found.lines) == [Line("Call us", "24"), Line("42", "1.5", ("A",))]


@pytest.mark.spec("CMP-191")
@pytest.mark.parametrize(
    "cell", ["caf\ufffd".encode(), "café".encode("latin-1"), "café".encode("cp1252")]
)
def test_a_wrong_encoding_is_named_with_its_row_and_a_hint(cell: bytes) -> None:
    found = read(b"Text,Title\nfine,\n" + cell + b",x\n", "csv", 100)

    [(row, column, text)] = told(found)
    assert (row, column) == (3, "Text")
    assert text.startswith("invalid character")
    assert "CSV UTF-8 (Comma delimited)" in text


def test_every_row_that_is_wrong_is_told() -> None:
    header = "Text,Folder path,Title,Metadata filter key,Metadata filter value\n"
    rows = (
        ",A,No text,,\n"
        "Fine,,,,\n"
        'Two,,,"a\nb",one\n'
        "Key alone,,,a,\n"
        "Value alone,,,,one\n"
        "Path,A > > B,,,\n"
        f"Title,,{'t' * 201},,\n"
        'Twice,,,"a\na","x\ny"\n'
        f"{'x' * 4001},,,,\n"
    )

    assert told(csv(header + rows)) == [
        (2, "Text", "the text is missing"),
        (4, "Metadata filter key", "2 filter keys and 1 lines of values"),
        (5, "Metadata filter key", "1 filter keys and 0 lines of values"),
        (6, "Metadata filter key", "0 filter keys and 1 lines of values"),
        (7, "Folder path", "has an empty name before or behind a >"),
        (8, "Title", "the title has more than 200 characters"),
        (9, "Metadata filter key", "the key a stands there twice"),
        (10, "Text", "the text has more than 4000 characters"),
    ]


def test_a_list_that_is_too_long_is_told_as_one_problem() -> None:
    found = csv("Text\n" + "Hello\n" * 101)
    assert told(found) == [(1, None, "the file has 101 responses; a list holds at most 100")]
    assert not found.lines


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_console_has_words_for_whatever_can_be_wrong(language: str) -> None:
    catalogue = (
        Path(__file__).parents[2] / f"web/app/src/i18n/{language}/responses.ts"
    ).read_text()
    texts = dict(re.findall(r'"responses\.problem\.(\w+)": "(.*)",', catalogue))
    assert texts.keys() == SENTENCES.keys()
    for code, sentence in SENTENCES.items():
        # Each names what the server's sentence names.
        assert set(re.findall(r"{(\w+)}", texts[code])) == set(re.findall(r"{(\w+)}", sentence))
