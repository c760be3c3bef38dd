"""The kinds of slips, and what each costs: 1 makes a word a thousand times less likely.

A finger that hits the key beside the right one, two letters that change places, a letter doubled or
not, a vowel that sounds alike, an apostrophe left out. The costs are not ours: `tools/slips.py`
learns them from what people typed and what they meant, and writes `data/slips.json`.
"""

from __future__ import annotations

import json
import unicodedata
from functools import lru_cache
from importlib.resources import files

VOWELS = frozenset("aeiouyáéíóúü")
# What another first letter sounds like.
FIRST_LETTERS = {"c": "ks", "k": "cq", "s": "cp", "f": "p", "n": "kp", "r": "w", "j": "g", "g": "j"}


def listed(words: str) -> list[str]:
    """A list of words written as one text."""
    return words.split()


_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# Either may stand for the other.
_SOUNDS = listed("cs ck sz gj fv dt mn bp kq xs uw vb cz xc")
_BEHIND = frozenset(("ch", "gh", "rh", "th", "wh", "sh", "xc", "sc", "gu", "qu", "ck", "kn"))

# One letter for two that sound alike.
_SPELT = frozenset(
    (pair[0], pair[1:])
    for pair in listed(
        "fph kch kck ssc sps jdg wwh rwr nkn ngn ooo uoo iee yie zss"
        " eea eee iei iie eei oou ooa aai uou"
    )
)


def _neighbours() -> frozenset[tuple[str, str]]:
    places = {
        letter: (row, column + row * 0.5)
        for row, letters in enumerate(_ROWS)
        for column, letter in enumerate(letters)
    }
    return frozenset(
        (one, other)
        for one, (row, column) in places.items()
        for other, (its_row, its_column) in places.items()
        if one != other and abs(row - its_row) <= 1 and abs(column - its_column) <= 1
    )


COSTS: dict[str, float] = json.loads(
    files(__package__).joinpath("data", "slips.json").read_text("utf-8")
)
# What is added to the cost of slips: another first letter, and that the other word is a name.
ADDED = ("first", "name")
# No kind of slip costs less, but one of an apostrophe or an accent.
CHEAPEST = min(
    cost
    for kind, cost in COSTS.items()
    if "'" not in kind and kind != "accent" and kind not in ADDED
)
_BESIDE = _neighbours()
_ALIKE = frozenset((pair[0], pair[1]) for pair in _SOUNDS) | frozenset(
    (pair[1], pair[0]) for pair in _SOUNDS
)


@lru_cache(maxsize=4_096)
def bare(letters: str) -> str:
    """Letters without accents."""
    apart = unicodedata.normalize("NFD", letters)
    return "".join(c for c in apart if not unicodedata.combining(c) or c == "\u0303")


def _is_vowel(letter: str) -> bool:
    return letter != "y" and letter in VOWELS


@lru_cache(maxsize=4_096)
def replaced(typed: str, meant: str) -> str:
    """The kind of one letter for another."""
    if bare(typed) == bare(meant):
        return "accent"
    if typed in VOWELS and meant in VOWELS:
        return f"vowel {bare(typed)}>{bare(meant)}"
    if (typed, meant) in _ALIKE:
        return f"sound {typed}>{meant}"
    if (typed, meant) in _BESIDE:
        return "beside"
    return "other" if _is_vowel(typed) == _is_vowel(meant) else "other, vowel and consonant"


@lru_cache(maxsize=16_384)
def extra(letter: str, before: str, after: str) -> str:
    """The kind of a letter that was not meant, between two others; "" at an end of the word."""
    if letter in "'-":
        return f"extra {letter}"
    if letter in (before, after):
        return "extra double vowel" if _is_vowel(letter) else "extra double"
    if not after and letter in "esd":
        return f"extra final {letter}"
    if before + letter in _BEHIND:
        return "extra silent"
    if (letter, before) in _BESIDE or (letter, after) in _BESIDE:
        return "extra beside"
    return "extra vowel" if _is_vowel(letter) else "extra consonant"


@lru_cache(maxsize=16_384)
def missing(letter: str, before: str, after: str) -> str:
    """The kind of a letter that was meant and not typed, between two others."""
    if letter in "'-":
        return f"missing {letter}"
    if letter in (before, after):
        return "missing double vowel" if _is_vowel(letter) else "missing double"
    if not after and letter in "esd":
        return f"missing final {letter}"
    if before + letter in _BEHIND:
        return "missing silent"
    if _is_vowel(letter):
        beside = _is_vowel(before) or _is_vowel(after)
        return "missing vowel by a vowel" if beside else "missing vowel"
    between = _is_vowel(before) and _is_vowel(after)
    return "missing consonant between vowels" if between else "missing consonant"


@lru_cache(maxsize=1_024)
def swapped(letters: str) -> str:
    """The kind of two letters that changed places."""
    if letters in ("ie", "ei"):
        return "swapped ie"
    vowels = _is_vowel(letters[0]) + _is_vowel(letters[1])
    return ("swapped consonants", "swapped", "swapped vowels")[vowels]


def spelt(one: str, two: str) -> str | None:
    """The kind of one letter for two that sound alike, or two for one; None when they do not."""
    if (one, two) not in _SPELT:
        return None
    return "vowel for two" if _is_vowel(one) else "consonant for two"


def begins_alike(typed: str, meant: str) -> bool:
    """Whether first letters that differ are a usual slip: swapped, or another way to write a sound."""
    return (
        typed[:2] == meant[1::-1]
        or (typed[0], meant[:2]) in _SPELT
        or (meant[0], typed[:2]) in _SPELT
        or {typed[0], meant[0]} <= VOWELS
    )
