"""What a kind of model gives to be trained, judged and rolled back like every other.

::

    class PhraseTrainer:
        kind = Kind.COMPLETION
        measure = "kept_share"

        def prepare(self, transcripts): return b""
        def train(self, transcripts, prepared, report): return Trained(blob, counts)
        def evaluate(self, blob, transcripts, prepared): return {"kept_share": 0.4}

A trainer runs in a process of its own that serves nobody; it may block and take minutes. It gets
redacted text only, knows no database, and is found by name there: it keeps no state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from msgspec import Struct

from rapport.core.errors import RapportError


class Kind(StrEnum):
    """What a model does; stored, so that a name never changes."""

    RANKING = "ranking"
    COMPLETION = "completion"


class ModelRefused(RapportError):
    """A stored model cannot be used by this version of Rapport. Facts: `problem`."""

    sentence = "The model cannot be used: {problem}"


class Said(Struct, frozen=True, array_like=True):
    """One redacted message: who spoke (customer, agent, system), and which agent it was.

    `passed_over` are the texts that were offered for it, as its client reported, and not sent.
    """

    role: str
    text: str
    agent: str = ""
    passed_over: list[str] = []


class Transcript(Struct, frozen=True, array_like=True):
    """One conversation from its beginning."""

    id: str
    said: list[Said]


class Trained(NamedTuple):
    """A new model as it is stored, and numbers about its training (counts, seconds)."""

    blob: bytes
    counts: Mapping[str, float]


# Told the share that is done, 0 to 1.
Report = Callable[[float], None]


class Trainer(Protocol):
    """Makes models of one kind."""

    @property
    def kind(self) -> Kind:
        """What its models do."""
        ...

    @property
    def measure(self) -> str:
        """The figure of `evaluate` by which versions are compared; more is better."""
        ...

    def prepare(self, transcripts: Sequence[Transcript]) -> bytes:
        """Do what is costly and concerns each conversation alone, for a slice of them.

        It is kept, so that training that is interrupted does not do it again. b"" for nothing.
        """
        ...

    def train(
        self, transcripts: Sequence[Transcript], prepared: Sequence[bytes], report: Report
    ) -> Trained:
        """Learn from conversations; `prepared` holds what was done for their slices, in order."""
        ...

    def evaluate(
        self, blob: bytes, transcripts: Sequence[Transcript], prepared: Sequence[bytes]
    ) -> Mapping[str, float]:
        """Judge a model on conversations it has not seen. Raises ModelRefused for a foreign one."""
        ...
