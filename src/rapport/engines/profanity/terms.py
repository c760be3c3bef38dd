"""The terms that are looked for, prepared: the list that comes with the engine, and a company's own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from rapport.engines.profanity.folding import fold

_ENDINGS = (
    "s", "es", "ed", "er", "ers", "in", "ing", "ings", "y", "ish", "head", "heads", "face",
    "faces", "hole", "holes", "wad", "bag", "bags", "let",
)  # fmt: skip
_VOWELS = "aeiou"
_PARTS = re.compile(r"[^\W_]+")
# Shorter terms are found as they are written only: too many words are near them.
STURDY = 4


def words_of(text: str) -> tuple[str, ...]:
    """The words of a term or text, folded: letters and digits only."""
    return tuple(_PARTS.findall(fold(text).text.replace("'", "").replace("’", "")))


@dataclass
class Terms:
    """Words, phrases by their first word, and parts that are found within longer words."""

    words: set[str] = field(default_factory=set)
    phrases: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    names: set[str] = field(default_factory=set)
    # Words with every run of a letter written once, for texts that stretch them.
    short: set[str] = field(default_factory=set)
    # Words that have no run of a letter: with one they are meant just as well.
    single: set[str] = field(default_factory=set)

    # Finds any of the parts.
    within: re.Pattern[str] | None = None
    # Words and parts that may stand with a space within.
    sturdy: set[str] = field(default_factory=set)

    def add(self, term: str) -> None:
        """Add a word or a phrase."""
        words = words_of(term)
        if len(words) == 1:
            self.words.add(words[0])
            if len(words[0]) >= STURDY:
                self.sturdy.add(words[0])
                self.short.add(once(words[0]))
                if once(words[0]) == words[0]:
                    self.single.add(words[0])
        elif words:
            self.phrases.setdefault(words[0], []).append(words)


def once(word: str) -> str:
    """A word with every run of a letter written once."""
    return re.sub(r"(.)\1+", r"\1", word)


def terms_of(lines: Iterable[str]) -> Terms:
    """Read a list as `words.txt` describes it."""
    found = Terms()
    parts: list[str] = []
    for line in lines:
        term, marks = line.strip(), ""
        while term and term[-1] in "+=":
            term, marks = term[:-1], marks + term[-1]
        if not term or term.startswith(("#", "[")):
            continue
        if term.startswith("*"):
            parts.append(term[1:])
            found.short.add(once(term[1:]))
            found.single.add(term[1:])
            continue
        for form in (term, *_forms(term)) if "+" in marks else (term,):
            found.add(form)
            if "=" in marks:
                found.names.update(words_of(form))
    found.parts = tuple(parts)
    found.sturdy.update(parts)
    if parts:
        found.within = re.compile("|".join(map(re.escape, parts)))
    return found


def _forms(term: str) -> Iterable[str]:
    """The usual endings of a word, with its last letter doubled or dropped where that is the rule."""
    yield from (term + ending for ending in _ENDINGS)
    if term.endswith("e"):
        yield from (term[:-1] + ending for ending in ("ed", "er", "ers", "ing", "y", "ish"))
    elif len(term) > 2 and term[-2] in _VOWELS and term[-1] not in _VOWELS + "wxy":
        yield from (term + term[-1] + ending for ending in ("ed", "er", "ers", "ing", "y"))


@lru_cache(maxsize=2)
def built_in(*, unwanted: bool) -> Terms:
    """The engine's list: what is obscene, and with `unwanted` what is merely rude as well."""
    lines = files(__package__).joinpath("words.txt").read_text("utf-8").splitlines()
    return terms_of(lines if unwanted else lines[: lines.index("[unwanted]")])
