"""What somebody meant by a word they typed.

A noisy channel: every known word alike is as likely as it is common, as the slips that would make
it what was typed are usual, and as it fits the words beside it. A word nobody knows is left alone
when nothing near it is likely; a known one is left alone unless it is rare and its neighbour is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapport.engines.profanity import Finder
from rapport.engines.spelling.common import SLIPS
from rapport.engines.spelling.dictionary import LANGUAGES, Dictionary, dictionary
from rapport.engines.spelling.edits import CHEAPEST, ENDING, NAME, VOWELS, bare, cost, respelt

# A slip makes a word a hundred times less likely, and a little more: in powers of ten.
SLIP = 3.0
# A word that is known may be less likely than another by so much: a slip of fingers or of spelling is
# not nearly as usual as it is likely among slips.
MEANT = -0.5
# It gives way to a word at least this common, and to none that it is an ending of ("roomy", "makings").
GIVES_WAY_TO = 2.5
_ENDINGS = ("s", "y", "d", "r", "g")
# Among words of one language those of another are less likely by so many powers of ten.
BORROWED = 4.0
# Greetings and other words this common are known to speakers of another language, too.
EVERYBODYS = 5.1
# Words as common as this are never doubted.
ORDINARY = 3.2
# Less likely than this (powers of ten), a word that nobody knows is left as it is.
UNLIKELY = -6.0
UNLIKELY_START = -3.0
LIKELY_NAME = 2.0
CERTAIN = 99.0
# Words so common make a compound, which is as common as a rare word.
PART = 3.6
# A compound that a dictionary has is as common as this at least, though nobody counted it.
DOUBTLESS = 2.0
# Two letters are a part when they are a word everybody uses ("topup").
SMALL_PART = 5.5
COMPOUND = -1.0
# Two words as common as this, one after the other, may lack the space between them.
TOGETHER = 4.0
# A word this likely is not looked for further: among longer words, or with another first letter.
SATISFYING = 0.5
LONG = 7
RESPELT_FROM = 0.8
# How much of the surprise at two words side by side counts, and at most.
BESIDE = 0.3
MOST_BESIDE = 1.2
_ALL_WORDS = 9.0
_PAIRS_TOTAL = 11.3
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*['’]?")


class Place(NamedTuple):
    """What stands around a word: lower-case words before and after, whether a sentence begins.

    `addresses`: a comma or an exclamation mark follows, as after the name of somebody spoken to.
    """

    before: str = ""
    after: str = ""
    begins: bool = True
    addresses: bool = False


Known = Callable[[str], bool]


def nothing_known(_word: str) -> bool:
    """Know no word beside the dictionary's."""
    return False


def correct(word: str, place: Place, language: str, known: Known = nothing_known) -> str | None:
    """What was meant by a word, None when it is right or nobody can tell.

    `known` says which lower-case words are right beside those of the dictionary.
    """
    plain = word.replace("’", "'")
    if not _WORD.fullmatch(word) or _is_code(plain) or known(plain.lower()):
        return None
    lower = plain.lower()
    book = dictionary(language)
    meant = SLIPS[language].get(lower) or _meant(book, plain, lower, place, known)
    if meant is None or meant == plain or _obscenities().has(meant):
        return None
    cased = _like(plain, meant, book)
    return cased.replace("'", "’") if "’" in word else cased


@lru_cache(maxsize=1)
def _obscenities() -> Finder:
    """What nobody's word is changed to, whatever they meant."""
    return Finder()


def is_known(lower: str, language: str) -> bool:
    """Whether a word is in a language's dictionary."""
    return dictionary(language).commonness(lower) is not None


def is_ordinary(lower: str, language: str) -> bool:
    """Whether a word is common enough never to be doubted."""
    return (dictionary(language).commonness(lower) or 0.0) >= ORDINARY


def _is_code(plain: str) -> bool:
    """Abbreviations, product codes, names with capitals inside: nobody's misspelling."""
    return plain != "I" and any(letter.isupper() for letter in plain[1:])


def _meant(book: Dictionary, plain: str, lower: str, place: Place, known: Known) -> str | None:
    if len(lower) < 3 or (len(lower) <= 4 and not VOWELS.intersection(lower)):
        return None
    own = _own(book, plain, lower, known)
    if own is not None and own >= ORDINARY:
        return None
    best, score = _likeliest(book, lower, place)
    if _is_compound_only(book, lower, own) and (apart := _apart(book, lower)) and apart[1] > score:
        best, score = apart
    if best is None or _is_kept(book, lower, best):
        return None
    return best if score > _least(own, plain, best, book, place) else None


def _is_compound_only(book: Dictionary, lower: str, own: float | None) -> bool:
    return own == COMPOUND and book.commonness(lower) is None


def _is_kept(book: Dictionary, lower: str, best: str) -> bool:
    """Whether a word some use is the other with an ending, or the other is as good as unknown."""
    if (book.commonness(lower) or 0.0) <= 0:
        return False
    has_ending = lower.startswith(best) and lower.endswith(_ENDINGS)
    return has_ending or (book.commonness(best) or 0.0) < GIVES_WAY_TO


def _least(own: float | None, plain: str, best: str, book: Dictionary, place: Place) -> float:
    """How likely another word must be to take the place of what was typed."""
    if own is not None:
        return own + MEANT + (1.5 if plain[0].isupper() else 0.0)
    if plain[0].isupper() and (place.addresses or not place.begins):
        # Most likely somebody's name, and names are spelt in every way.
        return LIKELY_NAME if len(plain) >= LONG and book.is_name(best) else CERTAIN
    return UNLIKELY_START if plain[0].isupper() else UNLIKELY


