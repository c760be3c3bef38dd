"""The words of a language, how common each is, and which are alike.

Some 20 MB a language and half a second to load, so it is loaded when first asked for, and by a
thread that may wait.
"""

from __future__ import annotations

import lzma
import zlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from rapport.engines.spelling.edits import FIRST_LETTERS

# Words less common than this (uses in a thousand million words, as a tenth of a logarithm) are
# known, but hardly ever what somebody meant to write.
PROPOSED_FROM = 4
VERY_COMMON = 55
# Longer words are looked for together.
_LONGEST = 24
LANGUAGES = ("en", "es")
_ALPHABET = {"en": "abcdefghijklmnopqrstuvwxyz", "es": "abcdefghijklmnopqrstuvwxyzáéíóúñü"}


class Dictionary:
    """A language's words; `commonness` is the common logarithm of uses in 10^9 words."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._common: dict[str, int] = {}
        # How a name is written, for words that are nothing but a name.
        self._names: dict[str, str] = {}
        # Of words that are something else as well, those that are a name with a capital.
        self._also_names: set[str] = set()
        self._read(_unpacked(f"{language}.txt.xz").decode())
        self._pairs, self._counts = _pairs(language)

    def _read(self, lines: str) -> None:
        named: dict[str, tuple[str, int]] = {}
        for line in lines.splitlines():
            word, _, value = line.partition("\t")
            lower = word.lower()
            if word == lower:
                self._common[word] = int(value)
            elif int(value) > named.get(lower, ("", -1))[1]:
                named[lower] = word, int(value)
        for lower, (word, common) in named.items():
            if lower not in self._common:
                self._names[lower] = word
                self._common[lower] = common
            else:
                self._also_names.add(lower)
        proposed = [word for word, common in self._common.items() if common >= PROPOSED_FROM]
        self._alike = _Alike(proposed)

    def commonness(self, lower: str) -> float | None:
        """How common a word is; None for one that is not known."""
        common = self._common.get(lower)
        if common is None:
            return None
        # Among very common words being commoner still says little.
        return (common if common <= VERY_COMMON else (common + VERY_COMMON) / 2) / 10

    def written(self, lower: str) -> str:
        """A word as it is written: names with their capitals."""
        return self._names.get(lower, lower)

    def is_name(self, lower: str) -> bool:
        """Whether a word is nothing but a name."""
        return lower in self._names

    def may_be_name(self, lower: str) -> bool:
        """Whether a word with a capital may be a name."""
        return lower in self._names or lower in self._also_names

    def alike(self, lower: str, within: int) -> list[tuple[str, int]]:
        """Known words at most so many edits away that begin alike, and how many; nearest first."""
        return self._alike.find(lower, lower[0], within)

    def sounding_alike(self, lower: str, within: int) -> list[tuple[str, int]]:
        """As `alike`, of words that begin with the second letter, or with the same sound."""
        letters = {*FIRST_LETTERS.get(lower[0], ""), lower[1]} - {lower[0]}
        return [each for letter in letters for each in self._alike.find(lower, letter, within)]

    def other_first(self, lower: str) -> Iterator[str]:
        """Known words that differ in the first letters only: swapped, missing, extra or wrong."""
        tail = lower[1:]
        for word in (
            lower[1:2] + lower[:1] + lower[2:],
            tail,
            *(letter + tail for letter in _ALPHABET[self.language]),
            *(letter + lower for letter in _ALPHABET[self.language]),
        ):
            if self._common.get(word, 0) >= PROPOSED_FROM:
                yield word

    def together(self, first: str, second: str) -> float:
        """How common two words are one after the other; 0 when that is not known."""
        key = zlib.crc32(f"{first} {second}".encode())
        place = bisect_left(self._pairs, key)
        if place < len(self._pairs) and self._pairs[place] == key:
            return float(self._counts[place]) / 20
        return 0.0


class _Alike:
    """Finds words by their letters: a slip takes at most one letter away and adds at most one."""

    def __init__(self, words: list[str]) -> None:
        self._words = sorted(words, key=lambda word: (word[0], len(word)))
        self._letters = np.array([_letters(word) for word in self._words], np.uint64)
        places: dict[str, list[int]] = defaultdict(lambda: [0] * (_LONGEST + 2))
        for word in self._words:
            places[word[0]][min(len(word), _LONGEST) + 1] += 1
        self._places: dict[str, list[int]] = {}
        start = 0
        for letter in sorted(places):
            self._places[letter] = [start := start + count for count in places[letter]]

    def find(self, lower: str, letter: str, within: int) -> list[tuple[str, int]]:
        """Words with a first letter at most so many edits away, nearest first."""
        places = self._places.get(letter)
        if places is None:
            return []
        shortest = min(max(len(lower) - within, 0), _LONGEST)
        start, end = places[shortest], places[min(len(lower) + within, _LONGEST) + 1]
        letters = np.uint64(_letters(lower))
        there = self._letters[start:end]
        near = np.bitwise_count(there & ~letters) <= within
        near &= np.bitwise_count(letters & ~there) <= within
        words = [self._words[start + int(place)] for place in np.flatnonzero(near)]
        found = extract(lower, words, scorer=OSA.distance, score_cutoff=within, limit=None)
        return [(word, int(distance)) for word, distance, _ in found]


def _letters(word: str) -> int:
    """Which letters a word has, and which more than once, as a set of 64 bits."""
    once = twice = 0
    for letter in word:
        bit = 1 << (ord(letter) & 31)
        twice |= once & bit
        once |= bit
    return once | twice << 32


def _unpacked(name: str) -> bytes:
    return lzma.decompress(files(__package__).joinpath("data", name).read_bytes())


def _pairs(language: str) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of known pairs in order, and a value for each."""
    if language != "en":
        return np.empty(0, np.uint32), np.empty(0, np.uint8)
    packed = _unpacked(f"{language}.pairs.xz")
    count = len(packed) // 5
    return (
        np.frombuffer(packed, np.uint32, count),
        np.frombuffer(packed, np.uint8, count, offset=4 * count),
    )


@lru_cache(maxsize=len(LANGUAGES))
def dictionary(language: str) -> Dictionary:
    """The dictionary of a language, loaded once (0.5 s). Raises KeyError for another language."""
    return Dictionary(language)
