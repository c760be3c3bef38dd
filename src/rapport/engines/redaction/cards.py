"""Payment cards and the codes on them: CREDIT_CARD_NUMBER and CVV (PLT-112, PLT-116, PLT-117)."""

import re
from collections.abc import Iterator

from rapport.engines.redaction.context import CARD_DIGITS, Context, is_bare
from rapport.engines.redaction.folding import Folded
from rapport.engines.redaction.numbers import (
    after_mention,
    bare_answer,
    before_mentions,
    is_glued,
    near_mentions,
    number_span,
)
from rapport.engines.redaction.runs import Run
from rapport.engines.redaction.signs import Sign
from rapport.engines.redaction.spans import Span
from rapport.engines.redaction.topics import Topic, is_ordinary_number

# First digits and lengths of the schemes in circulation (ISO/IEC 7812): Visa, Mastercard, American
# Express, Diners, Discover, JCB, UnionPay, Maestro, Mir, RuPay, Troy, UATP, Dankort, InstaPayment.
_SCHEMES = (
    (re.compile(r"4"), frozenset({13, 16, 19})),
    (re.compile(r"5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)"), frozenset({16})),
    (re.compile(r"3[47]"), frozenset({15})),
    (re.compile(r"3(?:0[0-5]|095|[689])"), frozenset({14, 16, 19})),
    (re.compile(r"6(?:011|4[4-9]|5)"), frozenset({16, 17, 18, 19})),
    (re.compile(r"35(?:2[89]|[3-8])"), frozenset({16, 17, 18, 19})),
    (re.compile(r"62|81"), frozenset({16, 17, 18, 19})),
    (re.compile(r"5[0678]|6"), frozenset({12, 13, 14, 15, 16, 17, 18, 19})),
    (re.compile(r"220[0-4]"), frozenset({16, 17, 18, 19})),
    (re.compile(r"82|508|60|65|9792"), frozenset({16})),
    (re.compile(r"1"), frozenset({15})),
)
_LENGTHS = (16, 15, 14, 19, 18, 17, 13, 12)
_SHAPES = frozenset({(4, 4, 4, 4), (4, 6, 5), (4, 6, 4)})
_TELEPHONE_SHAPES = frozenset({(3, 3, 4), (1, 3, 3, 4), (3, 4), (3, 7)})
_LUHN_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_KEPT_DIGITS = 4
_PIECE_DIGITS = (3, 19)
_ENDING = re.compile(
    r"\b(?:end(?:s|ing)?(?: (?:in|with))?|last (?:4|four)(?: digits)?(?: (?:are|is|of))?"
    r"|termina(?:da|do)?(?: en)?|ultimos (?:4|cuatro)(?: digitos)?(?: son)?|x{2,})\W{0,3}$"
)


