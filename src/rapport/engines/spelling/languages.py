"""Which language somebody writes."""

from __future__ import annotations

from collections.abc import Sequence

from rapport.engines.spelling.dictionary import LANGUAGES, dictionary

DEFAULT = "en"
# A word this common tells its language, when in the other it is not known nearly as well.
TELLING = 4.0
APART = 2.0
# So many more words must tell another language, when some tell the one that is expected.
MORE = 2


def preferred(accept_language: str | None) -> str:
    """The first language of an `Accept-Language` header that can be spelt, else English."""
    wanted = []
    for each in (accept_language or "").lower().split(","):
        tag, _, quality = each.partition(";")
        try:
            weight = float(quality.replace("q=", "").strip() or 1)
        except ValueError:
            continue
        wanted.append((-weight, tag.strip().split("-")[0]))
    known = (language for _, language in sorted(wanted, key=lambda one: one[0]))
    return next((language for language in known if language in LANGUAGES), DEFAULT)


def language_of(words: Sequence[str], expected: str) -> str:
    """The language of a text's words; the expected one unless they plainly tell another."""
    told = dict.fromkeys(LANGUAGES, 0)
    for word in words:
        common = {each: dictionary(each).commonness(word) or 0.0 for each in LANGUAGES}
        best = max(common, key=lambda each: common[each])
        others = max(value for each, value in common.items() if each != best)
        if common[best] >= TELLING and common[best] - others >= APART:
            told[best] += 1
    best = max(told, key=lambda each: (told[each], each == expected))
    more = MORE if told[expected] else 1
    return best if told[best] >= told[expected] + more else expected