def _own(book: Dictionary, plain: str, lower: str, known: Known) -> float | None:
    """How common the word itself is; None for a word nobody knows."""
    if lower.endswith(("'s", "s'", "'")):
        base = lower.removesuffix("s").removesuffix("'")
        base = base if lower.endswith("'s") or not lower.endswith("s'") else lower[:-1]
        if book.commonness(base) is not None or known(base):
            return ORDINARY
    if "-" in lower:
        parts = [part for part in lower.split("-") if part]
        if all(book.commonness(part) is not None or known(part) for part in parts):
            return ORDINARY
    if plain[0].isupper() and book.may_be_name(lower):
        return ORDINARY
    unaccented = bare(lower)
    if book.language == "en" and unaccented != lower and book.commonness(unaccented) is not None:
        return ORDINARY
    common = book.commonness(lower)
    if common is not None and common <= 0 and _is_compound(book, lower):
        return DOUBTLESS
    if common is not None and (common >= 1 or not book.is_name(lower)):
        return common
    foreign = _foreign(lower, book.language)
    if foreign is not None:
        return foreign
    return COMPOUND if _is_compound(book, lower) else None


def _is_compound(book: Dictionary, lower: str) -> bool:
    """Whether a word is two common ones run together, which is often meant ("shoutout")."""
    return any(
        _is_part(book, lower[:at]) and _is_part(book, lower[at:]) for at in range(2, len(lower) - 1)
    )


def _is_part(book: Dictionary, part: str) -> bool:
    return (book.commonness(part) or 0.0) >= (SMALL_PART if len(part) == 2 else PART)


def _foreign(lower: str, language: str) -> float | None:
    """How common a word of another language that people here write is among this one's."""
    others = [dictionary(other).commonness(lower) for other in LANGUAGES if other != language]
    common = max((each for each in others if each is not None), default=None)
    if common is None:
        return None
    return ORDINARY if common >= EVERYBODYS else common - BORROWED


def _likeliest(book: Dictionary, lower: str, place: Place) -> tuple[str | None, float]:
    """The likeliest other word, and the logarithm of how likely it is."""
    search = _Search(book, lower, place)
    search.weigh(book.alike(lower, 1 if len(lower) <= 3 else 2))
    search.weigh([(word, 1) for word in book.other_first(lower)])
    search.weigh_respelt(respelt(lower, book.language))
    if search.likely < SATISFYING:
        search.weigh(book.sounding_alike(lower, 2))
        if len(lower) >= LONG:
            search.weigh(book.alike(lower, 3))
    return search.best, search.likely


def _is_proposed(book: Dictionary, respelt_word: str) -> bool:
    return (book.commonness(respelt_word) or 0.0) >= RESPELT_FROM


def _apart(book: Dictionary, lower: str) -> tuple[str, float] | None:
    """Two words that often stand together, when the space between them may be missing."""
    pairs = (
        (f"{lower[:at]} {lower[at:]}", book.together(lower[:at], lower[at:]) - _PAIRS_TOTAL + 9)
        for at in range(2, len(lower) - 1)
    )
    likely = [(words, common - SLIP) for words, common in pairs if common >= TOGETHER]
    return max(likely, key=lambda each: each[1], default=None)


class _Search:
    """The best of the words weighed so far."""

    def __init__(self, book: Dictionary, lower: str, place: Place) -> None:
        self.best: str | None = None
        self.likely = -99.0
        self._book = book
        self._lower = lower
        self._place = place
        # How much likelier the words beside it can make a word.
        self._beside = MOST_BESIDE if place.before or place.after else 0.0

    def weigh(self, candidates: Sequence[tuple[str, int]]) -> None:
        """Take over the best of some words, each with its number of edits."""
        bounds = []
        for word, edits in candidates:
            common = self._book.commonness(word) or 0.0
            least = 0.0 if "'" in word else CHEAPEST * edits
            bounds.append((common + self._beside - SLIP * least, common, word))
        # What can be likeliest comes first: mostly the rest need not be compared.
        for bound, common, word in sorted(bounds, reverse=True):
            if bound <= self.likely:
                return
            if word != self._lower:
                slips = cost(self._lower, word) + self._named(word)
                self._take(word, common, common - SLIP * slips)

    def weigh_respelt(self, words: Sequence[str]) -> None:
        """Take over the best of some words that end in what sounds alike."""
        for word in words:
            if _is_proposed(self._book, word):
                common = self._book.commonness(word) or 0.0
                slips = ENDING + self._named(word)
                self._take(word, common, common - SLIP * slips)

    def _named(self, word: str) -> float:
        return NAME if self._book.is_name(word) else 0.0

    def _take(self, word: str, common: float, likely: float) -> None:
        if likely + self._beside > self.likely:
            likely += _fits(self._book, word, common, self._place)
        if likely > self.likely:
            self.best, self.likely = word, likely


def _fits(book: Dictionary, candidate: str, common: float, place: Place) -> float:
    """How much more likely the words beside it make a word, in powers of ten."""
    fit = 0.0
    for first, second, other in (
        (place.before, candidate, place.before),
        (candidate, place.after, place.after),
    ):
        together = book.together(first, second) if other else 0.0
        if together:
            apart = common + (book.commonness(other) or 3.0) - 2 * _ALL_WORDS + _PAIRS_TOTAL
            fit += min(MOST_BESIDE, max(0.0, BESIDE * (together - apart)))
    return min(fit, MOST_BESIDE)


def _like(plain: str, meant: str, book: Dictionary) -> str:
    """The correction with the capitals of what was typed."""
    written = book.written(meant)
    if plain[0].isupper():
        return written[0].upper() + written[1:]
    return written
