"""Words of a text as they are written, and as they are compared."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

# What stands for something that differs from conversation to conversation.
NAME = "{NAME}"
NUMBER = "<number>"
ADDRESS = "<address>"
SIGNATURE = "<signature>"
ANONYMOUS = frozenset({NAME, NUMBER, ADDRESS, SIGNATURE})

_TOKEN = re.compile(
    r"(?P<blank>\s*)(?:"
    r"(?P<insert>\{[A-Za-z][A-Za-z0-9_ .-]{0,63}\})"
    r"|(?P<address>https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.]+|@\w+)"
    r"|(?P<signature>[*^]+\s?[A-Za-z]{1,3}\b)"
    r"|(?P<word>[^\W_]+(?:['’.@_-][^\W_]+)*)"
    r"|(?P<mark>[^\w\s{]+|_+|\{))"
)
_DIGIT = re.compile(r"\d")
_INSERT_BLANKS = re.compile(r"[ _-]")
# After these a capital letter begins a name, not a sentence.
_BEFORE_NAMES = frozenset(
    {"hi", "hello", "hey", "dear", "thanks", "welcome", "sorry", "morning", "evening", ","}
)
_AFTER_NAMES = frozenset({",", ".", "!", "?", "!!", "...", "-"})


class Token(NamedTuple):
    """A piece of text: as written, with one blank if any stood before it, and as it is compared."""

    surface: str
    norm: str


def tokens_of(text: str, inserts: Mapping[str, str] | None = None) -> list[Token]:
    """Split a text. Capitalised words among `inserts` (in small letters) are the insert they stand for.

    Numbers compare as equal, and so do addresses, and signatures like `*KLM`.
    """
    known = inserts or {}
    return [_token(found, known) for found in _TOKEN.finditer(text)]


def _token(found: re.Match[str], inserts: Mapping[str, str]) -> Token:
    kind = found.lastgroup or ""
    written = found[kind]
    surface = f" {written}" if found["blank"] else written
    if kind == "word":
        return Token(surface, _word(written, inserts))
    if kind == "insert":
        return Token(surface, insert_norm(written[1:-1]))
    if kind == "address":
        return Token(surface, ADDRESS)
    return Token(surface, SIGNATURE if kind == "signature" else written)


def insert_norm(key: str) -> str:
    """How an insert compares: `{rep_name}` is `{REPNAME}`."""
    return "{" + _INSERT_BLANKS.sub("", key).upper() + "}"


def _word(written: str, inserts: Mapping[str, str]) -> str:
    if _DIGIT.search(written):
        return NUMBER
    plain = written.casefold().replace("’", "'")
    return inserts.get(plain, plain) if written[0].isupper() else plain


def names_in(texts: Iterable[Sequence[Token]]) -> frozenset[str]:
    """Words that people are addressed by: with a capital, after a greeting and before a pause."""
    all_uses: Counter[str] = Counter()
    greeted: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for tokens in texts:
        for place, (surface, norm) in enumerate(tokens):
            first = surface.lstrip()[:1]
            if not first.isalpha() or norm in ANONYMOUS:
                continue
            all_uses[norm] += 1
            if not first.isupper():
                small[norm] += 1
            elif _is_addressed(tokens, place):
                greeted[norm] += 1
    return frozenset(
        word
        for word, count in greeted.items()
        if len(word) > 1 and small[word] * 20 <= all_uses[word] <= count * 2
    )


def _is_addressed(tokens: Sequence[Token], place: int) -> bool:
    before = tokens[place - 1].norm if place else ""
    after = tokens[place + 1].norm if place + 1 < len(tokens) else "."
    return before in _BEFORE_NAMES and after in _AFTER_NAMES
