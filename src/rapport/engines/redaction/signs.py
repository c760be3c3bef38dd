"""What a text may hold at all, found out in one pass over it.

Most texts name no secret and hold no number, and every recogniser would look for its own words in vain.
One automaton looks for all of them together: what it does not see is not there. What it does see a
recogniser looks at once more, because here nothing can be said of what stands around a word
("card", but not "green card"), nor of letters outside ASCII.
"""

import re
from enum import IntEnum

import re2

from rapport.engines.redaction.runs import SPOKEN_HINT
from rapport.engines.redaction.topics import ASKS, OTHER_SUBJECT, PATTERNS, Topic


class Sign(IntEnum):
    """What else than a topic a text may hold; numbered on from `Topic`, so that one list has both."""

    SPOKEN_DIGITS = len(Topic)
    OTHER_SUBJECT = len(Topic) + 1
    ASKS = len(Topic) + 2
    LONG_NUMBER = len(Topic) + 3
    DIGIT = len(Topic) + 4


# Twelve digits, hidden ones included: the shortest number of a card.
_LONG_NUMBER = r"(?:[0-9*#][ .\-]?){11}[0-9*#]"
# To RE2 only six characters of ASCII are spaces.
_SPACES = r"\s\x0b\x1c-\x1f\x{85}\x{2028}\x{2029}"
_TOKEN = re.compile(
    r"\(\?<?!\[(?P<not>[^\]\\^]+)\]\)|\(\?<?[!=]|\\.|\[(?:\\.|[^\]\\])*\]|.", re.DOTALL
)


def signs(lower: str) -> list[int]:
    """Return the topics and signs that lower-case folded text may hold; none that is missing is there."""
    return _SET.Match(lower) or []


def loosened(pattern: str) -> str:
    """Return a pattern for RE2 that matches in every text in which a pattern of `re` does.

    RE2 knows no looking around: "(?=x)" becomes "x", a class that must not stand there becomes anything
    else standing there, and every other condition on what must not stand there is dropped.
    """
    pieces: list[str] = []
    dropping = 0
    for token in _TOKEN.finditer(pattern):
        piece = token[0]
        if dropping:
            dropping += piece.startswith("(") - (piece == ")")
        elif token["not"]:
            edge = "^" if "<" in piece else "$"
            pieces.append(f"(?:{edge}|[^{token['not']}])")
        elif piece in ("(?!", "(?<!", "(?<="):
            dropping = 1
        elif piece == "(?=":
            pieces.append("(?:")
        elif piece == r"\s":
            pieces.append(f"[{_SPACES}]")
        else:
            pieces.append(piece.replace(r"\s", _SPACES) if piece.startswith("[") else piece)
    return "".join(pieces)


def _set() -> re2.Set:
    """Compile everything that is looked for; the place of each in the set is its number."""
    others = {
        Sign.SPOKEN_DIGITS: SPOKEN_HINT,
        Sign.OTHER_SUBJECT: OTHER_SUBJECT.pattern,
        Sign.ASKS: ASKS.pattern,
        Sign.LONG_NUMBER: _LONG_NUMBER,
        Sign.DIGIT: "[0-9]",
    }
    found = re2.Set.SearchSet()
    for topic in Topic:
        found.Add(loosened(PATTERNS[topic]))
    for sign in Sign:
        found.Add(loosened(others[sign]))
    found.Compile()
    return found


_SET = _set()
