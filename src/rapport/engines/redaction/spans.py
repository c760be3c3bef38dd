"""Where something was hidden, and how hiding is done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Span:
    """A range of a text that an entity or a rule covers; `keep` lists ranges left readable.

    Letters, digits and the characters of `signs` are hidden, each by one mask character; `whole`
    hides every character but white space. With `collapse`, that many mask characters stand in for
    the whole range.
    """

    entity: str
    start: int
    end: int
    keep: tuple[tuple[int, int], ...] = ()
    whole: bool = False
    signs: str = ""
    collapse: int = 0


def mask_span(text: str, span: Span, mask: str) -> str:
    """Return what stands in the place of a span (PLT-116)."""
    if span.collapse:
        return mask * span.collapse
    kept = {index for start, end in span.keep for index in range(start, end)}
    return "".join(
        mask if index not in kept and _hides(span, character) else character
        for index, character in enumerate(text[span.start : span.end], start=span.start)
    )


def _hides(span: Span, character: str) -> bool:
    if span.whole:
        return not character.isspace()
    return character.isalnum() or character in span.signs


def without_overlap(spans: Iterable[Span], length: int) -> list[Span]:
    """Keep, in the given order of importance, the spans that touch no span kept before them."""
    taken = bytearray(length)
    kept: list[Span] = []
    for span in spans:
        if span.start < span.end and not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


@dataclass(slots=True, frozen=True)
class Hidden:
    """What a reader of a redacted text may know: which entity was hidden, and where it stood.

    Offsets are characters of the redacted text. A company's own rule has `rule:<name>` as entity.
    """

    entity: str
    start: int
    end: int


def apply(
    text: str, earlier: Sequence[Hidden], spans: Sequence[Span], mask: str
) -> tuple[str, list[Hidden]]:
    """Mask spans (ordered, without overlap) and move earlier findings to where they stand now.

    A span that hides nothing new (all of it is masked already) is passed over, so applying until
    nothing changes always ends.
    """
    pieces: list[str] = []
    added: list[Hidden] = []
    edits: list[_Edit] = []
    position = 0
    shift = 0
    for span in spans:
        masked = mask_span(text, span, mask)
        if masked == text[span.start : span.end]:
            continue
        pieces += (text[position : span.start], masked)
        added.append(Hidden(span.entity, span.start + shift, span.start + shift + len(masked)))
        shift += len(masked) - (span.end - span.start)
        edits.append((span.start, span.end, added[-1].start, added[-1].end))
        position = span.end
    if not added:
        return text, list(earlier)
    pieces.append(text[position:])
    moved = [_moved(hidden, edits) for hidden in earlier]
    return "".join(pieces), _merged(moved, added)


# A span's start and end before it was masked, and after.
_Edit = tuple[int, int, int, int]


def _moved(hidden: Hidden, edits: Sequence[_Edit]) -> Hidden:
    """Move a finding; one that a new finding cuts through takes in the whole of it."""
    start, end = hidden.start, hidden.end
    for old_start, old_end, new_start, new_end in edits:
        if old_end <= hidden.start:
            start = hidden.start + new_end - old_end
        elif old_start < hidden.start:
            start = new_start
        if old_end <= hidden.end:
            end = hidden.end + new_end - old_end
        elif old_start < hidden.end:
            end = new_end
    return Hidden(hidden.entity, start, end)


def _merged(earlier: Sequence[Hidden], added: Sequence[Hidden]) -> list[Hidden]:
    """Join two lists of findings; one that a later finding covers wholly is part of it."""
    kept = [
        hidden
        for hidden in earlier
        if not any(new.start <= hidden.start and hidden.end <= new.end for new in added)
    ]
    return sorted((*kept, *added), key=lambda hidden: hidden.start)
