"""Finding listed terms, however they are written.

    fuck   FUCK   f.u.c.k   f u c k   fu-ck   fuuuck   f**k   f#ck   phuck   5h1t   ｆｕｃｋ   fυсk

Whole words only, so that Scunthorpe stays clean; a few terms no clean word contains are found
within longer ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapport.engines.profanity.folding import Folded, fold
from rapport.engines.profanity.terms import STURDY, Terms, built_in, once, terms_of, words_of

_CHUNK = re.compile(r"\S+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LETTER = re.compile(r"[^\W\d_]")
_RUN = re.compile(r"(.)\1\1")
_TWICE = re.compile(r"(.)\1")
# Letters that stand alone, one after the other.
_SPACED = re.compile(r"(?<![^\W_])[^\W_](?:[\s.,\-_*~/|]{1,3}[^\W_](?![^\W_])){2,}")
_APART = re.compile(r"[\s.,\-_*~/|]+")
# Signs and digits that are read as letters; 1 is an i or an l.
_LEET = str.maketrans("@$!|013457€£+8", "asiioieasteltb")
_LEET_L = str.maketrans("1!|", "lll")
_SIGNS = frozenset("@$!|013457€£+8")
# What hides letters within a word.
_MASKED = re.compile(r"[^\W\d_]+[*#@$%!]+[^\W\d_]+|[^\W\d_][*#]{2,}|[^\W\d_]+(?:[-_.][^\W\d_]+)")
_MASK = re.compile(r"[*#@$%!]+|[-_.]")
# A first letter and stars can be many words; of these it is meant to be read.
_STARRED = re.compile(r"f\*{3}(?:\*{3}|\*{2}|ing|ed|er)?|s\*{3}|b\*{4}|c\*{3}")
# Words that stand between others: never half of a word torn in two.
_SMALL_WORDS = """
put get got see let say one two new now old day way big low top run set sit hit bit did had may own
too use yes yet off per why ask bad far few job man men por con que los las del una sus mas son ser
ver ya te la el de en se su un al mi lo le no si es tu
a i an as at be by do go he hi if in is it me my no of on or so to up us we am the and for you she
her him his not all any can has was are but our out who how its
"""
_SMALL = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True)
class Found:
    """Where a term stands in a text."""

    start: int
    end: int


class Finder:
    """Looks for terms: those that come with the engine, a company's own, but not its exceptions."""

    def __init__(
        self,
        blocked: Iterable[str] = (),
        allowed: Iterable[str] = (),
        *,
        unwanted: bool = True,
    ) -> None:
        own = terms_of(())
        for term in blocked:
            own.add(term)
        self._lists = (own, built_in(unwanted=unwanted))
        self._allowed = {words for term in allowed if (words := words_of(term))}
        self._longest = max((len(words) for words in self._allowed), default=0)

    def has(self, text: str) -> bool:
        """Whether a text has a term."""
        return next(self.find(text), None) is not None

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where terms stand in a text, in order; what overlaps is one place."""
        merged: list[tuple[int, int]] = []
        for start, end in sorted((each.start, each.end) for each in self.find(text)):
            if merged and start < merged[-1][1]:
                start, end = merged[-1][0], max(end, merged.pop()[1])
            merged.append((start, end))
        return merged

    def find(self, text: str) -> Iterator[Found]:
        """Find terms, in no particular order; some may overlap."""
        folded = fold(text)
        words = [
            (match[0].replace("'", "").replace("’", ""), match)
            for match in _WORD.finditer(folded.text)
        ]
        spared = self._spared([word for word, _ in words])
        for index, (word, match) in enumerate(words):
            if index not in spared and self._is_listed(word, text, folded, match.start()):
                yield _found(folded, match.start(), match.end())
        yield from self._phrases(words, spared, folded)
        if not folded.text.isalpha():
            for start, end in (*self._written_oddly(folded.text), *self._torn(words)):
                if not self._is_spared(folded.text[start:end]):
                    yield _found(folded, start, end)

    def _is_listed(self, word: str, text: str, folded: Folded, start: int) -> bool:
        for terms in self._lists:
            if word in terms.words:
                is_name = word in terms.names
                return not (is_name and text[folded.original(start, start + 1)[0]].isupper())
        return any(_is_within(word, terms) for terms in self._lists)

    def _phrases(
        self, words: Sequence[tuple[str, re.Match[str]]], spared: set[int], folded: Folded
    ) -> Iterator[Found]:
        for terms in self._lists:
            if not terms.phrases:
                continue
            for index, (word, match) in enumerate(words):
                for phrase in terms.phrases.get(_read(word), ()):
                    last = index + len(phrase)
                    same = tuple(_read(each) for each, _ in words[index:last]) == phrase
                    if same and not spared.intersection(range(index, last)):
                        yield _found(folded, match.start(), words[last - 1][1].end())

    def _written_oddly(self, text: str) -> Iterator[tuple[int, int]]:
        """Places where a term is written with signs, or with its letters apart or hidden."""
        for chunk in _CHUNK.finditer(text):
            piece = chunk[0].strip(".,;:?\"'()[]{}…")
            if piece.isalpha() or not _LETTER.search(piece):
                continue
            if self._is_disguised(piece):
                start = chunk.start() + chunk[0].index(piece)
                yield start, start + len(piece)
        for spaced in _SPACED.finditer(text):
            joined = _APART.sub("", spaced[0])
            if any(_holds(joined.translate(_LEET), terms) for terms in self._lists):
                yield spaced.start(), spaced.end()

    def _is_disguised(self, piece: str) -> bool:
        if _SIGNS.intersection(piece):
            for read in (piece.translate(_LEET), piece.translate(_LEET_L).translate(_LEET)):
                if any(self._is_leet(word[0], piece) for word in _WORD.finditer(read)):
                    return True
        if _STARRED.fullmatch(piece.rstrip("!")):
            return True
        joined = "".join(_WORD.findall(piece))
        if len(joined) < len(piece.strip("!")) and any(_is_sturdy(joined, t) for t in self._lists):
            return True
        return any(self._is_masked(match[0]) for match in _MASKED.finditer(piece))

    def _is_leet(self, word: str, piece: str) -> bool:
        # Short terms with digits are seats and codes ("a55"); with a sign they are meant ("@ss").
        signs = _SIGNS.intersection(piece) - set("013457 8")
        for terms in self._lists:
            if word in terms.words and (len(word) >= STURDY or signs):
                return True
        return any(_is_within(word, terms) for terms in self._lists)

    def _is_masked(self, masked: str) -> bool:
        visible = sum(letter.isalpha() for letter in masked)
        if visible < 2:
            return False
        pattern = _MASK.sub(_gap, masked)
        matches = re.compile(pattern).fullmatch
        return any(
            matches(term)
            for terms in self._lists
            for term in (*terms.words, *terms.parts)
            if len(term) >= STURDY and term[0] == masked[0]
        )

    def _torn(self, words: Sequence[tuple[str, re.Match[str]]]) -> Iterator[tuple[int, int]]:
        """Two short words that are a term when put together, and hardly words by themselves."""
        for (one, first), (other, second) in pairwise(words):
            if len(one) + len(other) > 10 or second.start() - first.end() != 1:
                continue
            rest = [part for part in (one, other) if part not in _SMALL and len(part) <= 3]
            if not rest or len(one) < 2 or len(other) < 2:
                continue
            if any(one + other in terms.sturdy for terms in self._lists):
                yield first.start(), second.end()

    def _spared(self, words: Sequence[str]) -> set[int]:
        """Indices of words that are part of something allowed."""
        spared: set[int] = set()
        for length in range(1, self._longest + 1):
            for index in range(len(words) - length + 1):
                if tuple(words[index : index + length]) in self._allowed:
                    spared.update(range(index, index + length))
        return spared

    def _is_spared(self, place: str) -> bool:
        return words_of(place) in self._allowed


def _found(folded: Folded, start: int, end: int) -> Found:
    return Found(*folded.original(start, end))


def _read(word: str) -> str:
    """A word with digits for letters as it is read; a number stays one."""
    return word if word.isalpha() or word.isdigit() else word.translate(_LEET)


def _is_within(word: str, terms: Terms) -> bool:
    """Whether a word contains a part that no clean one does, or is a term stretched out."""
    if terms.within is not None and terms.within.search(word):
        return True
    if not _TWICE.search(word):
        return False
    if _RUN.search(word):
        short = once(word)
        twice = re.sub(r"(.)\1+", r"\1\1", word)
        return (
            short in terms.short
            or twice in terms.words
            or short in terms.words
            or any(once(part) in short for part in terms.parts)
        )
    return once(word) in terms.single


def _is_sturdy(word: str, terms: Terms) -> bool:
    return len(word) >= STURDY and (word in terms.words or _is_within(word, terms))


def _holds(letters: str, terms: Terms) -> bool:
    """Whether letters that stand alone spell a term somewhere."""
    return (terms.within is not None and terms.within.search(letters) is not None) or any(
        letters[start:end] in terms.words
        for start in range(len(letters) - 2)
        for end in range(start + 3, min(len(letters), start + 14) + 1)
        if end - start >= STURDY or end - start == len(letters)
    )


def _gap(mask: re.Match[str]) -> str:
    """What a mask may hide: as many letters as it has signs, or one more for a single star."""
    length = len(mask[0])
    if mask[0] in "-_.":
        return "[aeiou]"
    return "[a-z]{1,2}" if length == 1 else f"[a-z]{{{max(1, length - 1)},{length + 1}}}"
