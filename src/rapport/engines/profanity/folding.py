"""A text as a person reads it: look-alikes become the letters they stand for.

Full-width, mathematical, circled and small-capital letters, Cyrillic and Greek ones that look Latin,
accents and what nobody can see. The tilde stays: "coño" is no cone.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

_TILDE = "\u0303"
# Latin letters, and what is taken for each.
_LOOKS = {
    "a": "аαάɑᴀӓ", "b": "вβʙьƅ", "c": "сϲᴄς", "d": "ԁᴅđ", "e": "еёєεέҽᴇɛ", "f": "ғꜰƒ",
    "g": "ɡɢԍ", "h": "һнʜ", "i": "іїιίɪıӏ", "j": "јϳᴊ", "k": "кқκᴋ", "l": "ⅼʟł", "m": "мμᴍ",
    "n": "пиηήɴ", "o": "оοόөᴏøσ", "p": "рρᴘ", "q": "ԛ", "r": "гʀ", "s": "ѕꜱ", "t": "тτᴛ",
    "u": "υύᴜμцս", "v": "ѵνᴠ", "w": "ԝωώᴡш", "x": "хχҳ", "y": "уүўγʏ", "z": "зᴢ",
}  # fmt: skip
_ALIKE = {alike: letter for letter, others in _LOOKS.items() for alike in others}
# Blocks of capitals in boxes and circles that have no plain form in Unicode, and flags' letters.
_BLOCKS = (0x1F150, 0x1F170, 0x1F1E6)


def _fold(character: str) -> str:
    """The plain letters that a character stands for; nothing for what cannot be seen."""
    for first in _BLOCKS:
        if first <= ord(character) < first + 26:
            return chr(ord("a") + ord(character) - first)
    category = unicodedata.category(character)
    if category in {"Cf", "Mn", "Me"} or character in "\u115f\u1160\u3164\uffa0":
        return ""
    lower = unicodedata.normalize("NFKC", character).casefold()
    letters = []
    for each in lower:
        apart = unicodedata.normalize("NFD", each)
        base = apart[0] if apart[1:2] != _TILDE or apart[0] != "n" else "ñ"
        letters.append(_ALIKE.get(each, _ALIKE.get(base, base)))
    return "".join(letters)


class _Table(dict[str, str]):
    """Folds that fill themselves; a hostile text must not make them many."""

    def __missing__(self, character: str) -> str:
        folded = _fold(character)
        if len(self) < 20_000:
            self[character] = folded
        return folded


_TABLE = _Table()


class Folded(NamedTuple):
    """A folded text, and for each of its characters the index of the one it came from."""

    text: str
    origin: list[int] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """A range of the folded text as one of the text itself."""
        if self.origin is None or start >= end:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold a text."""
    if text.isascii():
        return Folded(text.lower(), None)
    pieces: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        folded = _TABLE[character]
        pieces.append(folded)
        origin.extend([index] * len(folded))
    return Folded("".join(pieces), origin)
