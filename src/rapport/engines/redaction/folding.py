"""Reading a text the way a person does: what looks like a digit is a digit.

Recognisers never see the text itself but its folded form: full-width, Arabic-Indic, circled and
mathematical digits become ASCII digits, accents are dropped, exotic dashes and spaces become plain
ones, and characters nobody can see are left out. `Folded.origin` leads back to the text.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from rapport.engines.redaction.runs import Run, find_runs
from rapport.engines.redaction.signs import Sign, signs
from rapport.engines.redaction.topics import Mention, Topic, mentions

_SOFT_HYPHEN = 0x00AD
_KEYCAP = 0x20E3
_PLAIN = {0xFF20: "@", 0xFF0E: ".", 0x3002: ".", 0x2044: "/", 0x2215: "/", 0x2019: "'", 0x2018: "'"}


def _fold_character(point: int) -> str | None:
    """Return the plain character that stands for a code point, None when it cannot be seen."""
    if point in _PLAIN:
        return _PLAIN[point]
    character = chr(point)
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me") or point in (_SOFT_HYPHEN, _KEYCAP):
        return None
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if category == "Pd" or point == 0x2212:
        return "-"
    if category == "Zs":
        return " "
    bare = unicodedata.normalize("NFKD", character)[0]
    return bare if bare.isascii() else character


class _FoldTable(dict[int, str | None]):
    """A translation table that fills itself, so that each code point is looked at once."""

    def __missing__(self, point: int) -> str | None:
        folded = chr(point) if point < 128 else _fold_character(point)
        # A process sees few distinct characters; a hostile text must not make that many.
        if len(self) < 20_000:
            self[point] = folded
        return folded


_TABLE = _FoldTable()
# A table is slow on what it leaves as it is.
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


class Folded:
    """A text made readable for recognisers, and the way back to it.

    `is_plain` says that the text needed no folding at all; `lower` is the folded text in lower case, of
    the same length; `signs` are the topics and signs that it may hold.
    """

    def __init__(self, text: str) -> None:
        folded = text
        if not text.isascii():
            folded = _NOT_ASCII.sub(lambda found: found[0].translate(_TABLE), text)
        lowered = folded.lower()
        self.text = folded
        # A few letters (the Turkish capital dotted I) grow when lowered: leave those texts alone.
        self.lower = lowered if len(lowered) == len(folded) else folded
        self.signs = signs(self.lower)
        self.is_plain = folded == text
        self._origin = _origin(text) if len(folded) != len(text) else None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Turn a range of the folded text into the range of the text it came from."""
        if self._origin is None or start >= end:
            return start, end
        return self._origin[start], self._origin[end - 1] + 1

    @cached_property
    def runs(self) -> list[Run]:
        """All runs of digits, written and spoken, in order and without overlap."""
        return find_runs(
            self.text,
            self.lower,
            may_be_written=Sign.DIGIT in self.signs,
            may_be_spoken=Sign.SPOKEN_DIGITS in self.signs,
        )

    def mentions(self, topic: Topic) -> list[Mention]:
        """Every place where a topic is named."""
        return mentions(self.lower, topic) if topic in self.signs else []

    def runs_from(self, position: int) -> Iterator[Run]:
        """Give the runs that end after a position, in order."""
        for index in range(bisect_right(self.runs, position, key=_end), len(self.runs)):
            yield self.runs[index]

    def run_before(self, position: int) -> Run | None:
        """Return the last run that ends at or before a position."""
        index = bisect_right(self.runs, position, key=_end)
        return self.runs[index - 1] if index else None


def _origin(text: str) -> list[int]:
    """Return where each character of the folded text stands in a text."""
    gone = {
        found.start() + offset
        for found in _NOT_ASCII.finditer(text)
        for offset, character in enumerate(found[0])
        if _TABLE[ord(character)] is None
    }
    return [index for index in range(len(text)) if index not in gone]


def _end(run: Run) -> int:
    return run.end
