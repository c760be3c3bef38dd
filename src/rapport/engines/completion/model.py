"""What usually comes next, looked up in microseconds."""

from __future__ import annotations

import io
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from zipfile import BadZipFile

import msgspec
import numpy as np
from numpy.typing import NDArray

from rapport.engines.completion.chances import USUAL
from rapport.engines.completion.tokens import insert_norm, tokens_of

# Words before that decide on the next.
ORDER = 6
BEGIN = "<begin>"

PRIME = 0x9E3779B97F4A7C15
SHIFT = 29
_MASK = (1 << 64) - 1

FORMAT = 1


class ModelRefused(ValueError):
    """A stored model cannot be read by this version."""


class Level(NamedTuple):
    """Sequences of one length: what comes after each, and what is left for shorter ones."""

    contexts: NDArray[np.uint64]
    starts: NDArray[np.int32]
    left: NDArray[np.float32]
    tokens: NDArray[np.int32]
    chances: NDArray[np.float32]


class _Fast(NamedTuple):
    """The same for single look-ups: these read a number ten times as fast as an array does."""

    contexts: Any
    starts: Any
    left: Any
    tokens: Any
    chances: Any


class Found(NamedTuple):
    """What may come next, likeliest first, and how many words before it were known together."""

    tokens: Sequence[tuple[str, float]]
    depth: int


NOTHING = Found([], 0)


class Model:
    """Chances of the next token after what was said; unchanging, safe for any number of threads."""

    def __init__(
        self,
        norms: Sequence[str],
        surfaces: Sequence[str],
        names: Sequence[str],
        levels: Sequence[Level],
        weights: Sequence[float] = USUAL,
    ) -> None:
        self.weights = tuple(weights)
        self.names = frozenset(names)
        self._norms = list(norms)
        self._surfaces = list(surfaces)
        self._levels = list(levels)
        self._number_of = {norm: number for number, norm in enumerate(norms)}
        self._fast = [_Fast(*(part.data for part in level)) for level in levels]

    @property
    def size_bytes(self) -> int:
        """Memory of what was counted."""
        return sum(part.nbytes for level in self._levels for part in level)

    def weighing(self, weights: Sequence[float]) -> Model:
        """The same model, whose phrases are judged by other weights, see `chances.learn`."""
        names = sorted(self.names)
        return Model(self._norms, self._surfaces, names, self._levels, weights)

    def knows(self, norm: str) -> bool:
        """Whether a word was ever said."""
        return norm in self._number_of

    def following(self, norms: Sequence[str]) -> Found:
        """The likeliest next tokens as they are written, after the last of some compared words."""
        known: list[tuple[_Fast, int]] = []
        key = 0
        for order, level in enumerate(self._fast):
            if order > len(norms):
                break
            if order:
                key = (key * PRIME + self._number_of.get(norms[-order], 0) + 1) & _MASK
                key ^= key >> SHIFT
            row = bisect_left(level.contexts, key)
            if row >= len(level.contexts) or level.contexts[row] != key:
                break
            known.append((level, row))
        return self._merged(known)

    def _merged(self, known: Sequence[tuple[_Fast, int]]) -> Found:
        chances: dict[int, float] = {}
        left = 1.0
        for level, row in reversed(known):
            for place in range(level.starts[row], level.starts[row + 1]):
                token = level.tokens[place]
                if token not in chances:
                    chances[token] = left * level.chances[place]
            left *= level.left[row]
        ranked = sorted(chances.items(), key=_second, reverse=True)
        surfaces = self._surfaces
        return Found(
            [(surfaces[token], chance) for token, chance in ranked], max(0, len(known) - 1)
        )

    def stored(self) -> bytes:
        """Everything in one piece, see `restored`."""
        words = msgspec.msgpack.encode(
            (
                FORMAT,
                self._norms,
                self._surfaces,
                sorted(self.names),
                len(self._levels),
                self.weights,
            )
        )
        parts = {
            f"{number}.{name}": part
            for number, level in enumerate(self._levels)
            for name, part in level._asdict().items()
        }
        file = io.BytesIO()
        np.savez_compressed(file, words=np.frombuffer(words, dtype=np.uint8), **parts)
        return file.getvalue()

    @classmethod
    def restored(cls, blob: bytes) -> Model:
        """Read what `stored` wrote. Raises ModelRefused."""
        try:
            with np.load(io.BytesIO(blob), allow_pickle=False) as parts:
                words = msgspec.msgpack.decode(parts["words"].tobytes(), type=_Words)
                version, norms, surfaces, names, count, weights = words
                if version != FORMAT:
                    raise ModelRefused(f"it has format {version}, not {FORMAT}")
                levels = [
                    Level(*(parts[f"{number}.{name}"] for name in Level._fields))
                    for number in range(count)
                ]
        except (OSError, KeyError, ValueError, EOFError, BadZipFile, msgspec.MsgspecError) as error:
            raise ModelRefused(str(error)) from error
        return cls(norms, surfaces, names, levels, weights)


_Words = tuple[int, list[str], list[str], list[str], int, list[float]]


def _second(entry: tuple[int, float]) -> float:
    return entry[1]


@lru_cache(maxsize=65_536)
def norm_of(surface: str) -> str:
    """How one token of a model compares."""
    bare = surface.lstrip()
    if bare.startswith("{"):
        return insert_norm(bare[1:-1])
    if bare.startswith("<"):
        return bare
    return tokens_of(bare)[0].norm
