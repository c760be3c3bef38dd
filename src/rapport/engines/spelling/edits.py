"""How far what was typed is from what was meant, as people mistype: 1 is an ordinary slip.

A finger that hits the key beside the right one, two letters that change places, a letter doubled or
not, a vowel that sounds alike, an apostrophe left out: likely slips cost less than others.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

VOWELS = frozenset("aeiouyáéíóúü")
# What another first letter sounds like.
FIRST_LETTERS = {"c": "ks", "k": "cq", "s": "cp", "f": "p", "n": "kp", "r": "w", "j": "g", "g": "j"}


def listed(words: str) -> list[str]:
    """A list of words written as one text."""
    return words.split()


_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# Either may stand for the other.
_SOUNDS = listed("cs ck sz gj fv dt mn bp kq xs uw vb cz xc")
_BEHIND = frozenset(("ch", "gh", "rh", "th", "wh", "sh", "xc", "sc", "gu", "qu", "ck", "kn"))

# One letter for two that sound alike.
_SPELT = frozenset(
    (pair[0], pair[1:])
    for pair in listed(
        "fph kch kck ssc sps jdg wwh rwr nkn ngn ooo uoo iee yie zss"
        " eea eee iei iie eei oou ooa aai uou"
    )
)

# What a slip costs: 1 makes a word a thousand times less likely. They are set by hand, for how people
# mistype, and were changed only where that helps on other lists than the one we are measured on.
APOSTROPHE, HYPHEN, ACCENT = 0.15, 0.4, 0.15
VOWEL, ALIKE, BESIDE, OTHER = 0.75, 0.75, 1.2, 1.6
EXTRA_DOUBLE, EXTRA_BESIDE, EXTRA_VOWEL, EXTRA = 0.65, 1.2, 0.9, 1.3
MISSING_DOUBLE, MISSING_SILENT, MISSING_VOWEL, MISSING = 0.4, 0.75, 0.8, 0.85
SWAPPED, SWAPPED_IE = 0.6, 0.4
# One letter for two that sound alike, another ending that does, another first letter.
SOUND, ENDING, FIRST = 0.65, 0.5, 0.5
# That the word is somebody's name.
NAME = 0.1
# No slip costs less, but one of an apostrophe or an accent.
CHEAPEST = 0.4


def _neighbours() -> frozenset[tuple[str, str]]:
    places = {
        letter: (row, column + row * 0.5)
        for row, letters in enumerate(_ROWS)
        for column, letter in enumerate(letters)
    }
    return frozenset(
        (one, other)
        for one, (row, column) in places.items()
        for other, (its_row, its_column) in places.items()
        if one != other and abs(row - its_row) <= 1 and abs(column - its_column) <= 1
    )


_BESIDE = _neighbours()
_ALIKE = frozenset((pair[0], pair[1]) for pair in _SOUNDS) | frozenset(
    (pair[1], pair[0]) for pair in _SOUNDS
)


@lru_cache(maxsize=4_096)
def bare(letters: str) -> str:
    """Letters without accents."""
    apart = unicodedata.normalize("NFD", letters)
    return "".join(c for c in apart if not unicodedata.combining(c) or c == "\u0303")


@lru_cache(maxsize=4_096)
def _replaced(typed: str, meant: str) -> float:
    if typed == meant:
        return 0.0
    if bare(typed) == bare(meant):
        return ACCENT
    if typed in VOWELS and meant in VOWELS:
        return VOWEL
    if (typed, meant) in _ALIKE:
        return ALIKE
    if (typed, meant) in _BESIDE:
        return BESIDE
    return OTHER


def _extra(typed: str, at: int) -> float:
    """What it costs that a letter of what was typed was not meant."""
    letter = typed[at]
    if letter in "'-":
        return APOSTROPHE if letter == "'" else HYPHEN
    before = typed[at - 1] if at else ""
    after = typed[at + 1] if at + 1 < len(typed) else ""
    if letter in (before, after):
        return EXTRA_DOUBLE
    if (letter, before) in _BESIDE or (letter, after) in _BESIDE:
        return EXTRA_BESIDE
    return EXTRA_VOWEL if letter in VOWELS and letter != "y" else EXTRA


def _missing(meant: str, at: int) -> float:
    """What it costs that a letter that was meant was not typed."""
    letter = meant[at]
    if letter in "'-":
        return APOSTROPHE if letter == "'" else HYPHEN
    before = meant[at - 1] if at else ""
    after = meant[at + 1] if at + 1 < len(meant) else ""
    if letter in (before, after):
        return MISSING_DOUBLE
    if before + letter in _BEHIND:
        return MISSING_SILENT
    return MISSING_VOWEL if letter in VOWELS and letter != "y" else MISSING


def cost(typed: str, meant: str) -> float:
    """The least cost of the slips that make one word of the other."""
    start = 0
    shorter = min(len(typed), len(meant))
    while start < shorter and typed[start] == meant[start]:
        start += 1
    ends = 0
    while ends < shorter - start and typed[-1 - ends] == meant[-1 - ends]:
        ends += 1
    rows, columns = len(typed) - ends, len(meant) - ends
    first = 0.0 if start or _begins_alike(typed, meant) else FIRST
    before: list[float] = []
    above = [0.0]
    for j in range(start, columns):
        above.append(above[-1] + _missing(meant, j))
    for i in range(start, rows):
        row = [above[0] + _extra(typed, i)]
        for j in range(start, columns):
            column = j - start
            best = min(
                above[column] + _replaced(typed[i], meant[j]),
                above[column + 1] + _extra(typed, i),
                row[column] + _missing(meant, j),
            )
            if i > start and j > start:
                best = min(best, before[column - 1] + _two(typed, meant, i, j))
            if j > start and (typed[i], meant[j - 1 : j + 1]) in _SPELT:
                best = min(best, above[column - 1] + SOUND)
            if i > start and (meant[j], typed[i - 1 : i + 1]) in _SPELT:
                best = min(best, before[column] + SOUND)
            row.append(best)
        before, above = above, row
    return above[-1] + first


def _begins_alike(typed: str, meant: str) -> bool:
    """Whether first letters that differ are a usual slip: swapped, or another way to write a sound."""
    return (
        typed[:2] == meant[1::-1]
        or (typed[0], meant[:2]) in _SPELT
        or (meant[0], typed[:2]) in _SPELT
        or {typed[0], meant[0]} <= VOWELS
    )


def _two(typed: str, meant: str, i: int, j: int) -> float:
    """The cost of two letters for two others: swapped, or else no less than one by one."""
    one, other = typed[i - 1 : i + 1], meant[j - 1 : j + 1]
    if one == other[::-1]:
        return SWAPPED_IE if one in ("ie", "ei") else SWAPPED
    return OTHER * 2


# Endings that sound alike, or that a rule of spelling makes of another: (typed, meant).
_ENDINGS = {
    "en": [
        pair.split(">")
        for pair in listed(
            "icly>ically aly>ally ible>able able>ible ibly>ably ably>ibly ance>ence ence>ance"
            " ant>ent ent>ant antly>ently ently>antly ancy>ency ency>ancy cede>ceed ceed>cede"
            " sede>cede cede>sede tion>sion sion>tion sion>ssion tion>ssion cion>tion shun>tion"
            " full>ful fuly>fully er>or or>er ery>ary ary>ery us>ous ous>us ious>ous ous>ious"
            " eous>ous ous>eous os>ous yed>ied ys>ies eing>ing ied>yed eable>able able>eable ise>ice"
            " ice>ise ize>ise yze>yse er>re el>le le>el al>le le>al ley>ly ly>ley emnt>ment"
            " ment>ement ement>ment cial>tial tial>cial cient>tient tious>cious cious>tious"
            " nes>ness les>less ers>ors ors>ers ys>ies ie>y y>ey ey>y"
        )
    ],
    "es": [
        pair.split(">")
        for pair in listed("cion>ción sion>sión ciones>siones siones>ciones xion>xión ia>ía io>ío")
    ],
}


def respelt(lower: str, language: str) -> list[str]:
    """A word with other endings that sound like its own; each costs `ENDING`."""
    return [
        lower[: -len(typed)] + meant
        for typed, meant in _ENDINGS[language]
        if len(lower) > len(typed) + 2 and lower.endswith(typed)
    ]
