"""Phrase completion: what it saves agents, how much of what is offered is taken, and what it costs.

    uv run python -m bench.compose --part completion [--data ../shared/data/airlines] [--messages 800]

Learns from the conversations of `train.jsonl`, then types agent messages of `dev.jsonl` word by word.
A phrase is taken when the agent goes on to write exactly that, whole. Prints one JSON line a figure;
`against` is a plain n-gram with back-off, counted from the same texts and asked in the same run, at
two thresholds: where it saves most, and where at least half of what it offers is taken.
"""

import argparse
import html
import json
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench._figures import percentile, tell
from rapport.engines.completion import (
    Completer,
    Figures,
    Line,
    Model,
    Phrase,
    Rules,
    Source,
    judged,
    taught,
)

MESSAGES = 800
SEED = 20_261_128
TARGET = "0.25 saved with half of the offers taken"
# The baseline looks at so many words before, and goes on while the next one is this likely.
ORDER = 4
THRESHOLDS = (0.25, 0.65)
LONGEST = 8
TIMED = 2_000


def lines(path: Path) -> Iterator[Line]:
    """Every agent message with the number of its conversation."""
    with path.open(encoding="utf-8") as file:
        for number, row in enumerate(file):
            for message in json.loads(row)["messages"]:
                if message["role"] == "agent":
                    yield Line(html.unescape(message["text"]), number)


class Baseline:
    """The words that followed most often after the same words; fewer words where these are new."""

    def __init__(self, texts: list[str]) -> None:
        self._after: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for text in texts:
            words = text.split()
            for place, word in enumerate(words):
                for order in range(1, min(ORDER, place) + 1):
                    self._after[tuple(words[place - order : place])][word] += 1

    def offer(self, typed: str, threshold: float) -> Phrase | None:
        words, chance, found = typed.split(), 1.0, ""
        for _ in range(LONGEST):
            counts = self._longest(words)
            if counts is None:
                break
            word, count = counts.most_common(1)[0]
            chance *= count / counts.total()
            if chance < threshold:
                break
            words.append(word)
            found += f" {word}"
        return Phrase(found, chance) if found else None

    def _longest(self, words: list[str]) -> Counter[str] | None:
        for order in range(min(ORDER, len(words)), 0, -1):
            counts = self._after.get(tuple(words[-order:]))
            if counts is not None and counts.total() > 1:
                return counts
        return None


class Way(NamedTuple):
    """A way to offer phrases, and how it is called."""

    name: str
    figures: Figures


def show(way: Way, against: str, baseline: Figures) -> None:
    figures = way.figures
    tell(
        f"{way.name}: characters saved",
        figures.saved_share,
        "share",
        target=TARGET,
        against=f"{against}: {baseline.saved_share:.3f} at {baseline.acceptance:.3f} taken",
        ratio=figures.saved_share / baseline.saved_share,
    )
    tell(f"{way.name}: offers taken whole", figures.acceptance, "share", target="0.5")
    tell(f"{way.name}: saved if right first words could be taken", figures.started_share, "share")
    tell(f"{way.name}: offers a message", figures.offered / figures.messages, "offers")


def timed(completer: Completer, texts: list[str]) -> list[float]:
    """Milliseconds of a core for one keystroke each, as an agent's client asks."""
    found: list[float] = []
    for text in texts:
        for end in range(1, len(text)):
            started = time.thread_time()
            completer.complete(text[:end])
            found.append((time.thread_time() - started) * 1_000)
            if len(found) == TIMED:
                return found
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default="../shared/data/airlines")
    parser.add_argument("--messages", type=int, default=MESSAGES)
    options = parser.parse_args()
    known = list(lines(options.data / "train.jsonl"))
    asked = [line.text for line in lines(options.data / "dev.jsonl")]
    random.Random(SEED).shuffle(asked)
    asked = asked[: options.messages]
    started = time.process_time()
    trained = taught(known)
    seconds = time.process_time() - started
    blob = trained.stored()
    model = Model.restored(blob)
    completer = Completer([Source(model)])

    plain = Baseline([line.text for line in known])
    most, half = (
        judged(asked, lambda typed, t=threshold: plain.offer(typed, t))  # type: ignore[misc]
        for threshold in THRESHOLDS
    )
    for name, figures in (("most saved", most), ("half taken", half)):
        tell(f"n-gram with back-off, {name}: saved", figures.saved_share, "share")
        tell(f"n-gram with back-off, {name}: taken", figures.acceptance, "share")
    first, usual = Rules(words=1), Rules()
    ways = [
        Way(
            "after each word", judged(asked, lambda typed: completer.after_word(typed, None, first))
        ),
        Way(
            "after each word, with its punctuation",
            judged(asked, lambda typed: completer.after_word(typed, None, first), to_blank=True),
        ),
        Way(
            "after each word from the third",
            judged(asked, lambda typed: completer.after_word(typed, None, usual)),
        ),
        Way("as clients ask", judged(asked, lambda typed: completer.complete(typed, None, first))),
    ]
    for way in ways:
        show(way, "n-gram with back-off, half taken", half)
    milliseconds = timed(completer, asked)
    tell("a keystroke, p50", statistics.median(milliseconds), "ms of a core", target="1")
    tell("a keystroke, p99", percentile(milliseconds, 0.99), "ms of a core", target="1")
    tell(f"training on {len(known)} agent messages", seconds, "s of a core")
    tell("model in memory", model.size_bytes / 1e6, "MB", target="60")
    tell("model as stored", len(blob) / 1e6, "MB")


if __name__ == "__main__":
    main()
