"""Digits that belong together, written or spoken.

"4111-1111 1111.1111"        groups of 4, 4, 4 and 4
"double four one one"        digits 4, 4, 1, 1, each where its word stands
"***-**-1134"                nothing: what an earlier redaction left readable is no number
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise


@dataclass(frozen=True)
class Run:
    """Digits that belong together in a folded text, with what stands between them.

    `begins[i]` and `ends[i]` are where digit `i` stands; the digits of one spoken word share it.
    `groups` are ranges of digit indexes, `separators[i]` stands between group `i` and `i + 1`.
    """

    digits: str = field(repr=False)
    begins: Sequence[int]
    ends: Sequence[int]
    groups: Sequence[tuple[int, int]]
    separators: Sequence[str] = field(repr=False)

    @property
    def start(self) -> int:
        """Where the first digit begins in the folded text."""
        return self.begins[0]

    @property
    def end(self) -> int:
        """Where the last digit ends in the folded text."""
        return self.ends[-1]

    def part(self, first: int, last: int) -> "Run":
        """Return the run made of groups `first` to `last`, both included."""
        low, high = self.groups[first][0], self.groups[last][1]
        return Run(
            self.digits[low:high],
            self.begins[low:high],
            self.ends[low:high],
            [(a - low, b - low) for a, b in self.groups[first : last + 1]],
            self.separators[first:last],
        )

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many digits each group has."""
        return tuple(b - a for a, b in self.groups)


def find_runs(text: str, lower: str, *, may_be_written: bool, may_be_spoken: bool) -> list[Run]:
    """Find all runs of a folded text, in order and without overlap, of the kinds that it may hold."""
    written = [_written_run(text, g) for g in _joined_groups(text)] if may_be_written else []
    spoken = list(_spoken_runs(lower)) if may_be_spoken else []
    if not spoken:
        return written
    said = bytearray(len(text))
    for run in spoken:
        said[run.start : run.end] = b"\1" * (run.end - run.start)
    kept = [run for run in written if not any(said[run.start : run.end])]
    return sorted((*kept, *spoken), key=lambda run: run.start)


_DIGITS = re.compile(r"[0-9]+")
_JOINERS = frozenset(" \t\r\n.,-_/|:;()[]\"'~+=")
_JOINER_LENGTH = 3
_TAIL_DIGITS = 2

# Cards and social security numbers keep this many digits. Hidden digits leave them behind at least
# five mask characters, and they must not be taken for a new number when a text is read again.
_RESIDUE_DIGITS = 4
_MASKED = re.compile(r"(?:[*#][ .,\-/|_]{0,3}){5}$")
_RESIDUE_WINDOW = 25
_BEFORE_RESIDUE = frozenset("*# .,-/|_")


def _joined_groups(text: str) -> Iterator[list[re.Match[str]]]:
    together: list[re.Match[str]] = []
    for group in _groups(text):
        if together and not (
            _are_joined(text, together[-1].end(), group.start())
            and not _is_tail(text, together[-1])
        ):
            yield together
            together = []
        together.append(group)
    if together:
        yield together


def _is_tail(text: str, group: re.Match[str]) -> bool:
    """Whether a digit or two end a word, as in "cvv2"."""
    size = group.end() - group.start()
    return size <= _TAIL_DIGITS and text[group.start() - 1 : group.start()].isalpha()


def _groups(text: str) -> Iterator[re.Match[str]]:
    """Give the groups of digits, but for handles ("@116125") and what hiding left readable."""
    residue = 0
    residue_end = -1
    for group in _DIGITS.finditer(text):
        start, size = group.start(), group.end() - group.start()
        if start and text[start - 1] == "@":
            continue
        if _follows_masks(text, start):
            residue = _RESIDUE_DIGITS
        elif not (residue and _are_joined(text, residue_end, start)):
            residue = 0
        if size <= residue:
            residue, residue_end = residue - size, group.end()
            continue
        residue = 0
        yield group


def _are_joined(text: str, end: int, start: int) -> bool:
    return start - end <= _JOINER_LENGTH and _JOINERS.issuperset(text[end:start])


def _follows_masks(text: str, start: int) -> bool:
    """Whether hidden characters stand right before a place, as in "***-**-1134"."""
    if start == 0 or text[start - 1] not in _BEFORE_RESIDUE:
        return False
    return _MASKED.search(text, max(0, start - _RESIDUE_WINDOW), start) is not None


