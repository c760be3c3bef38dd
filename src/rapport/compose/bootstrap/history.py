"""Conversations from before Rapport, kept redacted for training and proposals (CMP-209, CMP-210)."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from rapport.compose.bootstrap.reading import Problem, Row, Talk, rows_in, talks_in
from rapport.compose.training.corpus import HISTORY
from rapport.compose.training.process import packed, unpacked
from rapport.compose.training.trainers import Said, Transcript
from rapport.core.identity import Scope
from rapport.core.storage import Files
from rapport.engines.redaction import EMPTY, Redactor

# Problems told one by one; a file of another kind has one in every line.
TOLD = 100
# Conversations of one kept file.
HISTORY_SLICE = 2_000


class Imported(NamedTuple):
    """What became of a file."""

    conversations: int
    messages: int
    unusable: int
    problems: list[Problem]


class _Reading:
    """A file being read: how far it is, what was found and what could not be used."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file
        self.conversations = self.messages = self.unusable = 0
        self.problems: list[Problem] = []
        # Kept, because it closes the file when it goes.
        self._text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")
        self._talks = talks_in(self._rows(self._text))

    @property
    def place(self) -> int:
        """Bytes read so far."""
        return self._file.tell()

    def slice(self) -> list[Talk]:
        """The next conversations, none at the end."""
        found = list(islice(self._talks, HISTORY_SLICE))
        self.conversations += len(found)
        self.messages += sum(len(talk.rows) for talk in found)
        return found

    def _rows(self, text: io.TextIOWrapper) -> Iterator[Row]:
        for row in rows_in(text):
            if isinstance(row, Row):
                yield row
                continue
            self.unusable += 1
            if len(self.problems) < TOLD:
                self.problems.append(row)


async def import_file(
    files: Files,
    scope: Scope,
    redactor: Redactor,
    path: Path,
    report: Callable[[int], None],
) -> Imported:
    """Redact the conversations of a file and keep them; `report` is told the bytes read.

    The same file is kept once, however often it is imported, and an interrupted import goes on
    where it was. Rows that cannot be used are left out and told. Raises OSError.
    """
    name = await asyncio.to_thread(_digest, path)
    kept = {file.key for file in await files.list(scope, HISTORY)}
    number = 0
    with path.open("rb") as file:
        reading = _Reading(file)
        while talks := await asyncio.to_thread(reading.slice):
            key = f"{HISTORY}/{name}-{number:05}"
            if key not in kept:
                await files.put(scope, key, await asyncio.to_thread(_redacted, talks, redactor))
            number += 1
            report(reading.place)
        return Imported(reading.conversations, reading.messages, reading.unusable, reading.problems)


async def imported(files: Files, scope: Scope) -> AsyncIterator[Transcript]:
    """Every conversation that was imported; one that stands in several files comes once."""
    seen: set[str] = set()
    for file in await files.list(scope, HISTORY):
        for transcript in unpacked(await files.get(scope, file.key)):
            if transcript.id not in seen:
                seen.add(transcript.id)
                yield transcript


def _redacted(talks: list[Talk], redactor: Redactor) -> bytes:
    transcripts = []
    for talk in talks:
        context, said = EMPTY, []
        for row in talk.rows:
            text = redactor.redact(row.text, context).text
            context = context.after(text)
            said.append(Said(row.role, text, row.sender))
        transcripts.append(Transcript(talk.id, said))
    return packed(transcripts)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=12)).hexdigest()
