"""Learn what each kind of slip costs, for `rapport.engines.spelling`, from lists of misspellings.

    python -m tools.slips --lists FOLDER aspell holbrook ... [--held-out wikipedia] [--write]

A list is a file `NAME.txt` of lines `misspelling TAB meant`; `tools/typed_slips.txt` of ours is always
learnt from. What stands in a list that is held out is not learnt from, whatever other list has it, too.

The costs are those under which what was meant is likeliest among all that may have been (a conditional
logit), with a weak pull towards one cost for all; a cost of 1 is a factor of a thousand. What others
wrote by hand says little of keyboards: pairs of ours weigh more. Prints how often the likeliest
word is the right one by words in five parts, each judged by what was learnt from the other four.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from rapport.engines.spelling.dictionary import Dictionary, dictionary
from rapport.engines.spelling.edits import compare, respelt
from rapport.engines.spelling.slips import COSTS
from rapport.engines.spelling.speller import SLIP, candidates

TYPED = Path("tools/typed_slips.txt")
COSTS_FILE = Path("src/rapport/engines/spelling/data/slips.json")
WORD = re.compile(r"[a-z']{3,}")
# One slip, and one more for so many letters: who writes for customers can spell.
LETTERS_A_SLIP = 6
# Candidates that a pair is learnt from.
MOST_CANDIDATES = 40
OURS_WEIGH = 20.0
# What every kind costs before anything is learnt, and how strongly costs are pulled to it.
EVERY, PULL = 0.9, 0.3
# The lists have next to none of these.
SET = {"accent": 0.15, "missing '": 0.15, "extra '": 0.15, "missing -": 0.4, "extra -": 0.4}
# No kinds of slips, but added to them: another first letter, and that the word is a name.
ADDED = {"first": 0.3, "name": 0.1}
# The cheapest way to make one word of another is another one under other costs.
ROUNDS = 3
LEAST = 0.1
PARTS = 5
# The logarithm of odds of a tenfold as common word.
LN10 = float(np.log(10.0))


class Pair(NamedTuple):
    """What was typed, what may have been meant, and what is considered."""

    source: str
    typed: str
    meant: frozenset[str]
    considered: Sequence[str]


Costs = dict[str, float]


def read(path: Path) -> dict[str, set[str]]:
    """What may have been meant by each misspelling of a list, in small letters."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in path.read_text("utf-8").splitlines():
        misspelled, _, meant = line.lower().partition("\t")
        found[misspelled].add(meant)
    return found


