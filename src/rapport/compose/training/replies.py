"""The trainer of reply ranking (CMP-207): what an agent is likely to say next."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from rapport.compose.training.trainers import (
    Kind,
    ModelRefused,
    Report,
    Said,
    Trained,
    Transcript,
)
from rapport.engines.embedding import DIMENSIONS, Model, Vectors
from rapport.engines.ranking import (
    Line,
    RankerRefused,
    TooLittle,
    examples_of,
    features_of,
    judge,
    read,
    train,
    written,
)
from rapport.engines.ranking.storing import embedding_fingerprint

# Texts that one thread embeds at a time: a fifth of a second.
_AT_ONCE = 64
_FINGERPRINT_BYTES = 32


class ReplyTrainer:
    """Embeds slices, learns a ranker, and judges it by the true reply among 99 others."""

    kind = Kind.RANKING
    measure = "firstOfHundred"

    def prepare(self, transcripts: Sequence[Transcript]) -> bytes:
        """Embed every message, each followed by what was passed over for it.

        The sentence model's name, then 384 float16 numbers for each text.
        """
        texts = [
            text
            for transcript in transcripts
            for said in transcript.said
            for text in (said.text, *said.passed_over)
        ]
        parts = [texts[start : start + _AT_ONCE] for start in range(0, len(texts), _AT_ONCE)]
        model = Model()
        # Bounded by whoever started this process, as all computing in it is.
        with ThreadPoolExecutor(int(os.environ.get("OMP_NUM_THREADS", "1"))) as pool:
            vectors = list(pool.map(model.encode, parts))
        stacked = np.concatenate([*vectors, np.zeros((0, DIMENSIONS), np.float32)])
        return embedding_fingerprint().encode() + stacked.astype("<f2").tobytes()

    def train(
        self, transcripts: Sequence[Transcript], prepared: Sequence[bytes], report: Report
    ) -> Trained:
        """Learn a ranker. Raises TooLittle."""
        learnt = train(_conversations(transcripts, prepared), report)
        counts = {
            "conversations": len(transcripts),
            "messages": sum(len(transcript.said) for transcript in transcripts),
            "replies": learnt.examples,
        }
        return Trained(written(learnt.ranker), counts)

    def evaluate(
        self, blob: bytes, transcripts: Sequence[Transcript], prepared: Sequence[bytes]
    ) -> Mapping[str, float]:
        """Judge a ranker by true replies among others. Raises ModelRefused."""
        try:
            ranker = read(blob)
        except RankerRefused as error:
            raise ModelRefused(problem=error.facts["problem"]) from None
        figures = judge(ranker, examples_of(_conversations(transcripts, prepared)))
        return {
            "firstOfHundred": round(figures.first, 4),
            "firstThreeOfHundred": round(figures.first_three, 4),
            "judgedReplies": figures.judged,
        }


def _conversations(
    transcripts: Sequence[Transcript], prepared: Sequence[bytes]
) -> list[list[Line]]:
    vectors = iter(np.concatenate([_vectors(content) for content in prepared]))
    return [[_line(said, vectors) for said in transcript.said] for transcript in transcripts]


def _line(said: Said, vectors: Iterator[Vectors]) -> Line:
    line = Line(said.role, features_of(said.text), next(vectors))
    passed = [Line(said.role, features_of(text), next(vectors)) for text in said.passed_over]
    return line._replace(passed_over=passed)


def _vectors(prepared: bytes) -> Vectors:
    if prepared[:_FINGERPRINT_BYTES].decode() != embedding_fingerprint():
        raise ModelRefused(problem="the conversations were embedded by another sentence model")
    stored = np.frombuffer(prepared, "<f2", offset=_FINGERPRINT_BYTES)
    return stored.reshape(-1, DIMENSIONS).astype(np.float32)


__all__ = ["ReplyTrainer", "TooLittle"]
