"""Wire shapes of the spelling check, exactly as documented."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType, field


class TypingEvent(Struct, rename="camel"):
    """The cursor before and after what was typed, in UTF-16 code units."""

    cursor_start: int
    cursor_end: int


class SpellcheckRequest(Struct, rename="camel"):
    """What stands in the composer, and what was typed last."""

    text: str
    typing_event: TypingEvent
    user_dictionary: list[str] = field(default_factory=list)


class SpellcheckCorrection(Struct, rename="camel"):
    """The word just completed and what was meant; nothing at all when nothing is wrong."""

    id: str | UnsetType = UNSET
    misspelled_text: str | UnsetType = UNSET
    corrected_text: str | UnsetType = UNSET
    position: int | UnsetType = UNSET
