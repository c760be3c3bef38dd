"""The few slips of grammar that can be told for sure from two words."""

from __future__ import annotations

import re

from rapport.engines.spelling.edits import listed

# Nobody means one of these twice; "that that" and "had had" may be meant.
_NEVER_TWICE = frozenset(
    listed(
        "the a an to of and in is for with we you your our on at i my this it be are was from or"
    )
)
_NUNCA = frozenset(listed("el la los las de que y en un una con por para su al del lo"))
# How a word sounds is not always how it begins.
_SILENT = re.compile(r"(?:hour|honest|honou?r|heir)")
_SPOKEN_YOU = re.compile(r"(?:uni(?!n|m)|us[aeiu]|ut[ei]|eu|ew|ur[aio]|uk|one|once|ub|uf)")
_ARTICLES = {"a", "an"}


def article(before: str, word: str) -> str | None:
    """The article that goes with a word, when the other one stands before it."""
    if before not in _ARTICLES or len(word) < 3:
        return None
    vowel = word[0] in "aeiou" and not _SPOKEN_YOU.match(word)
    wanted = "an" if vowel or _SILENT.match(word) else "a"
    return wanted if before != wanted else None


def is_doubled(before: str, word: str, language: str) -> bool:
    """Whether a word that nobody means twice was typed twice."""
    return before == word and word in (_NUNCA if language == "es" else _NEVER_TWICE)
