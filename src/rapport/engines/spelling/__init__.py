"""Spelling of the word that was just typed, in English and Spanish (CMP-067..072, CMP-079).

found = check("How is tihs ", 11, 12)
assert found == Correction("tihs", "this", 7)

The dictionaries take half a second and some 65 MB when they are first asked for: `load` them in a
thread. A right word costs microseconds, a wrong one less than a millisecond.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rapport.engines.spelling.dictionary import LANGUAGES, dictionary
from rapport.engines.spelling.grammar import article, is_doubled
from rapport.engines.spelling.languages import DEFAULT, language_of, preferred
from rapport.engines.spelling.speller import Place, correct, is_known, is_ordinary, nothing_known
from rapport.engines.spelling.typed import Typed, completed

__all__ = [
    "LANGUAGES",
    "Correction",
    "Place",
    "check",
    "correct",
    "is_known",
    "is_ordinary",
    "load",
    "preferred",
]


class Correction(NamedTuple):
    """What was typed, what was meant, and where it begins in UTF-16 code units."""

    misspelled: str
    corrected: str
    position: int


def load() -> None:
    """Load the dictionaries, unless they are loaded."""
    for language in LANGUAGES:
        dictionary(language)


def check(
    text: str,
    start: int,
    end: int,
    known: Callable[[str], bool] = nothing_known,
    expected: str = DEFAULT,
) -> Correction | None:
    """What was meant by the word that a typing event completed; None when nothing is wrong.

    The event moved the cursor from `start` to `end`, in UTF-16 code units. `known` says which
    lower-case words are right beside the dictionary's; `expected` is the writer's language unless
    the text plainly tells another.
    """
    typed = completed(text, start, end)
    if typed is None:
        return None
    language = language_of(typed.words, expected)
    meant = correct(typed.word, typed.place, language, known)
    if meant is not None:
        return Correction(typed.word, meant, typed.position)
    return _grammar(typed, language)


def _grammar(typed: Typed, language: str) -> Correction | None:
    word = typed.word.lower()
    before = typed.before.lower()
    if is_doubled(before, word, language):
        misspelled = f"{typed.before} {typed.word}"
        length = typed.position - typed.before_position + len(typed.word)
        if length == len(misspelled):
            return Correction(misspelled, typed.before, typed.before_position)
    if language != "en" or not typed.word.islower():
        return None
    wanted = article(before, word)
    if wanted is None or not is_known(word, language):
        return None
    wanted = wanted.capitalize() if typed.before[0].isupper() else wanted
    return Correction(typed.before, wanted, typed.before_position)
