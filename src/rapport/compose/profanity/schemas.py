"""Wire shapes of profanity: the evaluation as documented, and the console's list."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from rapport.compose.profanity.models import TERM_LENGTH, BlocklistTerm


class ProfanityRequest(Struct):
    """A text about to be sent."""

    text: str


class ProfanityResult(Struct, rename="camel"):
    """Whether it has a term of the blocklist."""

    has_profanity: bool


class NewTerm(Struct, forbid_unknown_fields=True):
    """A word or phrase to block, or to allow although the built-in list has it."""

    term: Annotated[str, Meta(min_length=1, max_length=TERM_LENGTH)]
    blocked: bool = True


class TermView(Struct, rename="camel"):
    """A term of the company's own."""

    id: str
    term: str
    blocked: bool
    author: str
    created_at: datetime


class TermList(Struct):
    """The company's own terms, in the order of the alphabet."""

    items: list[TermView]


class Trial(Struct, forbid_unknown_fields=True):
    """A text to try the list on."""

    text: Annotated[str, Meta(max_length=10_000)]


class Match(Struct):
    """Where a term stands, in characters of the text."""

    start: int
    end: int


class TrialResult(Struct, rename="camel"):
    """What the list finds in a text."""

    has_profanity: bool
    matches: list[Match]


def term_view(term: BlocklistTerm) -> TermView:
    """Shape a term."""
    return TermView(term.id, term.term, term.blocked, term.author, term.created_at)
