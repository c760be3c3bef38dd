"""Numbers that prove who someone is: PIN and SSN (PLT-112, PLT-116, PLT-117)."""

import re
from collections.abc import Iterator
from itertools import islice

from rapport.engines.redaction.context import Context
from rapport.engines.redaction.folding import Folded
from rapport.engines.redaction.numbers import (
    bare_answer,
    before_mentions,
    is_glued,
    near_mentions,
    number_span,
    sentence_ends,
)
from rapport.engines.redaction.runs import Run
from rapport.engines.redaction.spans import Span
from rapport.engines.redaction.topics import (
    Mention,
    Topic,
    is_amount_or_time,
)

_PIN_DIGITS = (4, 5, 6, 7, 8)


def pins(folded: Folded, context: Context) -> Iterator[Span]:
    """Find personal identification numbers: after the word, before it, or as the answer to it."""
    for code in near_mentions(folded, Topic.PIN, _PIN_DIGITS, reach=60):
        yield number_span("PIN", code)
    for code in before_mentions(folded, Topic.PIN, _PIN_DIGITS, linked=True):
        yield number_span("PIN", code)
    if folded.runs and context.expects(Topic.PIN):
        answer = bare_answer(folded, _PIN_DIGITS)
        if answer is not None:
            yield number_span("PIN", answer)


_SENTENCES_AFTER_SSN = 3
_CHARACTERS_AFTER_SSN = 300
_SSN_DIGITS = 9
_KEPT_DIGITS = 4
_BEFORE_SSN = re.compile(r"\W{0,4}(?:(?:is|was|es|the|my|mi|el|his|her|numero|de)\W+){0,4}")
_SSN_SEPARATORS = frozenset(" -./_")


def social_security_numbers(folded: Folded, context: Context) -> Iterator[Span]:
    """Find social security numbers by their form, and all digits in the sentences after the word.

    The form 123-45-6789 needs no word around it. After the word every number of two digits or more
    is hidden, money and times excepted, for three sentences of the same text and as long as the
    conversation's context reaches, until a complete number was given; another complete number is
    hidden even then.
    """
    runs = folded.runs
    if not runs:
        return
    for run in runs:
        yield from _formatted(run)
    if context.follows(Topic.SSN):
        given = context.number_was_given(Topic.SSN)
        yield from _following(folded, 0, len(folded.text), given=given)[0]
    covered = 0
    for mention in folded.mentions(Topic.SSN):
        ends = list(islice(sentence_ends(folded.lower, mention.end), _SENTENCES_AFTER_SSN + 1))
        end = min(ends[-1], mention.end + _CHARACTERS_AFTER_SSN)
        spans, given = _following(folded, max(mention.end, covered), end, given=False)
        yield from spans
        covered = 0 if given else end
        yield from _preceding(folded, mention)


def _preceding(folded: Folded, mention: Mention) -> Iterator[Span]:
    """The number of "123-45-6789 is my SSN"."""
    before = folded.run_before(mention.start)
    if (
        before is not None
        and len(before.digits) == _SSN_DIGITS
        and _BEFORE_SSN.fullmatch(folded.lower, before.end, mention.start)
    ):
        yield number_span("SSN", before, keep=_KEPT_DIGITS)


def _formatted(run: Run) -> Iterator[Span]:
    for first in range(len(run.groups) - 2):
        part = run.part(first, first + 2)
        if part.sizes == (3, 2, 4) and _looks_issued(part) and _stands_alone(run, first):
            yield number_span("SSN", part, keep=_KEPT_DIGITS)


def _looks_issued(part: Run) -> bool:
    """Dashes make the form unmistakable; with spaces the number must be one that can be issued."""
    left, right = (separator.strip() or " " for separator in part.separators)
    if left != right or not _SSN_SEPARATORS.issuperset(left):
        return False
    area, serial = part.digits[:3], part.digits[5:]
    issued = area not in ("000", "666") and part.digits[3:5] != "00" and serial != "0000"
    return left == "-" or (issued and area[0] != "9")


def _stands_alone(run: Run, first: int) -> bool:
    """Whether the same separator does not go on to more digits, as in a longer reference."""
    own = run.separators[first]
    before = run.separators[first - 1] if first else ""
    after = run.separators[first + 2] if first + 3 < len(run.groups) else ""
    return own not in (before, after)


def _following(folded: Folded, start: int, end: int, *, given: bool) -> tuple[list[Span], bool]:
    """Return what is hidden in a range after the word, and whether a complete number was in it."""
    spans: list[Span] = []
    for run in folded.runs_from(start):
        if run.start >= end:
            break
        for part in _numbers_of(run):
            size = len(part.digits)
            if is_amount_or_time(folded.lower, part.start, part.end):
                continue
            if size == _SSN_DIGITS:
                given = True
                spans.append(number_span("SSN", part, keep=_KEPT_DIGITS))
            elif size >= 2 and not given and not is_glued(folded, part, start):
                spans.append(number_span("SSN", part))
    return spans, given


def _numbers_of(run: Run) -> Iterator[Run]:
    """Cut a run where two numbers meet, a complete social security number first."""
    first = 0
    while first < len(run.groups):
        last = first
        while last + 1 < len(run.groups) and len(run.part(first, last).digits) < _SSN_DIGITS:
            last += 1
        part = run.part(first, last)
        yield part
        first = last + 1
