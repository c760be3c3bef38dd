"""What an agent most likely goes on to write, offered only where it is likely enough."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rapport.engines.completion.chances import USUAL, Evidence, taken
from rapport.engines.completion.model import BEGIN, Found, Model, norm_of
from rapport.engines.completion.tokens import ANONYMOUS, tokens_of
from rapport.engines.completion.wording import LONGEST, Stretch, Wording

# What an offer costs its reader, and what not having to think of it is worth, in characters.
# Chosen on held-out messages so that about half of what is offered is taken (decision 13).
READING = 4.0
# Less likely phrases are not looked at.
FAINTEST = 0.12
# Earlier places in a message at which an offer may still stand.
LOOKED_BACK = 4
# What was worked out for so many beginnings is remembered.
REMEMBERED = 4_096

_WORD = re.compile(r"\S+")
_LAST_WORD = re.compile(r"[^\W_]+(?:['’.@_-][^\W_]+)*$")


class Rules(NamedTuple):
    """From how many typed words on phrases are offered, and how likely they must be taken."""

    words: int = 3
    confidence: float = 0.3


DEFAULT = Rules()


class Phrase(NamedTuple):
    """What to append to what is typed, and how likely it is what comes next."""

    text: str
    chance: float


class Step(NamedTuple):
    """A phrase that could be offered, and what is known of it."""

    text: str
    evidence: Evidence


class Source(NamedTuple):
    """A model, and its share in what is expected."""

    model: Model
    share: float = 1.0


class Completer:
    """Completes for one agent; unchanging but for what it remembers.

    With `wordings` a phrase is offered only if one of them holds it, word for word (CMP-063).
    """

    def __init__(
        self,
        sources: Sequence[Source],
        wordings: Sequence[Wording] | None = None,
    ) -> None:
        self._sources = list(sources)
        self._weights = sources[0].model.weights if sources else USUAL
        self._wordings = wordings
        self._names = frozenset[str]().union(*(source.model.names for source in self._sources))
        self._offers: dict[tuple[str, Rules, tuple[str, ...]], Phrase | None] = {}

    def complete(
        self, typed: str, inserts: Mapping[str, str] | None = None, rules: Rules = DEFAULT
    ) -> Phrase | None:
        """The phrase that goes on after what is typed, None where nothing is likely enough.

        `inserts` are values by key (`{"NAME": "Sarah"}`); a phrase never crosses one that is not
        known. What was offered before stands as long as it is typed, so that it does not flicker.
        Takes some 0.2 ms for a new word.
        """
        if len(typed.split()) < rules.words:
            return None
        held: str | None = None
        chance = 0.0
        values = inserts or {}
        for place in self._places(typed, rules):
            begun = typed[:place]
            if held is not None and not _goes_on(held, begun):
                held = None
            offer = self._offer(begun, values, rules)
            if offer and (held is None or (begun + offer.text).startswith(held)):
                held, chance = begun + offer.text, offer.chance
        if held is not None and _goes_on(held, typed):
            return Phrase(held[len(typed) :], chance)
        return self._within_word(typed, values, rules)

    def after_word(
        self, typed: str, inserts: Mapping[str, str] | None = None, rules: Rules = DEFAULT
    ) -> Phrase | None:
        """The phrase that goes on after a finished word, its blank with it."""
        if len(typed.split()) < rules.words:
            return None
        return self._offer(typed, inserts or {}, rules)

    def considered(self, typed: str) -> list[Step]:
        """Every phrase that could be offered after a finished word, to learn from."""
        return list(self._steps(typed, {}))

    def _places(self, typed: str, rules: Rules) -> list[int]:
        """Ends of the finished words after which something may be offered, the last ones."""
        ends = [found.end() for found in _WORD.finditer(typed)][rules.words - 1 :]
        if ends and ends[-1] == len(typed) and typed[-1:].isalnum():
            ends.pop()
        return ends[-LOOKED_BACK:]

    def _offer(self, typed: str, inserts: Mapping[str, str], rules: Rules) -> Phrase | None:
        key = (typed, rules, tuple(inserts.values()))
        if key not in self._offers:
            if len(self._offers) >= REMEMBERED:
                self._offers.clear()
            self._offers[key] = self._best(self._steps(typed, inserts), rules)
        return self._offers[key]

    def _best(self, steps: Iterator[Step], rules: Rules, *, sure: float = 1.0) -> Phrase | None:
        best, best_gain = None, 0.0
        for step in steps:
            chance = sure * taken(step.evidence, self._weights)
            gain = chance * (len(step.text) + READING) - (1 - chance) * READING
            if chance >= rules.confidence and gain > best_gain:
                best, best_gain = Phrase(step.text, chance), gain
        return best

    def _within_word(self, typed: str, inserts: Mapping[str, str], rules: Rules) -> Phrase | None:
        """The rest of the word at the end and what follows it, or what follows it as it stands."""
        found = _LAST_WORD.search(typed)
        if found is None:
            return None
        begun, part = typed[: found.start()], found[0]
        blank = " " if begun[-1:].isspace() else ""
        norms = self._norms(begun, inserts)
        matching, whole = [], 0.0
        for surface, chance in self._following(norms).tokens:
            written = _filled(surface, inserts)
            if written is None or not written.startswith(blank):
                continue
            if written[len(blank) :].casefold() == part.casefold():
                whole += chance
            elif written[len(blank) :].casefold().startswith(part.casefold()):
                matching.append((surface, written[len(blank) :], chance))
        longer = sum(chance for *_, chance in matching)
        if not whole and not longer:
            return self._offer(typed, inserts, rules) if self._is_word(part) else None
        if whole >= longer:
            sure = whole / (whole + longer)
            return self._best(self._steps(typed, inserts), rules, sure=sure)
        surface, written, chance = max(matching, key=_third)
        start = _Start(
            [*norms, norm_of(surface)], written[len(part) :], chance / (whole + longer + 0.02)
        )
        return self._best(self._steps(typed, inserts, start), rules)

    def _is_word(self, part: str) -> bool:
        norm = tokens_of(part)[0].norm
        return any(source.model.knows(norm) for source in self._sources)

    def _norms(self, text: str, inserts: Mapping[str, str]) -> list[str]:
        known = dict.fromkeys(self._names, "{NAME}")
        known.update({value.casefold(): "{" + key + "}" for key, value in inserts.items()})
        return [BEGIN, *(token.norm for token in tokens_of(text, known))]

    def _following(self, norms: Sequence[str]) -> Found:
        if len(self._sources) == 1:
            return self._sources[0].model.following(norms[-7:])
        chances: dict[str, float] = {}
        depth, total = 0, 0.0
        for model, share in self._sources:
            found = model.following(norms[-7:])
            # Who has seen more of what was said has more of a say in what comes next.
            weight = share * (1 + found.depth) ** 2
            total += weight
            depth = max(depth, found.depth)
            for surface, chance in found.tokens:
                chances[surface] = chances.get(surface, 0.0) + weight * chance
        ranked = sorted(chances.items(), key=_second, reverse=True)
        return Found([(surface, chance / total) for surface, chance in ranked], depth)

    def _steps(
        self, typed: str, inserts: Mapping[str, str], start: _Start | None = None
    ) -> Iterator[Step]:
        """The likeliest continuation, word by word."""
        norms = list(start.norms) if start else self._norms(typed, inserts)
        text = start.text if start else ""
        chance = start.chance if start else 1.0
        stretches = [wording.begin() for wording in self._wordings or ()]
        typed_words = len(typed.split())
        depth = -1
        for _ in range(LONGEST):
            found = self._following(norms)
            depth = found.depth if depth < 0 else depth
            if text:
                ends = sum(
                    part for surface, part in found.tokens if not surface or surface[0] == " "
                )
                words = 1 + text.strip().count(" ")
                evidence = Evidence(chance, ends, depth, len(text), words, typed_words)
                yield Step(text, evidence)
            options = _after_blank(found) if not text and not start else found.tokens
            step = self._next(options, inserts, stretches, chance)
            if step is None:
                return
            surface, written, part, stretches = step
            chance *= part
            text += written
            norms.append(norm_of(surface))

    def _next(
        self,
        options: Sequence[tuple[str, float]],
        inserts: Mapping[str, str],
        stretches: Sequence[Stretch],
        chance: float,
    ) -> tuple[str, str, float, list[Stretch]] | None:
        """The likeliest next token that the lists hold; of two the one used more (CMP-064)."""
        for surface, part in options:
            if chance * part < FAINTEST:
                return None
            narrowed = [found for each in stretches if (found := each.then(surface)) is not None]
            if self._wordings is not None and not narrowed:
                continue
            written = _filled(surface, inserts)
            return (surface, written, part, narrowed) if written else None
        return None


class _Start(NamedTuple):
    norms: Sequence[str]
    text: str
    chance: float


def _goes_on(held: str, typed: str) -> bool:
    return len(held) > len(typed) and held.startswith(typed)


def _after_blank(found: Found) -> list[tuple[str, float]]:
    """What may come after a blank: whatever else came is not what comes now."""
    blank = [(surface, chance) for surface, chance in found.tokens if surface[:1] == " "]
    others = sum(chance for surface, chance in found.tokens if surface[:1] != " ")
    total = max(1 - others, sum(chance for _, chance in blank), 1e-6)
    return [(surface, chance / total) for surface, chance in blank]


def _filled(surface: str, inserts: Mapping[str, str]) -> str | None:
    """A token as it would be written, None when that is not known."""
    bare = surface.lstrip()
    if bare in ANONYMOUS and bare[0] == "<":
        return None
    if not bare.startswith("{"):
        return surface
    value = inserts.get(norm_of(surface)[1:-1])
    return None if not value else surface[: len(surface) - len(bare)] + value


def _second(entry: tuple[str, float]) -> float:
    return entry[1]


def _third(entry: tuple[str, str, float]) -> float:
    return entry[2]
