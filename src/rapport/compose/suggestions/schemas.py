"""Wire shapes of suggestions, exactly as documented."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from rapport.compose.greetings.schemas import AutopilotMessage
from rapport.conversations.messages.schemas import MessageCreated, NewMessage


class SuggestionsRequest(Struct):
    """What the agent has typed, and a message that was just sent."""

    query: str = ""
    message: NewMessage | UnsetType = UNSET


class SuggestionView(Struct, rename="camel"):
    """One text an agent may send; `templateText` still has its placeholders."""

    text: str
    template_text: str
    title: str


class PhraseCompletion(Struct):
    """What is typed, as it stands, with the phrase that likely goes on after it."""

    text: str


class SuggestionSet(Struct, rename="camel"):
    """Up to three texts, likeliest first; `message` answers a message in the request.

    `autopilot_message` comes with the first set of a conversation that is to be greeted.
    """

    id: str
    suggestions: list[SuggestionView]
    phrase_completion: PhraseCompletion | UnsetType = UNSET
    message: MessageCreated | UnsetType = UNSET
    autopilot_message: AutopilotMessage | UnsetType = UNSET
