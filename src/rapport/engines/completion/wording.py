"""The texts a company wrote: completions use no other wording (CMP-063)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

import numpy as np

from rapport.engines.completion.tokens import tokens_of

# Longer phrases are never offered.
LONGEST = 16


class Wording:
    """Tells which phrases stand in one of some texts, a word at a time (a few µs each)."""

    def __init__(self, texts: Iterable[str]) -> None:
        numbers: dict[str, int] = {"": 0}
        row: list[int] = []
        for text in texts:
            row += [
                numbers.setdefault(token.surface.strip().casefold(), len(numbers))
                for token in tokens_of(text)
            ]
            row.append(0)
        words = np.array([*row, *[0] * LONGEST], dtype=np.int32)
        count = len(row)
        # Lexsort's last key decides first.
        keys = [words[ahead : ahead + count] for ahead in range(LONGEST)][::-1]
        self._numbers = numbers
        self._words = memoryview(words.data)
        self._sorted = memoryview(np.lexsort(keys).astype(np.int32).data)

    def begin(self) -> Stretch:
        """Where every phrase begins."""
        return Stretch(self, 0, len(self._sorted), 0)

    def narrowed(self, low: int, high: int, depth: int, word: str) -> Stretch | None:
        """The places among some where a word comes next, None where there is none."""
        number = self._numbers.get(word.strip().casefold())
        if number is None or depth >= LONGEST:
            return None

        def next_word(place: int) -> int:
            found: int = self._words[place + depth]
            return found

        first = bisect_left(self._sorted, number, low, high, key=next_word)
        last = bisect_right(self._sorted, number, first, high, key=next_word)
        return Stretch(self, first, last, depth + 1) if last > first else None


class Stretch:
    """Places in the texts that begin with the same words."""

    __slots__ = ("_depth", "_high", "_low", "_wording")

    def __init__(self, wording: Wording, low: int, high: int, depth: int) -> None:
        self._wording, self._low, self._high, self._depth = wording, low, high, depth

    def then(self, word: str) -> Stretch | None:
        """Those after which a word comes next, None where none does."""
        return self._wording.narrowed(self._low, self._high, self._depth, word)
