"""What recognisers of numbers share: which digits stand near a word, and how they are hidden."""

import re
from collections.abc import Iterator
from itertools import islice

from rapport.engines.redaction.context import is_bare
from rapport.engines.redaction.folding import Folded
from rapport.engines.redaction.runs import Run
from rapport.engines.redaction.spans import Span
from rapport.engines.redaction.topics import Mention, Topic, is_ordinary_number

_LINK = re.compile(
    r"(?:\b(?:is|was|are|were|be|its|it's|equals|as|to|use|used|enter|entered|try|tried|here|this"
    r"|es|era|son|sera|seria|aqui|este|esta)\b|[:=>\-])"
)
_MASK = re.compile(r"[*#]{2}")
_WORD = re.compile(r"[a-z']+")
_RUNS_AFTER = 8
_WORDS_WITHOUT_LINK = 3
_WORDS_WITH_LINK = 8
_WHOLE_NUMBER_HIDDEN = re.compile(r"(?:[*#]\W{0,2}){8}")
_SENTENCE_END = re.compile(r"[.!?\n](?:\s|$)")


def number_span(entity: str, run: Run, keep: int = 0) -> Span:
    """Cover a run, leaving its last `keep` digits readable when they stand apart from the rest."""
    kept: tuple[tuple[int, int], ...] = ()
    if keep and run.begins[-keep] >= run.ends[-keep - 1]:
        kept = ((run.begins[-keep], run.end),)
    return Span(entity, run.start, run.end, keep=kept)


def after_mention(folded: Folded, mention: Mention, reach: int) -> Iterator[Run]:
    """Give the runs after a word, as long as what stands between still belongs to it."""
    position = mention.end
    for found in islice(folded.runs_from(mention.end), _RUNS_AFTER):
        run = _cut_before(found, mention.end)
        gap = folded.lower[position : run.start]
        if len(gap) > reach or not _belongs(gap):
            return
        yield run
        position = run.end


def _cut_before(run: Run, position: int) -> Run:
    """Leave out the groups of a run that are part of the word before it ("cvv2 123")."""
    for index, (first, _) in enumerate(run.groups):
        if run.begins[first] >= position:
            return run.part(index, len(run.groups) - 1) if index else run
    return run


def _belongs(gap: str) -> bool:
    if _WHOLE_NUMBER_HIDDEN.search(gap):
        return False
    words = len(_WORD.findall(gap))
    if words <= _WORDS_WITHOUT_LINK:
        return True
    return words <= _WORDS_WITH_LINK and _LINK.search(gap) is not None


_CODE_SEPARATORS = frozenset((" ", "-", ".", ", "))
_WITHIN_NUMBERS = frozenset("-./:")


def leading_code(run: Run, sizes: tuple[int, ...]) -> Run | None:
    """Return the code a run begins with, of one of the given lengths: "4821", "4 8 2 1", "48-21".

    Longer numbers that merely begin like a code have none.
    """
    first = run.sizes[0]
    if first in sizes:
        goes_on = run.separators[:1] and run.separators[0] in _WITHIN_NUMBERS
        return None if goes_on else run.part(0, 0)
    if first > 2:
        return None
    last = 0
    while (
        last + 1 < len(run.groups)
        and run.sizes[last + 1] == first
        and run.separators[last] in _CODE_SEPARATORS
    ):
        last += 1
    part = run.part(0, last)
    return part if len(part.digits) in sizes else None


def near_mentions(
    folded: Folded, topic: Topic, sizes: tuple[int, ...], reach: int
) -> Iterator[Run]:
    """Give the first code of one of the given lengths after each mention of a topic."""
    if not folded.runs:
        return
    for mention in folded.mentions(topic):
        for run in after_mention(folded, mention, reach):
            if _MASK.search(folded.text, mention.end, run.start):
                break  # the code that belongs here is hidden already
            code = leading_code(run, sizes)
            if code is None or is_glued(folded, run, mention.end):
                continue
            if not is_ordinary_number(folded.lower, code.start, code.end):
                yield code
                break


_OWNER = r"(?:(?:the|my|mi|el|su|del?|her|his)\s)*(?:card )?"
_LINKED_BEFORE = re.compile(rf",?\s(?:is|was|as|es|era|for)\s{_OWNER}")
_BEFORE = re.compile(rf"(?:\s?\(|,?\s(?:(?:is|was|as|es|era|for)\s)?{_OWNER})")


def before_mentions(
    folded: Folded, topic: Topic, sizes: tuple[int, ...], *, linked: bool = False
) -> Iterator[Run]:
    """Give the codes said right before a mention of a topic ("123 is my cvv").

    With `linked` there must be a verb or a preposition between ("zip 90210 pin 4821").
    """
    between = _LINKED_BEFORE if linked else _BEFORE
    for mention in folded.mentions(topic) if folded.runs else ():
        run = folded.run_before(mention.start)
        if run is None or not between.fullmatch(folded.lower, run.end, mention.start):
            continue
        last = run.part(len(run.groups) - 1, len(run.groups) - 1)
        code = last if len(last.digits) in sizes else leading_code(run, sizes)
        if (
            code is not None
            and code.end == run.end
            and not is_ordinary_number(folded.lower, code.start, code.end)
        ):
            yield code


def bare_answer(folded: Folded, sizes: tuple[int, ...], other_words: int = 2) -> Run | None:
    """Return the first code of a text that is hardly more than a number, if it is no time or so."""
    if not folded.runs or not is_bare(folded, other_words):
        return None
    for run in folded.runs:
        code = leading_code(run, sizes)
        if code is not None and not is_ordinary_number(folded.lower, code.start, code.end):
            return code
    return None


def is_glued(folded: Folded, run: Run, allowed_before: int) -> bool:
    """Whether a number is part of a word or a reference ("DL4047"), and so not a bare number."""
    before = folded.lower[run.start - 1 : run.start] if run.start > allowed_before else ""
    return before.isalpha()


def sentence_ends(lower: str, start: int) -> Iterator[int]:
    """Give where the sentences end that follow a place in a text."""
    for found in _SENTENCE_END.finditer(lower, start):
        yield found.start()
    yield len(lower)
