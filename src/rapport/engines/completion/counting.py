"""What follows what in a company's texts, counted by word sequences with back-off.

Interpolated Kneser-Ney discounting over up to six words before. What fewer than `min_sources`
conversations say, words or pairs of words, is not in the model at all: a name, a street or a code of
one customer cannot be completed for another, nor be read out of the stored model.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rapport.engines.completion.model import BEGIN, ORDER, PRIME, SHIFT, Level, Model
from rapport.engines.completion.tokens import ANONYMOUS, NAME, Token, names_in, tokens_of

# Likeliest next words kept for each sequence, and for a text of which nothing is known.
KEPT = 4
KEPT_OF_ALL = 20

_MIX = np.uint64(0xBF58476D1CE4E5B9)
_RARE, _BEGIN = 0, 1
# A text of the lists is written to be used: it counts as if so many conversations had said it.
WRITTEN = 3

# With fewer pairs seen once the estimates of discounts are chance.
_FEW = 500

_Ints = NDArray[np.int64]
_Floats = NDArray[np.floating[Any]]
_Mask = NDArray[np.bool_]
_Hashes = NDArray[np.uint64]


class Line(NamedTuple):
    """A text to learn from. `source` tells conversations apart; None: the company wrote it to be used."""

    text: str
    source: int | None = None


class _Corpus(NamedTuple):
    """All texts in a row, one place a token and one for the end of each text."""

    surfaces: _Ints
    norms: _Ints
    sources: _Ints
    weights: _Floats
    depths: _Ints  # tokens before, within the text


def train(lines: Iterable[Line], min_sources: int = 3) -> Model:
    """Count. Takes some 10 s for 40,000 agent messages, most of it splitting them."""
    ordered = sorted(lines, key=lambda line: -1 if line.source is None else line.source)
    if not ordered:
        return Model(["", BEGIN], [""], [], [])
    plain = [tokens_of(line.text) for line in ordered]
    found = names_in(plain)
    names = _common(ordered, plain, found, min_sources)
    inserts = dict.fromkeys(found, NAME)
    split = [_anonymous(line, tokens_of(line.text, inserts)) for line in ordered]
    shared = _shared(ordered, split, min_sources)
    norms = {norm: number for number, norm in enumerate(["", BEGIN, *sorted(shared[1])])}
    surfaces = {surface: number for number, surface in enumerate(["", *sorted(shared[0])])}
    corpus = _corpus(ordered, split, surfaces, norms)
    return Model(list(norms), list(surfaces), sorted(names), _levels(corpus, min_sources))


def _common(
    lines: Sequence[Line],
    split: Sequence[Sequence[Token]],
    names: frozenset[str],
    min_sources: int,
) -> frozenset[str]:
    """Names that enough conversations know; the others are understood and then forgotten."""
    counts: dict[str, tuple[int, int | None]] = {}
    for line, tokens in zip(lines, split, strict=True):
        for norm in {token.norm for token in tokens} & names:
            count, last = counts.get(norm, (0, None))
            if line.source != last:
                counts[norm] = (count + 1, line.source)
    return frozenset(name for name, (count, _) in counts.items() if count >= min_sources)


def _anonymous(line: Line, tokens: Sequence[Token]) -> Sequence[Token]:
    """A text that somebody said, without what is a customer's own."""
    if line.source is None:
        return tokens
    return [
        Token((" " if surface[0] == " " else "") + norm, norm) if norm in ANONYMOUS else token
        for token in tokens
        for surface, norm in [token]
    ]


def _shared(
    lines: Sequence[Line], split: Sequence[Sequence[Token]], min_sources: int
) -> tuple[set[str], set[str]]:
    """Surfaces and norms that enough conversations use, or the company wrote."""
    counts: list[dict[str, int]] = [{}, {}]
    last: list[dict[str, int]] = [{}, {}]
    for line, tokens in zip(lines, split, strict=True):
        for token in tokens:
            for kind in (0, 1):
                if line.source is None:
                    counts[kind][token[kind]] = min_sources
                elif last[kind].get(token[kind]) != line.source:
                    last[kind][token[kind]] = line.source
                    counts[kind][token[kind]] = counts[kind].get(token[kind], 0) + 1
    surfaces, norms = (
        {word for word, count in counted.items() if count >= min_sources} for counted in counts
    )
    return surfaces, norms


def _corpus(
    lines: Sequence[Line],
    split: Sequence[Sequence[Token]],
    surfaces: dict[str, int],
    norms: dict[str, int],
) -> _Corpus:
    surface_ids: list[int] = []
    norm_ids: list[int] = []
    for tokens in split:
        surface_ids += [surfaces.get(token.surface, _RARE) for token in tokens]
        norm_ids += [norms.get(token.norm, _RARE) for token in tokens]
        surface_ids.append(_RARE)
        norm_ids.append(_BEGIN)
    sizes = np.array([len(tokens) + 1 for tokens in split], dtype=np.int64)
    sources = np.array([-1 if line.source is None else line.source for line in lines])
    weights = np.array([WRITTEN if line.source is None else 1 for line in lines], dtype=np.float32)
    firsts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    return _Corpus(
        np.array(surface_ids, dtype=np.int64),
        np.array(norm_ids, dtype=np.int64),
        np.repeat(sources, sizes),
        np.repeat(weights, sizes),
        np.arange(len(surface_ids)) - firsts,
    )


class _Counted(NamedTuple):
    """Every pair of a sequence and the word after it, ordered by sequence, each pair once."""

    pairs: _Hashes
    contexts: _Hashes
    tokens: _Ints
    counts: _Floats
    sources: _Ints
    examples: _Ints  # a place where it stands
    rows: _Ints  # the number of its sequence


