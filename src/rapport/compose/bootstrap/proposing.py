"""What agents say often, as responses that others may use: grouped, without names, in folders.

Knows no database. A sentence or a message is proposed in the wordings that several conversations
share; what could be one customer's (numbers, names, places, dates) never is.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from rapport.compose.suggestions.anonymous import is_anonymous
from rapport.compose.suggestions.inserts import AGENT, CUSTOMER
from rapport.engines.completion.tokens import names_in, tokens_of

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
# Told the share that is done, 0 to 1.
Report = Callable[[float], None]

# Texts that so few conversations share are not proposed; more in a large company, see `_fewest`.
FEWEST = 3
SHARE = 0.0001
# Texts whose meanings are nearer than this cosine are one response in several wordings.
SAME = 0.86
WORDINGS = 3
# Wordings looked at, the most frequent: some minutes of embedding on one core.
LOOKED_AT = 20_000
MOST = 2_000
# Responses of a folder, on average.
IN_FOLDER = 25
MOST_FOLDERS = 30
EMBEDDED_AT_ONCE = 256

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z¿¡{\"'])")
_LEADING = re.compile(r"^(?:@\S+\s*)+")
_SIGNATURE = re.compile(r"\s*(?:[*^]+\s?[A-Za-z]{1,3}|-\s?[A-Z]{2,3})\s*$")
_OWN_NAME = re.compile(r"\b([Mm]y name is|[Tt]his is|[Mm]e llamo) ([A-Z][a-z]+)\b")
_WORD = re.compile(r"[^\W\d_]{3,}")
_INSERT = re.compile(r"\{[^{}]*\}")


class Message(NamedTuple):
    """What an agent said, and in which conversation."""

    text: str
    source: int


class Proposed(Struct, rename="camel"):
    """One response: its wordings, the folder it belongs in, and how many conversations it covers."""

    text: str
    wordings: list[str]
    folder: str
    conversations: int
    coverage: float  # share of all conversations that it and those before it cover


class _Wording(NamedTuple):
    text: str
    sources: frozenset[int]


class _Group(NamedTuple):
    wordings: list[_Wording]
    sources: frozenset[int]
    vector: NDArray[np.float32]


def propose(messages: Sequence[Message], embed: Embed, report: Report) -> list[Proposed]:
    """The responses that agents would use most, those that cover most conversations first.

    Blocks for seconds to minutes; `report` is told how far it is.
    """
    count = len({message.source for message in messages})
    wordings = _wordings(messages, _fewest(count))
    report(0.2)
    if not wordings:
        return []
    vectors = _embedded([each.text for each in wordings], embed, report)
    groups = _groups(wordings, vectors)
    groups.sort(key=lambda group: len(group.sources), reverse=True)
    report(0.95)
    chosen = _without_contained(groups)[:MOST]
    folders = _folders(chosen)
    return _proposed(chosen, folders, count)


def _fewest(conversations: int) -> int:
    return max(FEWEST, math.ceil(conversations * SHARE))


def _wordings(messages: Sequence[Message], fewest: int) -> list[_Wording]:
    """Anonymous texts that enough conversations share, each as it is written most often."""
    split = [tokens_of(message.text) for message in messages]
    names = names_in(split)
    usual = _usual(messages, names)
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    sources: defaultdict[str, set[int]] = defaultdict(set)
    for message in messages:
        for text in _units(message.text, names):
            key = " ".join(word.casefold() for word in re.findall(r"\w+", text))
            found[key][text] += 1
            sources[key].add(message.source)
    shared = sorted(
        (key for key, by in sources.items() if len(by) >= fewest),
        key=lambda key: (-len(sources[key]), key),
    )
    texts = ((found[key].most_common(1)[0][0], sources[key]) for key in shared)
    return [_Wording(text, frozenset(by)) for text, by in texts if is_anonymous(text, usual=usual)][
        :LOOKED_AT
    ]


def _usual(messages: Iterable[Message], names: Collection[str]) -> frozenset[str]:
    """Words written with a capital in many conversations that are nobody's name: the company's own."""
    sources: defaultdict[str, set[int]] = defaultdict(set)
    all_sources = set()
    for message in messages:
        all_sources.add(message.source)
        for word in _WORD.findall(message.text):
            if word[0].isupper():
                sources[word.casefold()].add(message.source)
    enough = max(20, len(all_sources) * 0.002)
    return frozenset(
        word for word, by in sources.items() if len(by) >= enough and word not in names
    )


def _units(text: str, names: Collection[str]) -> list[str]:
    """A message as a template, and each of its sentences."""
    bare = _SIGNATURE.sub("", _LEADING.sub("", text.strip()))
    bare = _OWN_NAME.sub(rf"\1 {{{AGENT}}}", bare)
    template = "".join(
        token.surface.replace(token.surface.strip(), f"{{{CUSTOMER}}}")
        if token.norm in names and token.surface.strip()[:1].isupper()
        else token.surface
        for token in tokens_of(bare)
    ).strip()
    sentences = [part.strip() for part in _SENTENCE.split(template)]
    return [template] if len(sentences) < 2 else [template, *dict.fromkeys(sentences)]


def _embedded(texts: Sequence[str], embed: Embed, report: Report) -> NDArray[np.float32]:
    parts = []
    for start in range(0, len(texts), EMBEDDED_AT_ONCE):
        parts.append(embed(texts[start : start + EMBEDDED_AT_ONCE]))
        report(0.2 + 0.7 * min(1.0, (start + EMBEDDED_AT_ONCE) / len(texts)))
    return np.concatenate(parts)


def _groups(wordings: Sequence[_Wording], vectors: NDArray[np.float32]) -> list[_Group]:
    """Wordings by meaning: each joins the most frequent one that means the same."""
    leaders: list[int] = []
    members: list[list[int]] = []
    table = np.empty_like(vectors)
    for row, vector in enumerate(vectors):
        near = table[: len(leaders)] @ vector
        best = int(np.argmax(near)) if len(leaders) else -1
        if best >= 0 and near[best] >= SAME:
            members[best].append(row)
            continue
        table[len(leaders)] = vector
        leaders.append(row)
        members.append([row])
    return [
        _Group(
            [wordings[row] for row in rows],
            frozenset().union(*(wordings[row].sources for row in rows)),
            vectors[leader],
        )
        for leader, rows in zip(leaders, members, strict=True)
    ]


def _without_contained(groups: Sequence[_Group]) -> list[_Group]:
    """Leave out a sentence that is nearly always said as a part of a message that is proposed."""
    texts: list[tuple[str, frozenset[int]]] = []
    kept = []
    for group in sorted(groups, key=lambda group: -len(group.wordings[0].text)):
        text = group.wordings[0].text
        within = [by for longer, by in texts if text in longer]
        covered = frozenset[int]().union(*within) if within else frozenset()
        if len(group.sources - covered) * 5 >= len(group.sources):
            kept.append(group)
            texts.append((text, group.sources))
    return sorted(kept, key=lambda group: (-len(group.sources), group.wordings[0].text))


def _folders(groups: Sequence[_Group]) -> list[str]:
    """A folder for each group, by topic, named by the words that set it apart."""
    count = min(MOST_FOLDERS, max(1, round(len(groups) / IN_FOLDER)))
    if count == 1:
        return ["Frequent"] * len(groups)
    topics = _topics(np.stack([group.vector for group in groups]), count)
    words = [Counter(_words(group.wordings[0].text)) for group in groups]
    everywhere: Counter[str] = Counter()
    for each in words:
        everywhere.update(each.keys())
    names: dict[int, str] = {}
    for topic in sorted(set(topics.tolist())):
        inside: Counter[str] = Counter()
        for row in np.flatnonzero(topics == topic):
            inside.update(words[row].keys())
        scored = {
            word: count * math.log(1 + len(groups) / everywhere[word])
            for word, count in inside.items()
        }
        best = sorted(scored, key=lambda word: (-scored[word], word))[:2]
        name = " and ".join(best).capitalize() or "Others"
        names[topic] = name if name not in names.values() else f"{name} {topic + 1}"
    return [names[topic] for topic in topics.tolist()]


def _words(text: str) -> list[str]:
    found = [word.casefold() for word in _WORD.findall(_INSERT.sub(" ", text))]
    return [word for word in found if len(word) > 3 and word not in _COMMON]


_COMMON = frozenset(
    re.findall(
        r"\S+",
        """about able also been best could from good happy have hear help here hope just know like
        make more most much please really sorry sure thank thanks that them then there these they
        this very want what when where which will with would you're your we're we'll""",
    )
)


def _topics(vectors: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Spherical k-means with a fixed beginning, so that the same texts make the same folders."""
    random = np.random.default_rng(1)
    centres = vectors[random.choice(len(vectors), count, replace=False)]
    nearest = np.argmax(vectors @ centres.T, axis=1)
    for _ in range(15):
        for topic in range(count):
            inside = vectors[nearest == topic]
            if len(inside):
                mean = inside.mean(axis=0)
                centres[topic] = mean / max(float(np.linalg.norm(mean)), 1e-9)
        nearest = np.argmax(vectors @ centres.T, axis=1)
    found: NDArray[np.int64] = nearest.astype(np.int64)
    return found


def _proposed(
    groups: Sequence[_Group], folders: Sequence[str], conversations: int
) -> list[Proposed]:
    covered: set[int] = set()
    found = []
    for group, folder in zip(groups, folders, strict=True):
        covered |= group.sources
        ordered = sorted(group.wordings, key=lambda each: (-len(each.sources), each.text))
        texts = [each.text for each in ordered[:WORDINGS]]
        share = round(len(covered) / max(1, conversations), 4)
        found.append(Proposed(texts[0], texts, folder, len(group.sources), share))
    return found
