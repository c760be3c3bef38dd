"""Settings of fluency."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from rapport.core.settings import Section


class FluencySettings(Section, frozen=True):
    """Spelling while agents write."""

    section: ClassVar[str] = "fluency"

    keep_corrections_days: Annotated[
        int, Meta(ge=1, description="Days for which a correction's id is known to analytic events")
    ] = 30
    companies_in_memory: Annotated[
        int, Meta(ge=1, description="Companies whose own words are kept ready (some 100 kB each)")
    ] = 200
    replies_read: Annotated[
        int, Meta(ge=0, description="Newest agent replies that a company's words are learnt from")
    ] = 5_000
