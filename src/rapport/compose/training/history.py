"""Conversations from before Rapport: files of transcripts, read and redacted (CMP-209, CMP-213).

Two forms are read: JSON lines of `{"id", "messages": [{"role", "text"}]}`, and CSV with a row a message
in the documented columns.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from rapport.compose.training.trainers import Said, Transcript
from rapport.core.errors import RapportError
from rapport.engines.redaction import EMPTY, Redactor

COLUMNS = ("conversation_externalId", "sender_externalId", "sender_role", "text", "timestamp")
ROLES = {"agent": "agent", "customer": "customer", "bot": "system", "system": "system"}


class UnreadableHistory(RapportError):
    """A file of transcripts is not in either form. Facts: `line`, `problem`."""

    sentence = "Line {line} of the file cannot be read: {problem}"


class _Message(Struct):
    role: str
    text: str
    sender: str = ""


class _Recorded(Struct):
    id: str
    messages: list[_Message]


def transcripts_of(path: Path, redactor: Redactor) -> Iterator[Transcript]:
    """Yield a file's conversations, redacted with what was said before in each. Blocks.

    Raises UnreadableHistory.
    """
    read = _rows_of_csv(path) if path.suffix.lower() == ".csv" else _lines_of_json(path)
    for conversation_id, messages in read:
        context = EMPTY
        said = []
        for role, sender, text in messages:
            redacted = redactor.redact(text, context).text
            context = context.after(redacted)
            said.append(Said(role, redacted, sender))
        yield Transcript(conversation_id, said)


def _lines_of_json(path: Path) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    decode = msgspec.json.Decoder(_Recorded).decode
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                recorded = decode(line)
            except msgspec.DecodeError as error:
                raise UnreadableHistory(line=number, problem=str(error)) from None
            messages = [
                (_role(each.role, number), each.sender, each.text) for each in recorded.messages
            ]
            yield recorded.id, messages


def _rows_of_csv(path: Path) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Yield conversations by id; rows of one need not stand together, its times give the order."""
    found: dict[str, list[tuple[str, tuple[str, str, str]]]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = set(COLUMNS) - set(rows.fieldnames or ())
        if missing:
            raise UnreadableHistory(line=1, problem=f"no column {', '.join(sorted(missing))}")
        for number, row in enumerate(rows, 2):
            if any(row[column] is None for column in COLUMNS):
                raise UnreadableHistory(line=number, problem="too few columns")
            message = (_role(row["sender_role"], number), row["sender_externalId"], row["text"])
            talk = found.setdefault(row["conversation_externalId"], [])
            talk.append((row["timestamp"], message))
    for conversation_id, messages in found.items():
        # Stable: messages of the same moment stay as the file has them.
        messages.sort(key=lambda each: each[0])
        yield conversation_id, [message for _, message in messages]


def _role(role: str, line: int) -> str:
    known = ROLES.get(role.strip().lower())
    if known is None:
        raise UnreadableHistory(line=line, problem="the role is none of agent, customer, bot")
    return known
