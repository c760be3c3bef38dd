"""Listed bad words, in English and Spanish: PROFANITY (PLT-112)."""

from collections.abc import Iterator
from functools import lru_cache

from rapport.engines.profanity import Finder
from rapport.engines.redaction.context import Context
from rapport.engines.redaction.folding import Folded
from rapport.engines.redaction.spans import Span


@lru_cache(maxsize=1)
def _finder() -> Finder:
    # What is merely rude says nothing that must not be kept.
    return Finder(unwanted=False)


def profanities(folded: Folded, _context: Context) -> Iterator[Span]:
    """Find obscene words however they are written."""
    for found in _finder().find(folded.text):
        yield Span("PROFANITY", found.start, found.end, whole=True)