def _levels(corpus: _Corpus, min_sources: int) -> list[Level]:
    levels: list[Level] = []
    size = len(corpus.surfaces)
    keys = np.zeros(size, dtype=np.uint64)
    pairs_before = np.zeros(size, dtype=np.uint64)
    lower: tuple[_Hashes, _Floats] | None = None
    alive = np.arange(size)
    is_shared = np.ones(size, dtype=np.bool_)
    for order in range(ORDER + 1):
        if order:
            alive = alive[corpus.depths[alive] >= order - 1]
            before = np.where(
                corpus.depths[alive] >= order, corpus.norms[alive - order], np.int64(_BEGIN)
            )
            mixed = keys[alive] * np.uint64(PRIME) + (before + 1).astype(np.uint64)
            keys[alive] = mixed ^ (mixed >> np.uint64(SHIFT))
        pairs = _pairs(keys[alive], corpus.surfaces[alive])
        counted = _count(corpus, alive, keys, pairs)
        if order < 2:
            is_shared &= _at_places(counted, pairs, alive, size, min_sources)
        heads = np.flatnonzero(np.r_[True, np.diff(counted.rows) > 0])
        totals = np.add.reduceat(counted.counts, heads)
        discounts = _discounts(counted.counts)
        left = np.add.reduceat(discounts, heads) / totals
        chances = (counted.counts - discounts) / totals[counted.rows]
        if lower is not None:
            place = np.searchsorted(lower[0], pairs_before[counted.examples])
            chances = chances + left[counted.rows] * lower[1][place]
        by_pair = np.argsort(counted.pairs)
        lower = counted.pairs[by_pair], chances[by_pair]
        pairs_before[alive] = pairs
        offered = is_shared[counted.examples] & (counted.tokens != _RARE)
        kept = _best(counted, chances, offered, KEPT if order else KEPT_OF_ALL)
        levels.append(_level(counted, chances, left, kept))
    return levels


def _pairs(keys: _Hashes, surfaces: _Ints) -> _Hashes:
    after = (surfaces.astype(np.uint64) + np.uint64(1)) * _MIX
    return (keys ^ after) * np.uint64(PRIME)


def _count(corpus: _Corpus, alive: _Ints, keys: _Hashes, pairs: _Hashes) -> _Counted:
    order = np.lexsort((corpus.sources[alive], pairs))
    sorted_pairs, places = pairs[order], alive[order]
    is_new = np.r_[True, sorted_pairs[1:] != sorted_pairs[:-1]]
    sources = corpus.sources[places]
    # What the company wrote itself (source -1) is shared from the start.
    counted_sources = np.where(sources < 0, np.int64(1 << 20), 1)
    counted_sources[~(is_new | np.r_[True, sources[1:] != sources[:-1]])] = 0
    starts = np.flatnonzero(is_new)
    examples = places[starts]
    by_context = np.argsort(keys[examples], kind="stable")
    contexts = keys[examples][by_context]
    return _Counted(
        sorted_pairs[starts][by_context],
        contexts,
        corpus.surfaces[examples][by_context],
        np.add.reduceat(corpus.weights[places], starts)[by_context],
        np.add.reduceat(counted_sources, starts)[by_context],
        examples[by_context],
        np.cumsum(np.r_[False, contexts[1:] != contexts[:-1]]),
    )


def _at_places(
    counted: _Counted, pairs: _Hashes, alive: _Ints, size: int, min_sources: int
) -> _Mask:
    """Where enough conversations say the same word after the same word."""
    by_pair = np.argsort(counted.pairs)
    enough = counted.sources[by_pair] >= min_sources
    at = np.zeros(size, dtype=np.bool_)
    at[alive] = enough[np.searchsorted(counted.pairs[by_pair], pairs)]
    return at


def _discounts(counts: _Floats) -> _Floats:
    """What is taken from counts of one, two and more for words not yet seen there (Chen, Goodman)."""
    if np.sum(counts < 1.5) < _FEW:
        return np.where(counts < 1.5, 0.7, 0.9).astype(np.float32)
    of = [max(1, int(np.sum(np.round(counts) == number))) for number in (1, 2, 3, 4)]
    share = of[0] / (of[0] + 2 * of[1])
    one = np.clip(1 - 2 * share * of[1] / of[0], 0.3, 0.95)
    two = np.clip(2 - 3 * share * of[2] / of[1], 0.5, 1.5)
    more = np.clip(3 - 4 * share * of[3] / of[2], 0.6, 2.0)
    taken = np.where(counts < 1.5, one, np.where(counts < 2.5, two, more))
    found: _Floats = taken.astype(np.float32)
    return found


def _best(counted: _Counted, chances: _Floats, offered: _Mask, most: int) -> _Ints:
    """The likeliest pairs of each sequence."""
    found = np.flatnonzero(offered)
    ordered = found[np.lexsort((-chances[found], counted.rows[found]))]
    rows = counted.rows[ordered]
    begins = np.flatnonzero(np.r_[True, np.diff(rows) > 0][: len(rows)])
    place = np.arange(len(rows)) - np.repeat(begins, np.diff(np.r_[begins, len(rows)]))
    return ordered[place < most]


def _level(counted: _Counted, chances: _Floats, left: _Floats, kept: _Ints) -> Level:
    rows = counted.rows[kept]
    begins = np.flatnonzero(np.r_[True, np.diff(rows) > 0][: len(rows)])
    return Level(
        counted.contexts[kept][begins],
        np.r_[begins, len(rows)].astype(np.int32),
        left[rows[begins]].astype(np.float32),
        counted.tokens[kept].astype(np.int32),
        chances[kept].astype(np.float32),
    )
