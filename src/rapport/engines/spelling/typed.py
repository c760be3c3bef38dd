"""Which word a typing event has completed, and what stands around it.

Cursors count UTF-16 code units, as browsers do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rapport.engines.spelling.speller import Place

# What ends a word while it is being typed. A full stop or a colon may go on ("example.com").
_ENDS = re.compile(r"[\s,;!?…)\]}\"”»]+$")
_TOKEN = re.compile(r"\S+")
_INSIDE = re.compile(r"[^\W_].*[^\W_]|[^\W_]", re.DOTALL)
_OPENING = "\"'“‘«([{¿¡*"
_LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Words read on either side to tell the language.
AROUND = 60


class Typed(NamedTuple):
    """A word just completed: its place in the text in UTF-16 code units, and what is around it."""

    word: str
    position: int
    place: Place
    words: Sequence[str]
    before: str
    before_position: int


def completed(text: str, start: int, end: int) -> Typed | None:
    """The word that typing what lies between two cursors has completed; None when it has none."""
    first, last = _index(text, start), _index(text, end)
    if first is None or last is None or last <= first:
        return None
    ending = _ENDS.search(text, first, last)
    if ending is None:
        return None
    tokens = list(_TOKEN.finditer(text, max(0, last - 2_000), last))
    if not tokens or ending.start() < first or _end_of_word(tokens[-1]) < first:
        return None
    token = tokens[-1]
    inside = _INSIDE.search(token[0])
    if inside is None or not _is_word(token[0], inside):
        return None
    at = token.start() + inside.start()
    before = tokens[-2] if len(tokens) > 1 else None
    after = _TOKEN.search(text, last)
    between = text[before.end() : token.start()] if before else ""
    place = Place(
        _plain(before[0]) if before else "",
        _plain(after[0]) if after else "",
        begins=before is None or before[0][-1] in ".!?…" or "\n" in between,
        addresses=token[0][inside.end() :].startswith((",", "!")),
    )
    near = tokens[-AROUND:]
    words = [_plain(each[0]) for each in near]
    words += [_plain(each[0]) for each in _TOKEN.finditer(text, last, last + 400)]
    return Typed(
        inside[0],
        _units(text[:at]),
        place,
        words,
        before[0] if before else "",
        _units(text[: before.start()]) if before else 0,
    )


def _end_of_word(token: re.Match[str]) -> int:
    inside = _INSIDE.search(token[0])
    return token.start() + inside.end() if inside else -1


def _is_word(token: str, inside: re.Match[str]) -> bool:
    """Whether a token is a word in running text, and no address, number, handle or code."""
    return (
        _LETTERS.fullmatch(inside[0]) is not None
        and not token[: inside.start()].strip(_OPENING)
        and not any(mark in token[inside.end() :] for mark in "@#/\\_=~^")
    )


def _plain(token: str) -> str:
    inside = _INSIDE.search(token)
    return inside[0].lower().replace("’", "'") if inside else ""


def _index(text: str, units: int) -> int | None:
    """The index of a place given in UTF-16 code units; None outside the text or within a character."""
    if units < 0:
        return None
    if text.isascii():
        return units if units <= len(text) else None
    encoded = text.encode("utf-16-le", "surrogatepass")
    if 2 * units > len(encoded):
        return None
    try:
        return len(encoded[: 2 * units].decode("utf-16-le"))
    except UnicodeDecodeError:
        return None


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
