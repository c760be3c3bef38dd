"""Agents who type: what a completer saves them, and what it can learn from that.

A message is typed word by word. After each word a phrase may be offered; it is taken, whole, when the
agent goes on to write exactly that and its last word ends there. After it, more may be offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from rapport.engines.completion.chances import learn
from rapport.engines.completion.completer import Completer, Phrase, Source
from rapport.engines.completion.counting import Line, train
from rapport.engines.completion.model import Model

# Offers a phrase for what is typed up to the end of a word.
Offer = Callable[[str], Phrase | None]

# Texts of one conversation of so many are not counted until it has told how reliable the counts are.
HELD_BACK = 10
TAUGHT_BY = 1_000

_WORD = re.compile(r"\s*\S+")
_JOINS = "'’-"


class Figures(NamedTuple):
    """What completion was worth for some messages."""

    messages: int
    characters: int
    offered: int
    accepted: int
    saved: int  # characters of phrases that were taken
    started: int  # with those of the first right words of phrases that were not

    @property
    def saved_share(self) -> float:
        """The share of all characters that nobody had to type."""
        return self.saved / max(1, self.characters)

    @property
    def acceptance(self) -> float:
        """The share of offered phrases that were taken."""
        return self.accepted / max(1, self.offered)

    @property
    def started_share(self) -> float:
        """The share of characters saved if right first words could be taken alone."""
        return self.started / max(1, self.characters)


def judged(texts: Iterable[str], offer: Offer, *, to_blank: bool = False) -> Figures:
    """Type all texts; `to_blank` takes a phrase only with the punctuation after its last word."""
    total = Figures(0, 0, 0, 0, 0, 0)
    for text in texts:
        one = _typed(" ".join(text.split()), offer, to_blank)
        total = Figures(*(map(sum, zip(total, one, strict=True))))
    return total


def taught(lines: Sequence[Line], min_sources: int = 3) -> Model:
    """A model of all texts that has learnt, on some it had not seen, how far to trust itself."""
    held = [line for line in lines if line.source is not None and line.source % HELD_BACK == 0]
    seen = [line for line in lines if line.source is None or line.source % HELD_BACK]
    weights = _weights(train(seen, min_sources), [line.text for line in held])
    model = train(lines, min_sources)
    return model.weighing(weights) if weights else model


def is_taken(rest: str, offered: str, to_blank: bool = False) -> bool:
    """Whether an agent who writes `rest` takes what is offered."""
    if not rest.startswith(offered):
        return False
    following = rest[len(offered) : len(offered) + 1]
    if to_blank:
        return following in {"", " "}
    return not following or not (following.isalnum() or following in _JOINS)


def _typed(text: str, offer: Offer, to_blank: bool) -> Figures:
    offered = accepted = saved = started = place = 0
    while (word := _WORD.match(text, place)) is not None:
        place = word.end()
        while place < len(text) and (phrase := offer(text[:place])) is not None:
            offered += 1
            if not is_taken(text[place:], phrase.text, to_blank):
                started += _right_words(text[place:], phrase.text)
                break
            accepted += 1
            saved += len(phrase.text)
            place += len(phrase.text)
            if text[place : place + 1] != " ":
                break
    return Figures(1, len(text), offered, accepted, saved, saved + started)


def _right_words(rest: str, offered: str) -> int:
    """Characters of the first words of an offer that are right."""
    for end in [found.start() for found in re.finditer(r"\s+", offered)][::-1]:
        if end and is_taken(rest, offered[:end]):
            return end
    return 0


def _weights(model: Model, texts: Sequence[str]) -> Sequence[float] | None:
    completer = Completer([Source(model)])
    seen, was_right = [], []
    for text in islice((" ".join(text.split()) for text in texts), TAUGHT_BY):
        for word in _WORD.finditer(text):
            for step in completer.considered(text[: word.end()]):
                seen.append(step.evidence)
                was_right.append(is_taken(text[word.end() :], step.text))
    # Some thousand phrases say something; a few would only mislead.
    return learn(seen, was_right) if len(seen) >= 1_000 else None
