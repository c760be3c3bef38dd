"""What only its owner should know: PIN, PASSWORD and SSN (PLT-112, PLT-116, PLT-117)."""

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
    Topic,
    is_amount_or_time,
    words,
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
    given = context.number_was_given(Topic.SSN)
    if context.follows(Topic.SSN):
        yield from _following(folded, 0, len(folded.text), given=given)
    for mention in folded.mentions(Topic.SSN):
        ends = list(islice(sentence_ends(folded.lower, mention.end), _SENTENCES_AFTER_SSN + 1))
        end = min(ends[-1], mention.end + _CHARACTERS_AFTER_SSN)
        yield from _following(folded, mention.end, end, given=False)
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


def _following(folded: Folded, start: int, end: int, *, given: bool) -> Iterator[Span]:
    for run in folded.runs_from(start):
        if run.start >= end:
            return
        for part in _numbers_of(run):
            size = len(part.digits)
            if is_amount_or_time(folded.lower, part.start, part.end):
                continue
            if size == _SSN_DIGITS:
                given = True
                yield number_span("SSN", part, keep=_KEPT_DIGITS)
            elif size >= 2 and not given and not is_glued(folded, part, start):
                yield number_span("SSN", part)


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


_VALUE_LINK = re.compile(
    r"\s*(?:[^\s:=]*[^\s:=.!?,;]\s+){0,7}?"
    r"(?:(?:is|was|es)?\s*(?P<sign>[:=]|->|=>|-(?=\s))"
    r"|(?:is|was|are|be|it's|its|as|to|es|era|sera|son)(?=\s))"
    r"\s*[\"'“”`(\[]*(?P<value>\S+)"
)
_DIRECT_VALUE = re.compile(r"\s+[\"'`]*(?P<value>\S+)")
_JSON_VALUE = re.compile(r"[a-z_]*[\"']\s*:\s*[\"'](?P<value>[^\"']+)[\"']")
_ANSWER = re.compile(
    r"^\s*(?:(?:ok|okay|sure|yes|yeah|si|claro|yep|hi|so|well)[,.:! ]+)?"
    r"(?:(?:it's|its|it is|that's|that is|this is|here it is|here you go|es|is)[,:. ]+)?"
    r"[\"'`]*(?P<value>\S+?)[\"'`]*\.?(?:[,. ]+(?:thanks|thank you|please|gracias)[.!]?)?\s*$"
)
_ANSWER_LENGTH = 120
_TRAILING = ".,;:!?\"'`)]}”"
# Words that follow "password is" without being one.
_NOT_A_VALUE = words(
    "a about account again all already also always an and any app are as at available back be been"
    " being blank broken but by can case changed compromised confirmed correct corrupt different"
    " disabled done down due easy email empty enough error even expired expiring failing fine for"
    " forgotten from given going gone good happening hard have having her here hers his i if in"
    " incorrect invalid is it its just link lol long locked log login long lost me mine missing my"
    " need needed needs never new no not nothing now of ok okay old on only or our out page please"
    " protected ready really recover rejected required requirements reset resetting right saved"
    " secure sensitive sent set short so some something still stored strong sure temporary thanks"
    " that the their them then there they this to too unable unknown up updated us use used valid"
    " wait was we weak well what when where whether which while who why will with work working"
    " works would wrong yes yet you your yours 1 characters hacked stolen unchanged secret private"
    " denied declined refused accepted entered recognized blocked deleted leaked exposed deactivated"
    " shared"
    " manage access get see change check book try enter find case-sensitive"
    " caducada correcta de el en equivocada ella erronea esta incorrecta invalida la lo los mal mi"
    " muy ninguna no nueva obligatoria olvidada para pero por que requerida su tu un una vencida"
    " y ya yo"
    " hi hello hey hola done sorry gracias vale what? none nope nah yep yeah sure. idk"
)
_SECRET_LOOK = re.compile(
    r"(?=.*[0-9])|(?=.*[a-z][A-Z])|(?=.*[A-Za-z0-9][!@#$%^&*_+=~?/\\|]+[A-Za-z0-9])"
)


def passwords(folded: Folded, context: Context) -> Iterator[Span]:
    """Find passwords: what "password is" or "password:" leads to, or the answer to a request."""
    lower = folded.lower
    for mention in folded.mentions(Topic.PASSWORD):
        yield from _value_after(folded, mention.end)
    answer = _ANSWER.match(lower) if len(lower) <= _ANSWER_LENGTH else None
    if answer and context.asked_for(Topic.PASSWORD) and _may_be_value(answer["value"]):
        yield Span("PASSWORD", *answer.span("value"), whole=True)


def _value_after(folded: Folded, position: int) -> Iterator[Span]:
    lower = folded.lower
    json = _JSON_VALUE.match(lower, position)
    if json:
        yield Span("PASSWORD", *json.span("value"), whole=True)
        return
    linked = _VALUE_LINK.match(lower, position)
    if linked:
        start, end = _trimmed(folded.text, *linked.span("value"))
        value = folded.text[start:end]
        if _may_be_value(value) and (
            linked["sign"] or _looks_secret(value) or _closes_phrase(lower, end)
        ):
            yield Span("PASSWORD", start, end, whole=True)
            return
    direct = _DIRECT_VALUE.match(lower, position)
    if direct:
        start, end = _trimmed(folded.text, *direct.span("value"))
        if _looks_secret(folded.text[start:end]):
            yield Span("PASSWORD", start, end, whole=True)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave the punctuation that closes a sentence out of a value; "!" may be part of it."""
    while end > start and text[end - 1] in _TRAILING and text[end - 1] != "!":
        end -= 1
    return start, end


def _may_be_value(value: str) -> bool:
    bare = value.strip(_TRAILING).lower()
    return len(bare) >= 3 and bare not in _NOT_A_VALUE and not set(bare) <= set("*#.-_")


def _looks_secret(value: str) -> bool:
    return (
        _may_be_value(value)
        and not value.startswith(("@", "#", "http", "$"))
        and _SECRET_LOOK.match(value) is not None
    )


_GOES_ON = re.compile(
    r"\s*(?:$|[.!,;\n]|(?:but|and|or|so|yesterday|today|now|please|thanks|thank|last|this|can|then"
    r"|user|username|email|y|pero|o|ayer|hoy|por|gracias|usuario)\b)"
)


def _closes_phrase(lower: str, end: int) -> bool:
    """Whether a phrase ends here: an adverb or an adjective would go on."""
    return _GOES_ON.match(lower, end) is not None
