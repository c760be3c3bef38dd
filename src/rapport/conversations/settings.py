"""Settings of conversations."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from rapport.core.settings import Section


class ConversationSettings(Section, frozen=True):
    """How long conversations and what belongs to them live."""

    section: ClassVar[str] = "conversations"

    quiet_hours: Annotated[
        float, Meta(gt=0, description="Silence after which a conversation ends by itself")
    ] = 24.0
    credential_minutes: Annotated[
        int, Meta(ge=1, description="How long a customer's credentials are kept")
    ] = 60
    text_characters: Annotated[
        int, Meta(ge=100, description="Longest message, name or metadata value that is taken")
    ] = 10_000
