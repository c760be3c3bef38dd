"""Learning a ranker from conversations: towers from most of them, their weights from the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rapport.engines.ranking.layers import Adam, Array, Network
from rapport.engines.ranking.ranker import (
    COLUMNS,
    SAMPLE,
    Candidates,
    Combiner,
    Knowledge,
    Ranker,
    Rarity,
    Rows,
)
from rapport.engines.ranking.situations import Line, Situation, situation_of
from rapport.engines.ranking.towers import Examples, MeaningPair, WordPair, learn
from rapport.engines.ranking.words import Features, Vocabulary, together

# Of so many conversations one is kept from the towers, to learn how far to trust them.
_KEPT_FROM_TOWERS = 10
WORD_ROUNDS = 4
MEANING_ROUNDS = 12
# With fewer replies than this a feature counts that two have, and words are gone through more often.
_FEW = 8_000
_FEW_WORD_ROUNDS = 8

# Wrong replies that a right one is held against.
WRONG = 99
# With fewer right ones the network of the combiner would learn them by heart: the line stays.
_LEAST_TO_COMBINE = 500
_COMBINER_ROUNDS = 30
_COMBINER_RATE = 3e-3
_COMBINER_DECAY = np.float32(1e-4)
_COMBINER_MIDDLE = 16
_COMBINER_BATCH = 64
# What the line begins with: the towers are right, in about this proportion.
_FIRST_LINE = {"words meet": 4.0, "meanings meet": 5.0}

# Shares of the time that each part takes, for who watches.
_WORDS_SHARE = 0.25
_MEANINGS_SHARE = 0.9


class Example(NamedTuple):
    """A reply and the situation it was given in."""

    situation: Situation
    reply: Line
    conversation: int


class Learnt(NamedTuple):
    """A ranker, and what it was learnt from."""

    ranker: Ranker
    examples: int


class TooLittle(ValueError):
    """There are not enough replies to learn anything."""


def examples_of(conversations: Sequence[Sequence[Line]]) -> list[Example]:
    """Every agent message with what was said before it."""
    return [
        Example(situation_of(lines[:place]), line, number)
        for number, lines in enumerate(conversations)
        for place, line in enumerate(lines)
        if line.role == "agent"
    ]


def train(
    conversations: Sequence[Sequence[Line]],
    report: Callable[[float], None] = lambda _share: None,
    *,
    seed: int = 1,
) -> Learnt:
    """Learn a ranker; about 2 minutes of one core for 40,000 replies. Raises TooLittle."""
    random = np.random.default_rng(seed)
    every = examples_of(conversations)
    kept_from = set(random.permutation(len(conversations))[::_KEPT_FROM_TOWERS].tolist())
    learning = [each for each in every if each.conversation not in kept_from]
    combining = [each for each in every if each.conversation in kept_from]
    if len(learning) < 32 or len(combining) < 2:
        raise TooLittle
    ranker = _learn_towers(learning, random, report)
    combiner = _learn_to_combine(ranker, combining, random)
    report(1.0)
    return Learnt(Ranker(ranker.knowledge._replace(combiner=combiner)), len(every))


def wrong_ones(count: int, wrong: int, random: np.random.Generator) -> NDArray[np.int64]:
    """For each of `count` places, itself and then `wrong` others at random, (count, 1 + wrong)."""
    others = random.integers(0, count - 1, (count, wrong))
    own = np.arange(count)[:, None]
    others += others >= own
    return np.concatenate([own, others], axis=1)


def _learn_towers(
    every: Sequence[Example], random: np.random.Generator, report: Callable[[float], None]
) -> Ranker:
    is_few = len(every) < _FEW
    replies = [each.reply.features for each in every]
    least = 2 if is_few else 3
    parts = [[each.situation.words[part] for each in every] for part in range(3)]
    vocabularies = (
        Vocabulary.of(parts[0], least),
        Vocabulary.of(parts[1], least),
        Vocabulary.of(parts[2], least),
        Vocabulary.of(replies, least),
    )
    examples = Examples(
        [vocabularies[part].bags(parts[part]) for part in range(3)],
        vocabularies[3].bags(replies),
        np.stack([each.situation.meaning for each in every]),
        np.stack([each.reply.vector for each in every]).astype(np.float32),
        np.unique([hash(features.tobytes()) for features in replies], return_inverse=True)[1],
    )
    words = WordPair(vocabularies, random)
    rounds = _FEW_WORD_ROUNDS if is_few else WORD_ROUNDS
    sharp_words = learn(
        words,
        examples,
        rounds=rounds,
        random=random,
        report=lambda share: report(share * _WORDS_SHARE),
    )
    meanings = MeaningPair(random)
    rest = _MEANINGS_SHARE - _WORDS_SHARE
    sharp_meanings = learn(
        meanings,
        examples,
        rounds=MEANING_ROUNDS,
        random=random,
        report=lambda share: report(_WORDS_SHARE + share * rest),
    )
    tables = [Rows.of(table.value) for table in words.tables]
    knowledge = Knowledge(
        vocabularies,
        (tables[0], tables[1], tables[2], tables[3]),
        [each.value for each in meanings.situation.parameters],
        [each.value for each in meanings.reply.parameters],
        (sharp_words, sharp_meanings),
        (np.zeros((0, 0), np.float32), np.zeros((0, 0), np.float32)),
        _rarity(replies),
        _line_alone(np.zeros(len(COLUMNS), np.float32), np.ones(len(COLUMNS), np.float32)),
    )
    sample = [every[place].situation for place in random.permutation(len(every))[:SAMPLE]]
    return Ranker(knowledge._replace(sample=Ranker(knowledge).situations(sample)))


def _rarity(replies: Sequence[Features]) -> Rarity:
    hashes, counts = np.unique(together(replies), return_counts=True)
    often = counts > 1
    weights = np.log(len(replies) / counts[often]).astype(np.float32)
    return Rarity(hashes[often], weights, float(np.log(len(replies))))


def _learn_to_combine(
    ranker: Ranker, every: Sequence[Example], random: np.random.Generator
) -> Combiner:
    """Learn how far to trust what is known of a pair, from replies that the towers have not seen."""
    passed = [line for each in every for line in each.reply.passed_over]
    lines = [*(each.reply for each in every), *passed]
    candidates = ranker.candidates(
        [line.features for line in lines], np.stack([line.vector for line in lines])
    )
    offered = wrong_ones(len(every), min(WRONG, len(every) - 1), random)
    _offer_passed_over(offered, every)
    columns = np.stack(
        [
            ranker.columns(each.situation, ranker.situations([each.situation]), candidates, rows)
            for each, rows in zip(every, offered, strict=True)
        ]
    )
    mean = columns.mean(axis=(0, 1))
    spread = columns.std(axis=(0, 1)) + np.float32(1e-6)
    start = _line_alone(mean, spread)
    if len(every) < _LEAST_TO_COMBINE:
        return start
    return _fit(start, (columns - mean) / spread, random)


def _offer_passed_over(offered: NDArray[np.int64], every: Sequence[Example]) -> None:
    """Put what an agent passed over in the place of some wrong ones: it looked right once."""
    place = len(every)
    for row, each in enumerate(every):
        count = len(each.reply.passed_over)
        most = min(count, offered.shape[1] - 1)
        offered[row, 1 : 1 + most] = np.arange(place, place + most)
        place += count


def _fit(start: Combiner, level: Array, random: np.random.Generator) -> Combiner:
    """Fit a combiner to levelled columns whose first candidate is the right one."""
    line = Adam(start.line.copy(), _COMBINER_RATE)
    network = Network((level.shape[2], _COMBINER_MIDDLE, 1), _COMBINER_RATE, random)
    for turn in range(_COMBINER_ROUNDS):
        pace = 1 - turn / _COMBINER_ROUNDS
        order = random.permutation(len(level))
        for first in range(0, len(order), _COMBINER_BATCH):
            batch = level[order[first : first + _COMBINER_BATCH]]
            flat = batch.reshape(-1, batch.shape[2])
            logits = flat @ line.value + network.forward(flat, random, 0.0)[:, 0]
            logits = logits.reshape(batch.shape[:2])
            shares = np.exp(logits - logits.max(axis=1, keepdims=True))
            gradient = shares / shares.sum(axis=1, keepdims=True)
            gradient[:, 0] -= 1
            flow = (gradient / np.float32(len(batch))).reshape(-1, 1)
            network.step(flow, pace)
            line.step(flat.T @ flow[:, 0] + _COMBINER_DECAY * line.value, pace)
    weights = [each.value for each in network.parameters]
    return Combiner(start.mean, start.spread, line.value, weights)


def _line_alone(mean: Array, spread: Array) -> Combiner:
    line = np.array([_FIRST_LINE.get(column, 0.0) for column in COLUMNS], np.float32)
    nothing = [
        np.zeros((len(COLUMNS), 1), np.float32),
        np.zeros(1, np.float32),
        np.zeros((1, 1), np.float32),
        np.zeros(1, np.float32),
    ]
    return Combiner(mean, spread, line, nothing)


__all__ = ["Candidates", "Example", "Learnt", "TooLittle", "examples_of", "train", "wrong_ones"]
