"""Files of transcripts, row by row: CSV with a heading, or JSON Lines (CMP-210).

Rows of one conversation may stand apart by no more than the rows of a few thousand others.
"""

from __future__ import annotations

import csv
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TextIO

import msgspec
from msgspec import Struct

COLUMNS = ("conversation_externalId", "sender_externalId", "sender_role", "text", "timestamp")
ROLES = {"agent": "agent", "customer": "customer", "bot": "system", "system": "system"}
# Conversations that may still get messages while a file is read.
OPEN = 5_000
LONGEST = 10_000

_BOM = "\ufeff"


class Row(NamedTuple):
    """One message of a transcript."""

    conversation: str
    sender: str
    role: str
    text: str
    at: datetime | None


class Problem(NamedTuple):
    """A row that cannot be used: its line, counted from 1, and why."""

    line: int
    why: str


class Talk(NamedTuple):
    """A conversation with its messages in order."""

    id: str
    rows: Sequence[Row]


class _Message(Struct):
    role: str
    text: str


class _Whole(Struct):
    id: str
    messages: list[_Message]


def rows_in(file: TextIO) -> Iterator[Row | Problem]:
    """Every message of a file, or why it is none."""
    first = file.readline().lstrip(_BOM)
    if first.lstrip().startswith("{"):
        for number, line in enumerate(_after(first, file), 1):
            if line.strip():
                yield from _of_json(line, number)
        return
    heading = [name.strip() for name in next(csv.reader([first]), [])]
    missing = [name for name in COLUMNS if name not in heading]
    if missing:
        yield Problem(1, f"the columns {', '.join(missing)} are missing")
        return
    reader = csv.reader(file)
    for fields in reader:
        if fields:
            yield _of_fields(dict(zip(heading, fields, strict=False)), reader.line_num + 1)


def talks_in(rows: Iterable[Row]) -> Iterator[Talk]:
    """Conversations, each as soon as many others have begun after its last message."""
    open_talks: OrderedDict[str, list[Row]] = OrderedDict()
    for row in rows:
        open_talks.setdefault(row.conversation, []).append(row)
        open_talks.move_to_end(row.conversation)
        if len(open_talks) > OPEN:
            yield _ordered(*open_talks.popitem(last=False))
    for conversation, found in open_talks.items():
        yield _ordered(conversation, found)


def _ordered(conversation: str, rows: list[Row]) -> Talk:
    times = [row.at for row in rows if row.at is not None]
    if len(times) == len(rows):
        rows = [rows[place] for place in sorted(range(len(rows)), key=times.__getitem__)]
    return Talk(conversation, rows)


def _after(first: str, file: TextIO) -> Iterator[str]:
    yield first
    yield from file


def _of_json(line: str, number: int) -> Iterator[Row | Problem]:
    try:
        value: Any = msgspec.json.decode(line)
        if isinstance(value, dict) and "messages" in value:
            whole = msgspec.convert(value, _Whole)
            fields = [
                {
                    COLUMNS[0]: whole.id,
                    COLUMNS[1]: said.role,
                    COLUMNS[2]: said.role,
                    COLUMNS[3]: said.text,
                }
                for said in whole.messages
            ]
        else:
            fields = [msgspec.convert(value, dict[str, str])]
    except (msgspec.MsgspecError, RecursionError) as error:
        # The message names a place, never the text that stands there.
        yield Problem(number, f"it is not as described: {type(error).__name__}")
        return
    yield from (_of_fields(each, number) for each in fields)


def _of_fields(fields: Mapping[str, str], line: int) -> Row | Problem:
    conversation, sender, role, text, at = (fields.get(name, "").strip() for name in COLUMNS)
    if not conversation or len(conversation) > 255:
        return Problem(line, "conversation_externalId is missing or longer than 255 characters")
    if role.lower() not in ROLES:
        return Problem(line, "sender_role is none of agent, customer, bot")
    if not text or len(text) > LONGEST or "\x00" in text or "\ufffd" in text:
        return Problem(line, f"text is empty, longer than {LONGEST} characters or wrongly encoded")
    when = _time(at)
    if at and when is None:
        return Problem(line, "timestamp is no date with a time")
    return Row(conversation, sender[:255], ROLES[role.lower()], text, when)


def _time(written: str) -> datetime | None:
    """A time as it was written, in UTC where no zone is given; None where it is none."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
