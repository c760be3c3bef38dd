"""A learnt ranker at work: how likely each of many texts is the next thing an agent says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from rapport.engines.embedding import DIMENSIONS, Vectors
from rapport.engines.ranking.layers import Array, through, unit
from rapport.engines.ranking.situations import Situation
from rapport.engines.ranking.words import Bags, Features, Vocabulary, together

# What is known of a situation and a candidate together, in this order.
COLUMNS = (
    "words meet",
    "meanings meet",
    "both meet",
    "words usual",
    "meanings usual",
    "shares words with the last customer messages",
    "shares words with the last agent message",
    "shares words with the rest",
    "length",
    "length of the last customer messages",
    "no agent has spoken",
    "like the last customer messages",
    "like the last agent message",
    "like the rest",
)

# Candidates that are read at once; and situations they are held against to see how usual they are.
_PAGE = 4_096
# Candidates that are weighed by all that is known of them.
WEIGHED = 256
SAMPLE = 1_000


class Rows(NamedTuple):
    """A table of word vectors in a quarter of the space: whole numbers, and a scale for each row."""

    numbers: NDArray[np.int8]
    scales: Array

    @classmethod
    def of(cls, table: Array) -> Rows:
        """Round a table; a row keeps 7 bits of its largest number."""
        scales = np.maximum(np.abs(table).max(axis=1, keepdims=True, initial=0), 1e-9) / 127
        return cls(np.rint(table / scales).astype(np.int8), scales.astype(np.float32))

    def sums(self, bags: Bags) -> Array:
        """The weighted sums of the rows that each bag names."""
        used, places = np.unique(bags.indices, return_inverse=True)
        if not len(used):
            return np.zeros((bags.shape[0], self.numbers.shape[1]), np.float32)
        narrow = sparse.csr_matrix(
            (bags.data, places, bags.indptr), shape=(bags.shape[0], len(used))
        )
        summed: Array = np.asarray(narrow @ (self.numbers[used] * self.scales[used]), np.float32)
        return summed


class Rarity(NamedTuple):
    """How much it says that two texts share a feature: the logarithm of how rare it is in replies."""

    hashes: NDArray[np.uint32]
    weights: Array
    unknown: float

    def of(self, features: Features) -> Array:
        """The weight of each feature."""
        weights = np.full(len(features), self.unknown, np.float32)
        if len(self.hashes):
            places = np.searchsorted(self.hashes, features)
            places[places == len(self.hashes)] = 0
            known = self.hashes[places] == features
            weights[known] = self.weights[places[known]]
        return weights


class Candidates(NamedTuple):
    """Texts that may be said, read once by a ranker; kept as long as the texts and the ranker are."""

    words_met: Array
    meanings_met: Array
    usual: Array
    lengths: Array
    meanings: Array
    vocabulary: Vocabulary
    rarity: Bags

    def __len__(self) -> int:
        return len(self.lengths)


class Combiner(NamedTuple):
    """Weighs what is known of a situation and a candidate: a line and a small network, added."""

    mean: Array
    spread: Array
    line: Array
    network: list[Array]

    def logits(self, columns: Array) -> Array:
        """One number a row; their exponentials are shares of likelihood among a hundred or so."""
        level: Array = (columns - self.mean) / self.spread
        logits: Array = level @ self.line + through(self.network, level)[:, 0]
        return logits


class Knowledge(NamedTuple):
    """All that was learnt from a company's conversations."""

    vocabularies: tuple[Vocabulary, Vocabulary, Vocabulary, Vocabulary]
    tables: tuple[Rows, Rows, Rows, Rows]
    situation_network: list[Array]
    reply_network: list[Array]
    # Of the word towers and of the meaning towers, see `towers.learn`.
    sharpness: tuple[float, float]
    # What both towers make of some situations it learnt from.
    sample: tuple[Array, Array]
    rarity: Rarity
    combiner: Combiner


