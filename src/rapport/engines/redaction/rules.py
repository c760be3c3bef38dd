"""A company's own patterns, on an engine that cannot be stalled (PLT-121..125).

RE2 matches in time linear to the text whatever the pattern, so a rule that would hang a
backtracking engine costs no more than any other. Look-around and back-references do not exist in
it and are refused like any mistake.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

from rapport.engines.redaction.folding import Folded
from rapport.engines.redaction.spans import Span

PATTERN_LENGTH = 1_000
# Compiled size, not time: RE2 refuses a pattern that would need more memory than this, in bytes.
_PATTERN_MEMORY = 1 << 21


class InvalidPattern(ValueError):
    """A pattern cannot be used; `reason` says why in words for the person who wrote it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True, frozen=True)
class Rule:
    """One pattern of a company; its name is unique among the company's rules."""

    name: str
    pattern: str


@lru_cache(maxsize=4_096)
def compile_pattern(pattern: str) -> Any:
    """Compile a pattern in RE2 syntax; raise InvalidPattern when it cannot serve (PLT-122)."""
    if not pattern:
        raise InvalidPattern("the pattern is empty")
    if len(pattern) > PATTERN_LENGTH:
        raise InvalidPattern(f"the pattern is longer than {PATTERN_LENGTH} characters")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_MEMORY
    try:
        compiled = re2.compile(pattern, options=options)
    except re2.error as error:
        cause = error.args[0] if error.args else "it cannot be read"
        reason = cause.decode("utf-8", "replace") if isinstance(cause, bytes) else str(cause)
        raise InvalidPattern(reason) from None
    if compiled.search("") is not None:
        raise InvalidPattern("the pattern matches an empty text, so it would match everywhere")
    return compiled


def matches(pattern: str, text: str) -> list[tuple[int, int]]:
    """Return where a pattern matches a text, as the test box shows it (PLT-123).

    Raises InvalidPattern.
    """
    compiled = compile_pattern(pattern)
    return [found.span() for found in compiled.finditer(text) if found.end() > found.start()]


def rule_spans(rule: Rule, text: str, folded: Folded) -> Iterator[Span]:
    """Find what a rule hides in a text, as written and as a person reads it."""
    entity = f"rule:{rule.name}"
    for start, end in matches(rule.pattern, text):
        yield Span(entity, start, end, whole=True)
    if not folded.is_plain:
        for start, end in matches(rule.pattern, folded.text):
            yield Span(entity, *folded.original(start, end), whole=True)