def has_luhn_check(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others."""
    total = sum(ord(digit) - 48 for digit in digits[-1::-2])
    return (total + sum(_LUHN_DOUBLED[ord(digit) - 48] for digit in digits[-2::-2])) % 10 == 0


def has_card_prefix(digits: str, length: int | None = None) -> bool:
    """Whether digits begin like a card of a known scheme (that has `length` digits)."""
    size = len(digits) if length is None else length
    return any(size in lengths and prefix.match(digits) for prefix, lengths in _SCHEMES)


def is_card_number(digits: str) -> bool:
    """Whether digits are a possible card number: length and prefix of a scheme, check digit."""
    return has_card_prefix(digits) and has_luhn_check(digits)


def card_numbers(folded: Folded, context: Context) -> Iterator[Span]:
    """Find card numbers: whole ones by their form, others by what was said before them."""
    for run in folded.runs:
        if len(run.digits) >= _LENGTHS[-1]:
            yield from _whole_cards(folded, run)
    yield from _announced_cards(folded)
    yield from _continued_cards(folded, context)


def _whole_cards(folded: Folded, run: Run) -> Iterator[Span]:
    international = folded.text[max(0, run.start - 1) : run.start] == "+"
    first = 0
    while first < len(run.groups):
        last = None if international and first == 0 else _card_ending(run, first)
        if last is None:
            first += 1
            continue
        part = run.part(first, last)
        yield number_span("CREDIT_CARD_NUMBER", part, keep=_KEPT_DIGITS)
        first = last + 1
        if first < len(run.groups) and run.sizes[first] in _CVV_DIGITS:
            yield number_span("CREDIT_CARD_NUMBER", run.part(first, first))
    if len(run.digits) > _LENGTHS[3] and len(run.groups) == 1 and is_card_number(run.digits[:16]):
        yield number_span("CREDIT_CARD_NUMBER", run)


def _card_ending(run: Run, first: int) -> int | None:
    """Return the last group of the card that begins with group `first`."""
    low = run.groups[first][0]
    ends = {}
    for index in range(first, len(run.groups)):
        size = run.groups[index][1] - low
        if size > _LENGTHS[3]:
            break
        ends[size] = index
    for size in _likely_lengths(run, first):
        if size in ends and _is_card(
            run.digits[low : low + size], run.sizes[first : ends[size] + 1]
        ):
            return ends[size]
    return None


def _likely_lengths(run: Run, first: int) -> tuple[int, ...]:
    """Give the lengths to try: first all that is left, unless that may be a card and its code.

    Three digits after four fours may be the end of a long card, or the code of a short one: taken
    for the latter, both stay hidden.
    """
    fours, rest = run.sizes[first : first + 4], run.sizes[first + 4 : first + 5]
    if fours == (4, 4, 4, 4) and rest and rest[0] in _CVV_DIGITS:
        return _LENGTHS
    return (len(run.digits) - run.groups[first][0], *_LENGTHS)


def _is_card(digits: str, sizes: tuple[int, ...]) -> bool:
    if not has_card_prefix(digits):
        return False
    if sizes in _SHAPES:
        return True  # a mistyped card is still a card
    if len(digits) < CARD_DIGITS - 1 and not (len(sizes) == 1 or max(sizes) <= 4):
        return False  # "526-2345678901" is an airline ticket
    return has_luhn_check(digits)


def _announced_cards(folded: Folded) -> Iterator[Span]:
    """Numbers right after "card number", whatever their check digit."""
    for mention in folded.mentions(Topic.CARD):
        for run in after_mention(folded, mention, reach=80):
            if _may_be_announced(folded, run):
                yield _card_span(run, whole=len(run.digits) >= _LENGTHS[-1])


def _may_be_announced(folded: Folded, run: Run) -> bool:
    if is_ordinary_number(folded.lower, run.start, run.end) or _is_tail(folded, run):
        return False
    if len(run.digits) >= _LENGTHS[-1]:
        return True
    return (
        len(run.digits) >= _KEPT_DIGITS
        and run.digits[0] in "23456"
        and "/" not in run.separators
        and run.sizes not in _TELEPHONE_SHAPES
        and not is_glued(folded, run, 0)
    )


def _is_tail(folded: Folded, run: Run) -> bool:
    """Whether a number is said to be only the end of a card ("ending in 1234")."""
    before = folded.lower[max(0, run.start - 30) : run.start]
    return len(run.digits) <= _KEPT_DIGITS and _ENDING.search(before) is not None


def _card_span(run: Run, *, whole: bool) -> Span:
    return number_span("CREDIT_CARD_NUMBER", run, keep=_KEPT_DIGITS if whole else 0)


def _continued_cards(folded: Folded, context: Context) -> Iterator[Span]:
    """A card asked for or begun in earlier utterances.

    A piece of a card is hidden completely: with the pieces before it, four readable digits would
    be more than the last four of the card. Without any word about a card, the pieces are hidden
    from the one on that makes it likely (the ninth digit at the latest): what was stored before
    is never more than the eight leading digits, which identify the issuer.
    """
    expected = bool(folded.runs) and context.expects(Topic.CARD)
    if not folded.runs or not (expected or context.card_pieces):
        return
    bare = is_bare(folded, other_words=2 if expected else 0)
    progress = context.card_progress
    for run in folded.runs:
        size = len(run.digits)
        if _is_tail(folded, run):
            continue
        if expected and progress == 0 and _LENGTHS[-1] <= size <= _LENGTHS[3]:
            yield _card_span(run, whole=True)
        elif (
            not bare
            or "/" in run.separators
            or is_ordinary_number(folded.lower, run.start, run.end)
        ):
            continue
        elif (expected and progress < CARD_DIGITS + 3 and size >= 2) or (
            not expected and _completes(context, run.digits)
        ):
            yield _card_span(run, whole=False)


def _completes(context: Context, digits: str) -> bool:
    if len(digits) > _PIECE_DIGITS[1] or len(digits) < _PIECE_DIGITS[0]:
        return False
    pieces = context.card_pieces
    if context.card_is_being_hidden:
        return has_card_prefix(pieces[0], 16) and context.card_progress < CARD_DIGITS
    for first in range(len(pieces)):
        said = "".join(pieces[first:])
        if len(said) < _PIECE_DIGITS[0] or not has_card_prefix(said, 15 if said[0] == "3" else 16):
            continue
        total = said + digits
        if is_card_number(total) or (len(said) >= 8 and len(total) <= _LENGTHS[3]):
            return True
    return False


_CVV_DIGITS = (3, 4)


def card_codes(folded: Folded, context: Context) -> Iterator[Span]:
    """Find the three or four digits that prove a card is at hand."""
    yield from _codes_after_cards(folded)
    for code in near_mentions(folded, Topic.CVV, _CVV_DIGITS, reach=60):
        yield number_span("CVV", code)
    for code in before_mentions(folded, Topic.CVV, _CVV_DIGITS):
        yield number_span("CVV", code)
    if not folded.runs:
        return
    asked = context.expects(Topic.CVV)
    if asked or context.card_is_complete:
        answer = bare_answer(folded, _CVV_DIGITS, other_words=2 if asked else 0)
        if answer is not None:
            yield number_span("CVV", answer)


def _codes_after_cards(folded: Folded) -> Iterator[Span]:
    """The code in "4111 1111 1111 1111 12/25 123", before or after the card was hidden."""
    if not folded.runs or Sign.LONG_NUMBER not in folded.signs:
        return
    for found in _CARD_LINE.finditer(folded.text):
        start, end = found.span("code")
        yield Span("CVV", start, end)


_CARD_LINE = re.compile(
    r"(?:[0-9*#][ .\-]?){11,18}[0-9*#]\W{1,4}"
    r"(?:(?:exp(?:iry|ires|iration)?(?: date)?|vence|caduca)\W{0,3})?"
    r"(?:0?[1-9]|1[0-2])\s?[/\-.| ]\s?(?:20)?[0-9]{2}\W{1,4}"
    r"(?:(?:and |y )?(?:the |el )?(?:security |sec )?co(?:de|digo)\W{1,3}(?:is |es )?)?"
    r"(?P<code>[0-9]{3,4})(?![0-9])",
    re.IGNORECASE,
)