def _written_run(text: str, groups: Sequence[re.Match[str]]) -> Run:
    digits = "".join(group[0] for group in groups)
    begins = [index for group in groups for index in range(group.start(), group.end())]
    ranges: list[tuple[int, int]] = []
    for group in groups:
        first = ranges[-1][1] if ranges else 0
        ranges.append((first, first + len(group[0])))
    between = [text[a.end() : b.start()] for a, b in pairwise(groups)]
    return Run(digits, begins, [index + 1 for index in begins], ranges, between)


_VALUES = {
    "0": "zero oh o cero",
    "1": "one uno una",
    "2": "two dos",
    "3": "three tres",
    "4": "four cuatro",
    "5": "five cinco",
    "6": "six seis",
    "7": "seven siete",
    "8": "eight ocho",
    "9": "nine nueve",
    "10": "ten diez",
    "11": "eleven once",
    "12": "twelve doce",
    "13": "thirteen trece",
    "14": "fourteen catorce",
    "15": "fifteen quince",
    "16": "sixteen dieciseis",
    "17": "seventeen diecisiete",
    "18": "eighteen dieciocho",
    "19": "nineteen diecinueve",
}
_TENS = {
    "2": "twenty veinte",
    "3": "thirty treinta",
    "4": "forty cuarenta",
    "5": "fifty cincuenta",
    "6": "sixty sesenta",
    "7": "seventy setenta",
    "8": "eighty ochenta",
    "9": "ninety noventa",
}
_UNIT_OF = {word: value for value, said in _VALUES.items() for word in said.split()}
_TEN_OF = {word: value for value, said in _TENS.items() for word in said.split()}
_REPEATS = {"double": 2, "doble": 2, "triple": 3, "treble": 3}
_WORD = "|".join(sorted((*_UNIT_OF, *_TEN_OF, *_REPEATS), key=len, reverse=True))
_HINTS = _WORD.removesuffix("|o")
_TOKEN = rf"(?:(?:{_WORD})(?![a-z0-9])|[0-9]+(?![a-z0-9]))"
_BETWEEN = r"[\s,.\-/]{1,3}(?:(?:dash|hyphen|space|guion|espacio|y|and)[\s,.\-/]{1,3})?"
# Fewer than three number words in a row are ordinary speech ("one or two").
_SPOKEN_WORDS = 3
_SPOKEN_RUN = re.compile(rf"(?<![a-z0-9]){_TOKEN}(?:{_BETWEEN}{_TOKEN}){{2,}}")
_SPOKEN_TOKEN = re.compile(rf"(?<![a-z0-9])(?:{_WORD})(?![a-z0-9])|[0-9]")
# Every run has two number words in a row.
SPOKEN_HINT = (
    rf"\b(?:{_HINTS})[\s,.\-/]{{1,3}}(?:(?:dash|hyphen|space|guion|espacio|y|and)[\s,.\-/]{{1,3}})?"
    rf"(?:{_WORD})\b"
)


def _spoken_runs(lower: str) -> Iterator[Run]:
    for match in _SPOKEN_RUN.finditer(lower):
        tokens = list(_SPOKEN_TOKEN.finditer(lower, match.start(), match.end()))
        if sum(not token[0].isdigit() for token in tokens) < _SPOKEN_WORDS:
            continue
        run = _spoken_run(tokens)
        if not run.digits:
            continue
        if len(run.digits) > _RESIDUE_DIGITS or not _follows_masks(lower, run.start):
            yield run


def _spoken_run(tokens: Sequence[re.Match[str]]) -> Run:
    """Read number words: "forty one" is 41, "forty eleven" is 4011, "double four" is 44."""
    said: list[tuple[str, int, int]] = []
    repeat = 1
    begin: int | None = None
    for token, following in pairwise((*tokens, None)):
        assert token is not None
        word = token[0]
        if word in _REPEATS:
            repeat, begin = _REPEATS[word], token.start()
            continue
        value = _UNIT_OF.get(word, word)
        if word in _TEN_OF:
            completed = following is not None and _UNIT_OF.get(following[0], "0") in "123456789"
            value = _TEN_OF[word] if completed else _TEN_OF[word] + "0"
        start = token.start() if begin is None else begin
        said += [(digit, start, token.end()) for digit in value * repeat]
        repeat, begin = 1, None
    return Run(
        "".join(digit for digit, _, _ in said),
        [start for _, start, _ in said],
        [end for _, _, end in said],
        [(index, index + 1) for index in range(len(said))],
        [" "] * (len(said) - 1),
    )