class Ranker:
    """Scores candidates in situations; safe for any number of threads."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def candidates(self, texts: Sequence[Features], vectors: Vectors) -> Candidates:
        """Read texts once, some 0.2 ms each; `vectors` are theirs. Blocks."""
        meanings = np.asarray(vectors, np.float32).reshape(len(texts), DIMENSIONS)
        words_met, meanings_met, usual = [], [], []
        for start in range(0, len(texts), _PAGE):
            page = slice(start, start + _PAGE)
            words, met = self._replies(texts[page], meanings[page])
            words_met.append(words)
            meanings_met.append(met)
            usual.append(self._usual(words, met))
        vocabulary = Vocabulary(np.unique(together(texts)))
        return Candidates(
            _stacked(words_met, self.width),
            _stacked(meanings_met, self.width),
            _stacked(usual, 2),
            np.log1p(np.array([len(each) for each in texts], np.float32)),
            meanings,
            vocabulary,
            self._rarities(texts, vocabulary),
        )

    @property
    def width(self) -> int:
        """Numbers in what a tower makes of a text."""
        return int(self.knowledge.tables[0].numbers.shape[1])

    def scores(
        self, situation: Situation, candidates: Candidates, rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """The logit of each candidate, or of those in some rows.

        Of many only those that the towers find likeliest are weighed by all that is known; the others
        follow below them in the order of the towers.
        """
        met = self.situations([situation])
        if rows is not None or len(candidates) <= WEIGHED:
            columns = self.columns(situation, met, candidates, rows)
            return self.knowledge.combiner.logits(columns)
        scores = self._towers_alone(met, candidates)
        likely = np.argpartition(-scores, WEIGHED)[:WEIGHED]
        logits = self.knowledge.combiner.logits(self.columns(situation, met, candidates, likely))
        scores += logits.min() - scores[likely].min()
        scores[likely] = logits
        return scores

    def columns(
        self,
        situation: Situation,
        met: tuple[Array, Array],
        candidates: Candidates,
        rows: NDArray[np.int64] | None = None,
    ) -> Array:
        """What is known of a situation and each candidate, (n, COLUMNS); `met` is of `situations`."""
        pick = slice(None) if rows is None else rows
        words, meanings = met
        words_meet = candidates.words_met[pick] @ words[0]
        meanings_meet = candidates.meanings_met[pick] @ meanings[0]
        rarity = candidates.rarity if rows is None else candidates.rarity[rows]
        columns = np.empty((len(words_meet), len(COLUMNS)), np.float32)
        columns[:, 0] = words_meet
        columns[:, 1] = meanings_meet
        columns[:, 2] = words_meet * meanings_meet
        columns[:, 3:5] = candidates.usual[pick]
        for part, features in enumerate(situation.words):
            shared = np.zeros(len(candidates.vocabulary), np.float32)
            shared[candidates.vocabulary.places(features)] = 1
            columns[:, 5 + part] = rarity @ shared
        columns[:, 8] = candidates.lengths[pick]
        columns[:, 9] = np.log1p(len(situation.words[0]))
        columns[:, 10] = situation.meaning[3 * DIMENSIONS]
        parts = situation.meaning[: 3 * DIMENSIONS].reshape(3, DIMENSIONS)
        columns[:, 11:14] = candidates.meanings[pick] @ parts.T
        return columns

    def situations(self, situations: Sequence[Situation]) -> tuple[Array, Array]:
        """What both towers make of situations."""
        known = self.knowledge
        summed = np.zeros((len(situations), self.width), np.float32)
        for part in range(3):
            features = [situation.words[part] for situation in situations]
            summed += known.tables[part].sums(known.vocabularies[part].bags(features))
        meanings = np.stack([situation.meaning for situation in situations])
        return unit(summed)[0], unit(through(known.situation_network, meanings))[0]

    def _towers_alone(self, met: tuple[Array, Array], candidates: Candidates) -> Array:
        """What the towers say of each candidate, on the scale of logits."""
        line = self.knowledge.combiner.line[:2] / self.knowledge.combiner.spread[:2]
        likely: Array = candidates.words_met @ (line[0] * met[0][0])
        likely += candidates.meanings_met @ (line[1] * met[1][0])
        return likely

    def _replies(self, texts: Sequence[Features], meanings: Array) -> tuple[Array, Array]:
        known = self.knowledge
        summed = known.tables[3].sums(known.vocabularies[3].bags(texts))
        return unit(summed)[0], unit(through(known.reply_network, meanings))[0]

    def _usual(self, words: Array, meanings: Array) -> Array:
        """How well each text fits situations in general, as the towers see it."""
        towers = zip(
            (words, meanings), self.knowledge.sample, self.knowledge.sharpness, strict=True
        )
        fits = [
            np.log(np.exp(sharp * (met @ sample.T)).mean(axis=1)) for met, sample, sharp in towers
        ]
        return np.stack(fits, axis=1).astype(np.float32)

    def _rarities(self, texts: Sequence[Features], vocabulary: Vocabulary) -> Bags:
        counts = np.array([len(features) for features in texts], np.int64)
        features = together(texts)
        places = np.searchsorted(vocabulary.hashes, features)
        starts = np.concatenate([[0], np.cumsum(counts)])
        return sparse.csr_matrix(
            (self.knowledge.rarity.of(features), places.astype(np.int32), starts),
            shape=(len(texts), len(vocabulary)),
        )


def _stacked(pages: Sequence[Array], width: int) -> Array:
    return np.concatenate(pages) if pages else np.zeros((0, width), np.float32)
