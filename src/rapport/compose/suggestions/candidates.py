"""What may be offered to an agent: texts of three lists, and nothing else (CMP-033..035)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rapport.engines.embedding import Vectors


class Source(StrEnum):
    """The list a text comes from."""

    GLOBAL = "global"
    CUSTOM = "custom"
    ORGANIC = "organic"


class Item(NamedTuple):
    """One item of a response's metadata.

    When `{name}` stands in the text, `allowed` are the places its value is taken from; else `name`
    is a key of the conversation's metadata, and `allowed` are the values it may have.
    """

    name: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A text that may be offered. `vector` is its meaning; None until it has been embedded.

    A text without a vector is found by what is typed and by nothing else.
    """

    id: str
    source: Source
    text: str
    title: str = ""
    metadata: tuple[Item, ...] = ()
    vector: NDArray[np.floating[Any]] | None = None

    def says(self, other: Candidate) -> bool:
        """Whether another says the same under the same conditions."""
        return (self.text, self.metadata) == (other.text, other.metadata)


def packed(vector: Vectors) -> bytes:
    """A vector as it is stored: little-endian float16, 768 bytes."""
    return vector.astype("<f2").tobytes()


def unpacked(stored: bytes) -> NDArray[np.float16]:
    """The inverse of `packed`."""
    return np.frombuffer(stored, dtype="<f2")
