"""Listed bad words, in English and Spanish: PROFANITY (PLT-112)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from rapport.engines.redaction.context import Context
from rapport.engines.redaction.folding import Folded
from rapport.engines.redaction.spans import Span

_TOKEN = re.compile(r"[a-z@$!0-9]+(?:'[a-z]+)?")
# "sh1t" and "a$$" are meant to be read as the word.
_SHAPES = str.maketrans({"@": "a", "$": "s", "!": "i", "0": "o", "1": "i", "3": "e", "4": "a"})


@lru_cache(maxsize=1)
def bad_words() -> frozenset[str]:
    """Load the word list: one word a line, lower case, without accents; `#` begins a comment."""
    text = files(__package__).joinpath("profanity.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def profanities(folded: Folded, _context: Context) -> Iterator[Span]:
    """Find listed words, whole words only, also when letters are swapped for look-alikes."""
    listed = bad_words()
    for token in _TOKEN.finditer(folded.lower):
        word = token[0].removesuffix("'s")
        read = word.translate(_SHAPES)
        if not word.isdigit() and (word in listed or read in listed or read.rstrip("i") in listed):
            yield Span("PROFANITY", token.start(), token.end(), whole=True)
