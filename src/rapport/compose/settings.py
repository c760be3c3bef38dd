"""Settings of suggestions."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta

from rapport.core.settings import Section


class ComposeSettings(Section, frozen=True):
    """Suggestions to agents."""

    section: ClassVar[str] = "compose"

    suggest_until_words: Annotated[
        int, Meta(ge=1, description="Typed words after which a message is left to its writer")
    ] = 4
    responses_in_list: Annotated[
        int, Meta(ge=1, description="Most responses a company's global list may hold")
    ] = 5_000
    context_messages: Annotated[
        int, Meta(ge=1, le=500, description="Latest messages that say what a conversation is about")
    ] = 32
    past_replies: Annotated[
        int, Meta(ge=0, description="Newest agent replies remembered for a company; 0: none")
    ] = 40_000
    replies_per_minute: Annotated[
        int, Meta(ge=1, description="Agent replies learnt in a minute; under load a sample")
    ] = 600
    companies_in_memory: Annotated[
        int, Meta(ge=1, description="Companies whose texts are kept ready (up to 130 MB each)")
    ] = 16
    search_threads: Annotated[
        int, Meta(ge=1, le=16, description="Threads that search for suggestions")
    ] = 1
