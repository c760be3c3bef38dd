"""Hiding what must not be kept: one `Redactor` for each company and policy.

redactor = Redactor(DEFAULT_ACTIVE)
context = EMPTY
for text in conversation:
    redacted = redactor.redact(text, context)   # .text may be stored
    context = context.after(redacted.text)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from rapport.engines.redaction.catalogue import CATALOGUE
from rapport.engines.redaction.context import EMPTY, Context
from rapport.engines.redaction.entity import Entity
from rapport.engines.redaction.folding import Folded
from rapport.engines.redaction.rules import Rule, compile_pattern, rule_spans
from rapport.engines.redaction.spans import Hidden, Span, apply, without_overlap


class UnknownEntity(ValueError):
    """An entity is not in the catalogue."""


@dataclass(slots=True, frozen=True)
class Redacted:
    """A text that may be kept, and where something is hidden in it, in order.

    The representation shows no text: with few entities active it may still hold personal data.
    """

    text: str = field(repr=False)
    spans: tuple[Hidden, ...] = ()


class Redactor:
    """Hides the active entities, then what a company's rules match, in their order (PLT-112..125).

    `redact` is idempotent: redacting its result in the same context changes nothing. Each hidden
    character becomes one mask character and separators stay, but for the part of an e-mail
    address before the "at", which always becomes three.
    """

    def __init__(self, active: frozenset[str], rules: Sequence[Rule] = (), mask: str = "*") -> None:
        """Compile a policy. Raises UnknownEntity, InvalidPattern, or ValueError for a long mask."""
        unknown = active - CATALOGUE.keys()
        if unknown:
            raise UnknownEntity(", ".join(sorted(unknown)))
        if len(mask) != 1 or mask.isalnum() or mask.isspace():
            raise ValueError("the mask is one character, neither a letter, a digit nor a space")
        self._entities: tuple[Entity, ...] = tuple(
            entity for entity in CATALOGUE.values() if entity.id in active
        )
        for rule in rules:
            compile_pattern(rule.pattern)
        self._rules = tuple(rules)
        self._mask = mask

    def redact(self, text: str, context: Context = EMPTY) -> Redacted:
        """Hide in a text what the policy covers, given what was said before it (PLT-069, PLT-117).

        Masking one thing can uncover another (a password that contains a card number), so the
        text is read again until nothing more is found. Each round hides at least one character
        that was readable, so there is an end.
        """
        hidden: list[Hidden] = []
        while True:
            spans = without_overlap(self._find(text, context), len(text))
            if not spans:
                break
            masked, hidden = apply(text, hidden, spans, self._mask)
            if masked == text:
                break
            text = masked
        return Redacted(text, tuple(hidden))

    def _find(self, text: str, context: Context) -> Iterator[Span]:
        folded = Folded(text)
        for entity in self._entities:
            for span in entity.find(folded, context):
                yield _unfolded(span, folded)
        for rule in self._rules:
            yield from rule_spans(rule, text, folded)


def _unfolded(span: Span, folded: Folded) -> Span:
    """Turn a span of the folded text into one of the text itself."""
    if folded.is_plain:
        return span
    start, end = folded.original(span.start, span.end)
    kept = tuple(folded.original(*part) for part in span.keep)
    return replace(span, start=start, end=end, keep=kept)
