"""Recognising by shape: a pattern, a check digit where there is one, and words nearby.

Most of the catalogue is made of these. A shape that ordinary text also has (nine digits, six
letters) needs one of its `words` before it or right after it; one that only its own numbers have
(a check digit and separators) may stand alone.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

from rapport.engines.redaction.context import Context
from rapport.engines.redaction.folding import Folded
from rapport.engines.redaction.spans import Span

Find = Callable[[Folded, Context], Iterator[Span]]
Check = Callable[[str], bool]

_REACH_BEFORE = 50
_REACH_AFTER = 25
# Between a word and its value: "passport number is", "NIF n.º", "iban:".
LINK = (
    r"(?:\s*(?:number|num|no\b|nr\b|nro|numero|code|codigo|id\b|#|is|was|es|era|my|mi|the|el|la|de"
    r"|del|on file|ends?))*\W{1,4}(?:(?:is|es)\W{1,3})?"
)


def digits(count: str | int, separators: str = r" .\-") -> str:
    """Return a pattern of that many digits ("9", "10,11"), each possibly after a separator."""
    low, _, high = str(count).partition(",")
    further = f"{int(low) - 1},{int(high) - 1}" if high else str(int(low) - 1)
    return rf"(?<![0-9A-Za-z])[0-9](?:[{separators}]?[0-9]){{{further}}}(?![0-9A-Za-z])"


@lru_cache(maxsize=256)
def _module(name: str) -> Any:
    return import_module(f"stdnum.{name}")


def checked(*names: str) -> Check:
    """Return whether a number is valid in one of these modules of python-stdnum ("es.dni")."""

    def is_valid(number: str) -> bool:
        return any(bool(_module(name).is_valid(number)) for name in names)

    return is_valid


def shape(
    entity: str,
    pattern: str,
    *,
    check: Check | None = None,
    words: str | None = None,
    whole: bool = False,
) -> Find:
    """Return a recogniser of a pattern over folded text, in any case.

    The named group that took part is hidden where the pattern has some, else the whole match.
    With `words` one of them must stand up to 50 characters before the match or 25 after it.
    """
    compiled = re.compile(pattern, re.IGNORECASE)
    groups = tuple(compiled.groupindex) or (0,)
    named = re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z])") if words else None

    def find(folded: Folded, _context: Context) -> Iterator[Span]:
        if named is not None and not named.search(folded.lower):
            return
        for found in compiled.finditer(folded.text):
            hidden = next(group for group in groups if found[group] is not None)
            start, end = found.span(hidden)
            if named is not None and not _is_named(named, folded.lower, start, end):
                continue
            if check is None or check(found[hidden]):
                yield Span(entity, start, end, whole=whole)

    return find


def _is_named(words: re.Pattern[str], lower: str, start: int, end: int) -> bool:
    before = lower[max(0, start - _REACH_BEFORE) : start]
    after = lower[end : end + _REACH_AFTER]
    return words.search(before) is not None or words.search(after) is not None


def value(entity: str, words: str, pattern: str, *, whole: bool = False) -> Find:
    """Return a recogniser of what follows a word ("passport number is X1234567")."""
    return shape(entity, rf"(?<![a-z0-9])(?:{words}){LINK}(?P<value>{pattern})", whole=whole)
