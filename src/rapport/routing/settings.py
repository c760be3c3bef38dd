"""Settings of routing."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from rapport.core.settings import Section


class RoutingSettings(Section, frozen=True):
    """Who gets conversations."""

    section: ClassVar[str] = "routing"

    absent_seconds: Annotated[
        int,
        Meta(
            ge=90,
            description="An active agent whose desk was not heard of for so long becomes away",
        ),
    ] = 150
