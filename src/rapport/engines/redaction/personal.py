"""How to reach a person and when they were born: EMAIL, PHONE_NUMBER, DOB (PLT-112, PLT-116)."""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from rapport.core import clock
from rapport.engines.redaction.context import Context, is_bare
from rapport.engines.redaction.folding import Folded
from rapport.engines.redaction.numbers import after_mention
from rapport.engines.redaction.runs import Run
from rapport.engines.redaction.spans import Span
from rapport.engines.redaction.topics import Mention, Topic, is_ordinary_number

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+)*\.?"
_EMAIL = re.compile(rf"(?P<local>{_LOCAL})@(?=[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{{2,}})")
_QUOTED_EMAIL = re.compile(r"(?P<local>\"[^\"\s]{1,64}\")@(?=[A-Za-z0-9\-]+\.[A-Za-z0-9.\-]+)")
_TLD = r"(?:com|net|org|edu|gov|io|co|es|mx|uk|de|fr|info|biz|us|ca|me|ar|cl|pe)"
_AT = r"(?:\s+(?:at|arroba)\s+|\s*[\[({<]\s*(?:at|arroba|@)\s*[\])}>]\s*|\s+@\s+)"
_DOT = r"(?:\s*\.\s*|\s+(?:dot|punto)\s+|\s*[\[({<]\s*(?:dot|punto|\.)\s*[\])}>]\s*)"
_SPELLED_EMAIL = re.compile(
    r"(?<![a-z0-9])(?P<local>[a-z0-9_+\-]+"
    r"(?:(?:\.|\s+(?:dot|punto|underscore|dash|guion|guion bajo)\s+)[a-z0-9_+\-]+)*)"
    rf"{_AT}[a-z0-9\-]+(?:{_DOT}[a-z0-9\-]+)*?{_DOT}{_TLD}(?![a-z0-9])"
)
_MASK_ONLY = frozenset('*#."')
_LOCAL_MASK_LENGTH = 3


def emails(folded: Folded, _context: Context) -> Iterator[Span]:
    """Find e-mail addresses, spelled out ones too; what stands before the "at" is hidden."""
    if "@" in folded.text:
        for pattern in (_EMAIL, _QUOTED_EMAIL):
            for found in pattern.finditer(folded.text):
                yield from _local_part(found)
    if "at" in folded.lower or "@" in folded.lower or "arroba" in folded.lower:
        for found in _SPELLED_EMAIL.finditer(folded.lower):
            yield from _local_part(found)


def _local_part(found: re.Match[str]) -> Iterator[Span]:
    if not _MASK_ONLY.issuperset(found["local"]):
        yield Span("EMAIL", *found.span("local"), collapse=_LOCAL_MASK_LENGTH)


_PHONE_DIGITS = range(7, 16)
# Numbers written without a country code are read as written in one of these.
_REGIONS = ("US", "ES", "MX", "GB")
_NORTH_AMERICAN = frozenset({(3, 3, 4), (1, 3, 3, 4), (3, 7), (1, 10), (1, 3, 7)})
_NOT_PHONE_SEPARATOR = frozenset("/,|:;=\"'\n")


def phone_numbers(folded: Folded, context: Context) -> Iterator[Span]:
    """Find telephone numbers: international ones, national ones, and digits after "call me"."""
    runs = [run for whole in folded.runs for run in _phone_parts(whole)]
    for run in runs:
        international = folded.text[: run.start].rstrip("( ").endswith("+")
        if _is_phone(run, international=international):
            yield _phone_span(folded, run)
    for mention in folded.mentions(Topic.PHONE) if runs else ():
        for whole in after_mention(folded, mention, reach=40):
            for run in _phone_parts(whole):
                if not is_ordinary_number(folded.lower, run.start, run.end):
                    yield _phone_span(folded, run)
    if context.asked_for(Topic.PHONE) and is_bare(folded):
        for run in runs:
            yield _phone_span(folded, run)


