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
        int,
        Meta(
            ge=2,
            le=500,
            description="Messages that say what a conversation is about; of a longer one its first "
            "and its latest",
        ),
    ] = 120
    past_replies: Annotated[
        int, Meta(ge=0, description="Newest agent replies remembered for a company; 0: none")
    ] = 40_000
    replies_per_minute: Annotated[
        int, Meta(ge=1, description="Agent replies learnt in a minute; under load a sample")
    ] = 600
    organic_conversations: Annotated[
        int,
        Meta(
            ge=0,
            description="Conversations in which an agent says a text before it is offered to it; "
            "0: nothing is learnt for offering",
        ),
    ] = 2
    organic_customers: Annotated[
        int, Meta(ge=1, description="Customers to whom a text is said before it is offered")
    ] = 2
    shared_conversations: Annotated[
        int,
        Meta(ge=2, description="Conversations in which a text is said before all agents get it"),
    ] = 3
    shared_agents: Annotated[
        int,
        Meta(ge=0, description="Agents who say a text before all agents get it; 0: none ever do"),
    ] = 2
    organic_days: Annotated[
        int, Meta(ge=1, description="Days after which what was said too seldom is forgotten")
    ] = 60
    suggestion_set_days: Annotated[
        int, Meta(ge=1, description="Days for which what was offered can be credited")
    ] = 7
    companies_in_memory: Annotated[
        int, Meta(ge=1, description="Companies whose texts are kept ready (up to 130 MB each)")
    ] = 16
    search_threads: Annotated[
        int, Meta(ge=1, le=16, description="Threads that search for suggestions")
    ] = 1
    completion_words: Annotated[
        int, Meta(ge=1, description="Typed words from which on phrases are completed")
    ] = 3
    completion_confidence: Annotated[
        float, Meta(ge=0, le=1, description="How likely a phrase must be what is written next")
    ] = 0.3
    completion_beyond_lists: Annotated[
        bool,
        Meta(
            description="Complete with what agents say, too, where three conversations share it; "
            "else only with wording of the global and custom lists"
        ),
    ] = False
    completion_conversations: Annotated[
        int, Meta(ge=0, description="Latest conversations that tell how often a phrase is used")
    ] = 2_000
