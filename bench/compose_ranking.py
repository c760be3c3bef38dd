"""Learnt ranking: how often the true reply comes first among a hundred, and what it costs.

    uv run python -m bench.compose --part ranking [--data ../shared/data/airlines] [--conversations 34000]

Learns from the conversations of `train.jsonl` and ranks, for every agent message of `dev.jsonl`, the
true reply among 99 replies given elsewhere (seeded; up to three messages before it are read; a tie is a
defeat). Prints one JSON line a figure; `against` are measured in the same run: the cosine of the
sentence model as shipped, and two linear heads on its vectors learnt from the same replies.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench._figures import tell
from rapport.engines.embedding import DIMENSIONS, Model
from rapport.engines.ranking import (
    Example,
    Line,
    Ranker,
    features_of,
    judge,
    situation_of,
    train,
    written,
    wrong_ones,
)
from rapport.engines.ranking.layers import Adam, Array, unit
from rapport.engines.ranking.situations import MEANING_WIDTH
from rapport.engines.ranking.towers import WIDTH, Examples, learn
from rapport.engines.ranking.words import NO_FEATURES, Vocabulary

CONTEXT = 3
SEED = 1
TARGETS = {"first": ">= 0.45", "first three": ">= 0.62"}
SIZES = (5_000, 45_000)
TIMED = 50
_ROUNDS = 12
_AT_ONCE = 256


def conversations(path: Path, most: int, threads: int) -> list[list[Line]]:
    """Read and embed a file's conversations."""
    with path.open(encoding="utf-8") as file:
        talks = [json.loads(row)["messages"] for _, row in zip(range(most), file, strict=False)]
    texts = [message["text"] for talk in talks for message in talk]
    model = Model()
    with ThreadPoolExecutor(threads) as pool:
        slices = [texts[start : start + _AT_ONCE] for start in range(0, len(texts), _AT_ONCE)]
        vectors = np.concatenate(list(pool.map(model.encode, slices)))
    rows = iter(vectors)
    return [
        [Line(each["role"], features_of(each["text"]), next(rows)) for each in talk]
        for talk in talks
    ]


def asked(talks: Sequence[Sequence[Line]]) -> list[Example]:
    """Every agent message after another one, with up to three messages before it."""
    return [
        Example(situation_of(talk[max(0, place - CONTEXT) : place]), line, number)
        for number, talk in enumerate(talks)
        for place, line in enumerate(talk)
        if line.role == "agent" and place
    ]


class LinearPair:
    """Two matrices on the vectors of the sentence model."""

    def __init__(self, random: np.random.Generator) -> None:
        def matrix(width: int) -> Adam:
            start = random.standard_normal((width, WIDTH), np.float32) / np.float32(width**0.5)
            return Adam(start, 1e-3)

        self.situation, self.reply = matrix(MEANING_WIDTH), matrix(DIMENSIONS)
        self._seen: tuple[Array, Array] | None = None

    def forward(self, examples: Examples, rows: NDArray[np.int64]) -> tuple[Array, Array]:
        self._seen = examples.situations[rows], examples.replies[rows]
        return self._seen[0] @ self.situation.value, self._seen[1] @ self.reply.value

    def step(self, of_situations: Array, of_replies: Array, pace: float) -> None:
        assert self._seen is not None
        self.situation.step(self._seen[0].T @ of_situations, pace)
        self.reply.step(self._seen[1].T @ of_replies, pace)


def linear_heads(learning: Sequence[Example], judged: Sequence[Example]) -> tuple[Array, Array]:
    """What two learnt matrices make of the situations and replies that are judged."""
    random = np.random.default_rng(SEED)
    examples = Examples(
        [],
        Vocabulary(NO_FEATURES).bags([NO_FEATURES] * len(learning)),
        np.stack([each.situation.meaning for each in learning]),
        np.stack([each.reply.vector for each in learning]),
        np.unique([hash(each.reply.features.tobytes()) for each in learning], return_inverse=True)[
            1
        ],
    )
    pair = LinearPair(random)
    learn(pair, examples, rounds=_ROUNDS, random=random, report=lambda _share: None)
    situations = np.stack([each.situation.meaning for each in judged]) @ pair.situation.value
    replies = np.stack([each.reply.vector for each in judged]) @ pair.reply.value
    return unit(situations)[0], unit(replies)[0]


def placed(situations: Array, replies: Array) -> tuple[float, float]:
    """In what share the true reply comes first, and among the first three."""
    offered = wrong_ones(len(replies), 99, np.random.default_rng(SEED))
    scores = np.einsum("nd,nkd->nk", situations, replies[offered])
    better = (scores[:, 1:] >= scores[:, :1]).sum(axis=1)
    return float((better < 1).mean()), float((better < 3).mean())


def tell_serving(ranker: Ranker, judged: Sequence[Example]) -> None:
    """What a new message costs with so many candidates."""
    for size in SIZES:
        pool = [judged[place % len(judged)].reply for place in range(size)]
        began = time.process_time()
        candidates = ranker.candidates(
            [line.features for line in pool], np.stack([line.vector for line in pool])
        )
        tell(
            f"reading a candidate once, of {size}",
            (time.process_time() - began) / size * 1e6,
            "µs CPU",
        )
        spent = []
        for each in judged[:TIMED]:
            began = time.process_time()
            ranker.scores(each.situation, candidates)
            spent.append((time.process_time() - began) * 1e3)
        tell(
            f"a new message among {size} candidates", statistics.median(spent), "ms CPU", target="3"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/airlines"))
    parser.add_argument("--conversations", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    began, spent = time.monotonic(), time.process_time()
    learning = conversations(options.data / "train.jsonl", options.conversations, options.threads)
    tell("embedding", time.monotonic() - began, "s")
    learnt = train(learning)
    tell("training, embedding included", time.monotonic() - began, "s", target="<= 600")
    tell("training, embedding included, CPU", time.process_time() - spent, "s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    tell("peak memory", peak, "MB", target="<= 4000")
    tell("replies learnt from", learnt.examples, "replies")
    tell("size", len(written(learnt.ranker)) / 1e6, "MB")
    judged = asked(conversations(options.data / "dev.jsonl", 1_000_000, options.threads))
    last = np.stack([each.situation.meaning[:DIMENSIONS] for each in judged])
    cosine = placed(last, np.stack([each.reply.vector for each in judged]))
    heads = placed(*linear_heads(asked(learning), judged))
    figures = judge(learnt.ranker, judged)
    for place, (name, value) in enumerate(
        (("first", figures.first), ("first three", figures.first_three))
    ):
        tell(f"true reply {name} of 100", cosine[place], "share", against="sentence model")
        tell(f"true reply {name} of 100", heads[place], "share", against="two linear heads")
        tell(
            f"true reply {name} of 100",
            value,
            "share",
            target=TARGETS[name],
            against="two linear heads",
            ratio=value / heads[place],
        )
    tell_serving(learnt.ranker, judged)


if __name__ == "__main__":
    main()