def _phone_parts(run: Run) -> Iterator[Run]:
    """Cut a run where its separators cannot stand within a telephone number."""
    first = 0
    for index in range(len(run.groups)):
        is_last = index + 1 == len(run.groups)
        if is_last or not _NOT_PHONE_SEPARATOR.isdisjoint(run.separators[index]):
            part = run.part(first, index)
            if len(part.digits) in _PHONE_DIGITS:
                yield part
            first = index + 1


def _is_phone(run: Run, *, international: bool) -> bool:
    if international:
        return _is_valid("+" + run.digits, None)
    if run.sizes in _NORTH_AMERICAN or (len(run.digits) == 10 and len(run.groups) in (1, 10)):
        return _is_valid(run.digits, "US") or _is_valid(run.digits, "MX")
    if run.digits.startswith("00"):
        return _is_valid("+" + run.digits[2:], None)
    if len(run.groups) == 1 and run.digits[0] != "0" and len(run.digits) != 9:
        return False  # a bare number of another length is as likely an order or a booking
    return any(_is_valid(run.digits, region) for region in _REGIONS)


@lru_cache(maxsize=1_024)
def _is_valid(number: str, region: str | None) -> bool:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed)


def _phone_span(folded: Folded, run: Run) -> Span:
    """Cover the number and the plus sign before it."""
    start = run.start
    head = folded.text[:start].rstrip("( ")
    if head.endswith("+"):
        start = len(head) - 1
    return Span("PHONE_NUMBER", start, run.end, signs="+")


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre"
    r"|diciembre|ene|abr|ago|dic)(?![a-z])\.?"
)
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)[0-9]{2}|'?[0-9]{2}"
_DATE = re.compile(
    r"(?<![0-9/])(?:"
    r"(?P<year_first>(?:19|20)[0-9]{2})\s?[./\- ]\s?[0-9]{1,2}\s?[./\- ]\s?[0-9]{1,2}"
    r"|[0-9]{1,2}\s?[./\- ]\s?[0-9]{1,2}\s?[./\- ]\s?(?P<year_last>(?:19|20)?[0-9]{2})"
    rf"|{_MONTH}\s+(?:the\s+)?{_DAY},?\s*(?:of\s+)?(?P<year_us>{_YEAR})?"
    rf"|{_DAY}[ \-]?(?:of |de )?{_MONTH}[ ,\-]*(?:del? )?(?P<year_eu>{_YEAR})?"
    r"|(?P<compact>[0-9]{8}|[0-9]{6})"
    r")(?![0-9])"
)
_BORN_FROM = 1_900
_YOUNGEST_AGE = 13
_DOB_REACH = 60
_BEFORE_DOB = re.compile(r"^\W{0,3}(?:is|was|es|era)\W+(?:the|my|mi|el|her|his)?\W*$")


def birth_dates(folded: Folded, context: Context) -> Iterator[Span]:
    """Find dates of birth: dates beside the word, and full dates somebody may be born on.

    A full date counts without the word when its year is 1900 or later and lies at least as far
    back as the youngest customers are old: dates of travel and of orders are recent.
    """
    found = list(_DATE.finditer(folded.lower)) if folded.runs else []
    if not found:
        return
    words = folded.mentions(Topic.DOB)
    expected = context.expects(Topic.DOB)
    for match in found:
        span = Span("DOB", match.start(), match.end())
        named = expected or any(_is_beside(folded.lower, match, word) for word in words)
        if named or (not match["compact"] and _is_birth_year(match)):
            yield span


def _is_beside(lower: str, match: re.Match[str], word: Mention) -> bool:
    if 0 <= match.start() - word.end <= _DOB_REACH:
        return True
    return _BEFORE_DOB.match(lower[match.end() : word.start]) is not None


def _is_birth_year(match: re.Match[str]) -> bool:
    years = (match["year_first"], match["year_last"], match["year_us"], match["year_eu"])
    year = next((year for year in years if year), "")
    return len(year) == 4 and _BORN_FROM <= int(year) <= clock.now().year - _YOUNGEST_AGE
