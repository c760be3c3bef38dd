"""What the last utterances of a conversation say about the next one (PLT-117).

    agent      "and the 4 digit pin?"     -> the next bare number is a PIN
    customer   "4821"                     -> "****"

A `Context` is computed from texts that are redacted already, and from the last `MEMORY` of them
only. Any node can therefore build it again from storage, and building it again gives the same
value as carrying it along: `Context.of(texts) == Context.of(texts[-MEMORY:])`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapport.engines.redaction.folding import Folded
from rapport.engines.redaction.signs import Sign
from rapport.engines.redaction.topics import Topic, asks, changes_subject, words

# Utterances, of anyone in the conversation, that are remembered.
MEMORY = 6
# How many utterances later a topic still explains a number. Asking for a card and reading it out
# takes many short utterances; after a social security number the next sentences are covered.
_REACH: dict[Topic, int] = {
    Topic.CARD: 6,
    Topic.SSN: 4,
    Topic.CVV: 3,
    Topic.PIN: 3,
    Topic.PASSWORD: 2,
    Topic.DOB: 3,
    Topic.PHONE: 2,
}
# Payment cards have 12 to 19 digits; nearly all have 15 or 16.
CARD_DIGITS = 16
_MASKS = re.compile(r"[*#]")
_HIDDEN_CARD = re.compile(r"(?:[*#][ .\-]?){8,15}[0-9]{4}(?![0-9])")
_HIDDEN_SSN = re.compile(r"(?:[*#][ .\-/]{0,3}){5}[0-9]{4}(?![0-9])|(?:[*#][ .\-/]{0,3}){9}")
_FILLERS = words(
    "ok okay yes yeah yep sure its it is it's the and then my number thanks thank you please here"
    " go that thats that's this so well um uh er ah hmm now next first last code one sir maam of"
    " course pin cvv cvc card digits have i got with after followed by dash space expires exp"
    " expiration would be will was"
    " si claro es son el la los las y luego despues gracias aqui tiene numero mi por favor vale"
    " bueno eh entonces primero ultimo codigo"
)
_WORDS = re.compile(r"[a-z][a-z']*")


def is_bare(folded: Folded, other_words: int = 2) -> bool:
    """Whether a text is a number and hardly anything else ("sure, it's 4821").

    Words that go along with any number do not count as other words.
    """
    others = [word for word in _WORDS.finditer(folded.lower) if word[0] not in _FILLERS]
    if len(others) <= other_words:
        return True
    spoken = sum(run.start <= word.start() < run.end for word in others for run in folded.runs)
    return len(others) - spoken <= other_words


class _Trace:
    """What one redacted utterance leaves behind, worked out when somebody asks."""

    def __init__(self, redacted: str) -> None:
        self._folded = Folded(redacted)

    @cached_property
    def topics(self) -> frozenset[Topic]:
        """What it names."""
        return frozenset(topic for topic in Topic if self._folded.mentions(topic))

    @cached_property
    def asks(self) -> bool:
        """Whether it asks about what it names."""
        return bool(self.topics) and self._may_ask and asks(self._folded.lower)

    @cached_property
    def changes_subject(self) -> bool:
        """Whether it asks about a number that is no secret."""
        may_change = self._may_ask and Sign.OTHER_SUBJECT in self._folded.signs
        return may_change and not self.topics and changes_subject(self._folded.lower)

    @property
    def _may_ask(self) -> bool:
        return Sign.ASKS in self._folded.signs

    @cached_property
    def piece(self) -> str:
        """The readable digits of an utterance that is nothing but a number.

        What has a slash is a date: the expiry of a card, not a piece of its number.
        """
        runs = [run.digits for run in self._folded.runs if "/" not in run.separators]
        return "".join(runs) if runs and is_bare(self._folded, other_words=0) else ""

    @cached_property
    def hidden_count(self) -> int:
        """How many characters are masked in an utterance that is hardly more than a number."""
        hidden = len(_MASKS.findall(self._folded.text))
        return hidden if hidden and is_bare(self._folded) else 0

    @cached_property
    def has_card(self) -> bool:
        """Whether a whole card was hidden in it."""
        return _HIDDEN_CARD.search(self._folded.text) is not None

    @cached_property
    def has_ssn(self) -> bool:
        """Whether a whole social security number was hidden in it."""
        return _HIDDEN_SSN.search(self._folded.text) is not None


@lru_cache(maxsize=4_096)
def _trace(redacted: str) -> _Trace:
    return _Trace(redacted)


@dataclass(slots=True, frozen=True, repr=False)
class Context:
    """What a conversation has said so far that explains a number in its next utterance.

    Immutable and small; `EMPTY` starts a conversation. Everything in it comes from redacted texts,
    so it holds nothing that storage does not.
    """

    _texts: tuple[str, ...] = ()

    @classmethod
    def of(cls, redacted_texts: Iterable[str]) -> "Context":
        """Build the context from the redacted texts of a conversation, oldest first."""
        context = EMPTY
        for text in redacted_texts:
            context = context.after(text)
        return context

    def after(self, redacted_text: str) -> "Context":
        """Return the context of the utterance that follows this one."""
        return Context((*self._texts, redacted_text)[-MEMORY:])

    @property
    def _traces(self) -> list[_Trace]:
        return [_trace(text) for text in self._texts]

    def expects(self, topic: Topic) -> bool:
        """Whether a bare number now is likely to be about a topic that was named before."""
        for age, trace in enumerate(reversed(self._traces)):
            if topic in trace.topics:
                return age < _REACH[topic]
            if trace.changes_subject or self._answers(topic, trace):
                return False
        return False

    def asked_for(self, topic: Topic) -> bool:
        """Whether someone asked about a topic and nobody has answered since."""
        for age, trace in enumerate(reversed(self._traces)):
            if topic in trace.topics and trace.asks:
                return age < _REACH[topic]
            if trace.changes_subject or self._answers(topic, trace):
                return False
        return False

    def follows(self, topic: Topic) -> bool:
        """Whether a topic was named within its reach, whatever has been said since."""
        recent = self._traces[-_REACH[topic] :]
        return any(topic in trace.topics for trace in recent)

    def number_was_given(self, topic: Topic) -> bool:
        """Whether a complete number of a topic was hidden since the topic was last named."""
        for trace in reversed(self._traces):
            if self._answers(topic, trace):
                return True
            if topic in trace.topics:
                return False
        return False

    @property
    def card_is_complete(self) -> bool:
        """Whether one of the last three utterances held a whole card number, or finished one."""
        recent = self._traces[-3:]
        if any(trace.has_card for trace in recent):
            return True
        return any(trace.hidden_count for trace in recent) and self.card_progress >= CARD_DIGITS - 1

    @property
    def card_progress(self) -> int:
        """How many digits of a card read out in pieces have been said, hidden ones included."""
        return sum(len(trace.piece) + trace.hidden_count for trace in self._pieces())

    @property
    def card_pieces(self) -> tuple[str, ...]:
        """The readable pieces of what may be a card read out in pieces, oldest first."""
        return tuple(trace.piece for trace in self._pieces() if trace.piece)

    @property
    def card_is_being_hidden(self) -> bool:
        """Whether pieces of a card were hidden already."""
        return any(trace.hidden_count for trace in self._pieces())

    def _pieces(self) -> list[_Trace]:
        pieces: list[_Trace] = []
        for trace in reversed(self._traces):
            if trace.changes_subject or trace.has_card:
                break
            if trace.piece or trace.hidden_count:
                pieces.append(trace)
            if Topic.CARD in trace.topics:
                break
        return pieces[::-1]

    @staticmethod
    def _answers(topic: Topic, trace: _Trace) -> bool:
        match topic:
            case Topic.CARD:
                return trace.has_card
            case Topic.SSN:
                return trace.has_ssn
            case _:
                return trace.hidden_count >= 3


EMPTY = Context()
