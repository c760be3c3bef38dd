"""Which texts hold nothing of one customer, so that they may be said to another (4.1, CMP-035).

The rule is closed, not a search for what looks private: a text passes when everything in it that
could name a person, a place, a number, a date or a code stands in an insert. What it refuses in
vain costs one suggestion; what it let through would be somebody's.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from pathlib import Path

# Shorter replies say nothing of their own ("ok"), longer ones fit no second conversation.
SHORTEST = 8
LONGEST = 400

_MASKED = re.compile(r"\*{2,}|#{2,}|x{4,}", re.IGNORECASE)
_INSERT = re.compile(r"\{[^{}]*\}")
# Addresses of the network: only a bare host or a path of plain words says nothing of anybody.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_PLAIN_ADDRESS = re.compile(r"(?:https?://)?(?:[a-z-]+\.)+[a-z]{2,}(?:/[a-z-]{1,20})*/?[.,!?)]*")
_HANDLE = re.compile(r"@|#\w|\^\w|\*\w")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;…\n()\"“”¡¿-]\s*$|[^\w\s,'’/&%+]\s*$")

_ORDINARY = {
    key: frozenset(words.split())
    for key, words in tomllib.loads(
        Path(__file__).with_name("ordinary.toml").read_text(encoding="utf-8")
    ).items()
}
_NUMBER_WORDS = _ORDINARY["numbers"]
_DATES = _ORDINARY["dates"]
# Between what kind of place it is and its name.
_PLACES = _ORDINARY["places"]
_BEFORE_PLACES = _ORDINARY["before_places"]
# Whoever is named after these need not be written with a capital.
_BEFORE_NAMES = _ORDINARY["before_names"]
_AFTER_NAMES = _ORDINARY["after_names"]
_CAPITAL_ANYWHERE = frozenset({"I", "OK", "Ok", "FAQ", "ID", "PIN", "SMS", "TV", "US", "UK", "EU"})
_I = re.compile(r"I['’](?:m|ll|ve|d)\Z", re.IGNORECASE)

# Words that begin a sentence and name nobody.
_BEGINNINGS = _ORDINARY["beginnings"]


def is_anonymous(
    text: str, *, theirs: Collection[str] = (), usual: Collection[str] = frozenset()
) -> bool:
    """Whether a template says nothing of one customer.

    `theirs` are words of the conversation's facts, such as the customer's names and metadata, which
    must stand in inserts. `usual` are words (casefolded) that the company itself writes, for
    example its own name: these may begin with a capital anywhere.
    """
    bare = _INSERT.sub(" , ", text)
    if not SHORTEST <= len(text) <= LONGEST or _MASKED.search(bare) or "{" in bare or "}" in bare:
        return False
    without = _ADDRESS.sub(_kept_address, bare)
    if any(letter.isdigit() for letter in without) or _HANDLE.search(without):
        return False
    folded = text.casefold()
    if any(len(word) > 2 and _has_word(folded, word.casefold()) for word in theirs):
        return False
    return _names_nobody(without, usual)


def words_in(text: str) -> set[str]:
    """The words of a text that the company writes, see `usual`."""
    return {found.casefold() for found in _WORD.findall(text)}


def _kept_address(found: re.Match[str]) -> str:
    return "" if _PLAIN_ADDRESS.fullmatch(found[0]) else "@"


def _has_word(folded: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", folded) is not None


def _names_nobody(text: str, usual: Collection[str]) -> bool:
    before = ""
    numbers = 0
    count = 0
    for found in _WORD.finditer(text):
        word = found[0]
        plain = word.casefold().replace("’", "'")
        begins = not before or _SENTENCE_END.search(text[: found.start()]) is not None
        numbers = numbers + 1 if plain in _NUMBER_WORDS else 0
        if numbers > 1 or plain in _DATES:
            return False
        if _may_be_name(word, plain, begins, usual) or _follows_as_name(before, plain, usual):
            return False
        if plain in _PLACES and before not in _BEFORE_PLACES and before not in usual:
            return False
        before, count = plain, count + 1
    return count > 1


def _may_be_name(word: str, plain: str, begins: bool, usual: Collection[str]) -> bool:
    if not word[0].isupper() or word in _CAPITAL_ANYWHERE or _I.match(word) or plain in usual:
        return False
    return not (begins and plain.split("-")[0] in _BEGINNINGS)


def _follows_as_name(before: str, plain: str, usual: Collection[str]) -> bool:
    if before not in _BEFORE_NAMES:
        return False
    return plain not in _AFTER_NAMES and plain not in _BEGINNINGS and plain not in usual