def pairs(sources: Mapping[str, Path], held_out: Iterable[str]) -> list[Pair]:
    """Pairs to learn from: misspellings of known words that are no words themselves."""
    book = dictionary("en")
    seen, found = set(held_out), []
    for source, path in sources.items():
        for typed, words in sorted(read(path).items()):
            meant = frozenset(word for word in words if book.commonness(word) is not None)
            if typed in seen or not WORD.fullmatch(typed) or book.commonness(typed) is not None:
                continue
            slips = min((OSA.distance(typed, word) for word in meant), default=99)
            if slips > max(1, len(typed) // LETTERS_A_SLIP):
                continue
            seen.add(typed)
            considered = likely(book, typed)
            if meant.intersection(considered):
                found.append(Pair(source, typed, meant, considered))
    return found


def likely(book: Dictionary, typed: str) -> list[str]:
    """The likeliest words of all that may have been meant."""
    scored = {
        word: (book.commonness(word) or 0.0) - SLIP * compare(typed, word).cost
        for word in candidates(book, typed)
    }
    return sorted(scored, key=lambda word: -scored[word])[:MOST_CANDIDATES]


class Table:
    """One row a word considered: how often each kind of slip, and how common the word is."""

    def __init__(self, known: Sequence[Pair], costs: Costs) -> None:
        book = dictionary("en")
        self.kinds = {kind: place for place, kind in enumerate(costs)}
        rows: list[int] = []
        columns: list[int] = []
        values: list[int] = []
        common: list[float] = []
        right: list[bool] = []
        starts: list[int] = []
        for pair in known:
            starts.append(len(common))
            for word in pair.considered:
                counted = slips_of(pair.typed, word, costs)
                counted["name"] = book.is_name(word)
                for kind, count in counted.items():
                    rows.append(len(common))
                    columns.append(self.kinds[kind])
                    values.append(count)
                common.append(book.commonness(word) or 0.0)
                right.append(word in pair.meant)
        shape = (len(common), len(self.kinds))
        self.slips = csr_matrix((values, (rows, columns)), shape, dtype=float)
        self.common, self.right = np.array(common), np.array(right)
        self.starts = np.array(starts)
        self.pair_of = np.repeat(np.arange(len(known)), np.diff([*starts, len(common)]))


def slips_of(typed: str, word: str, costs: Costs) -> Counter[str]:
    """How often each kind of slip there is in what was typed for a word."""
    found = compare(typed, word, costs)
    if word in respelt(typed, "en") and costs["ending"] < found.cost:
        return Counter({"ending": 1})
    counted = Counter(found.kinds)
    counted["first"] = found.cost > sum(costs[kind] for kind in found.kinds) + 1e-9
    return counted


def start() -> Costs:
    """What every kind costs before anything is learnt."""
    return {kind: (SET | ADDED).get(kind, EVERY) for kind in COSTS}


def learn(table: Table, weights: NDArray[np.float64]) -> Costs:
    """The costs under which what was meant is likeliest.

    How sure the likeliest word is may be learnt from the pairs, too, and is not kept.
    """
    before = np.array([*start().values(), 1.0])
    unit = SLIP * LN10
    transposed = table.slips.T.tocsr()
    weighed = weights[table.pair_of]

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        costs, sure = values[:-1], values[-1]
        plain = LN10 * table.common - unit * (table.slips @ costs)
        score = sure * plain
        score -= np.maximum.reduceat(score, table.starts)[table.pair_of]
        odds = np.exp(np.maximum(score, -60.0))
        every = np.add.reduceat(odds, table.starts)
        right = np.add.reduceat(odds * table.right, table.starts)
        slope = odds / every[table.pair_of] - odds * table.right / right[table.pair_of]
        apart = costs - before[:-1]
        pull = PULL * unit**2
        gradient = -unit * sure * (transposed @ (slope * weighed)) + 2 * pull * apart
        total = float((weights * np.log(every / right)).sum() + pull * (apart**2).sum())
        return total, np.array([*gradient, float((slope * weighed * plain).sum())])

    found = minimize(loss, before, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    learned = dict(zip(start(), np.maximum(found.x[:-1], LEAST).tolist(), strict=True))
    return learned | SET


def first_right(table: Table, costs: Costs) -> NDArray[np.bool_]:
    """Of which pairs the likeliest word is right."""
    score = table.common - SLIP * (table.slips @ np.array(list(costs.values())))
    best = np.lexsort((-score, table.pair_of))[table.starts]
    found: NDArray[np.bool_] = table.right[best]
    return found


def learn_from(known: Sequence[Pair], weights: NDArray[np.float64]) -> Costs:
    """The costs that are learnt from some pairs."""
    costs = start()
    for _ in range(ROUNDS):
        costs = learn(Table(known, costs), weights)
    return costs


def report(known: Sequence[Pair], weights: NDArray[np.float64]) -> None:
    """Print how often the likeliest word is right by what was learnt from other words."""
    meant = [min(pair.meant) for pair in known]
    words = sorted(set(meant))
    by_chance = np.random.default_rng(2).integers(PARTS, size=len(words))
    part_of = dict(zip(words, by_chance.tolist(), strict=True))
    parts = np.array([part_of[word] for word in meant])
    right = np.zeros(len(known), bool)
    for part in range(PARTS):
        others = parts != part
        costs = learn_from(only(known, others), weights[others])
        right[~others] = first_right(Table(only(known, ~others), costs), costs)
    sources = np.array([pair.source for pair in known])
    for source in dict.fromkeys(sources):
        of = sources == source
        print(f"{source}: {of.sum()} pairs, the likeliest right in {right[of].mean():.4f}")


def only(known: Sequence[Pair], which: NDArray[np.bool_]) -> list[Pair]:
    """Some of the pairs."""
    return [pair for pair, is_in in zip(known, which, strict=True) if is_in]


def main() -> None:
    """Learn, report and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="lists to learn from")
    parser.add_argument("--lists", type=Path, required=True)
    parser.add_argument("--held-out", action="append", default=[])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    sources = {"ours": TYPED} | {name: options.lists / f"{name}.txt" for name in options.names}
    held_out = {word for name in options.held_out for word in read(options.lists / f"{name}.txt")}
    known = pairs(sources, held_out)
    often = Counter(min(pair.meant) for pair in known)
    weights = np.array(
        [
            (OURS_WEIGH if pair.source == "ours" else 1.0) / np.sqrt(often[min(pair.meant)])
            for pair in known
        ]
    )
    report(known, weights)
    if options.write:
        costs = learn_from(known, weights)
        text = json.dumps({kind: round(cost, 3) for kind, cost in costs.items()}, indent=1)
        COSTS_FILE.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
