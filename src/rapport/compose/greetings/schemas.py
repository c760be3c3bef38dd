"""Wire shapes of greetings: as documented for agents, and for the console."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from rapport.compose.greetings.greeter import Offer
from rapport.compose.greetings.policy import Policy, Texts

GreetingText = Annotated[str, Meta(max_length=2_000)]
DefaultText = Annotated[str, Meta(min_length=1, max_length=2_000)]
Delay = Annotated[int, Meta(ge=0, le=300)]


class AutopilotGreetings(Struct, rename="camel"):
    """An agent's greetings: for anybody, and with `{NAME}` for a customer whose name is known."""

    greeting_generic: GreetingText
    greeting_customer_name: GreetingText


class AutopilotGreetingsStatus(Struct):
    """Whether greetings are on for an agent."""

    enabled: bool


class AutopilotMessage(Struct, rename="camel"):
    """A greeting to be sent on the agent's behalf.

    Show it `trigger_after_seconds` after the first suggestions, and send it `delay_seconds` later
    unless the agent types or cancels.
    """

    text: str
    template_text: str
    title: str
    delay_seconds: int
    trigger_after_seconds: int


class GreetingPolicyView(Struct, rename="camel"):
    """What holds for all agents; the texts for those who have none of their own."""

    enabled: bool
    delay_seconds: int
    trigger_after_seconds: int
    greeting_generic: str
    greeting_customer_name: str


class GreetingPolicyChange(Struct, rename="camel", forbid_unknown_fields=True):
    """What is to change for all agents; what is left out stays."""

    enabled: bool | None = None
    delay_seconds: Delay | None = None
    trigger_after_seconds: Delay | None = None
    greeting_generic: DefaultText | None = None
    greeting_customer_name: DefaultText | None = None

    def wanted(self) -> dict[str, Any]:
        """Return what is to change, by the names that a policy has for it."""
        given = {
            "enabled": self.enabled,
            "delay_seconds": self.delay_seconds,
            "trigger_after_seconds": self.trigger_after_seconds,
            "generic": self.greeting_generic,
            "named": self.greeting_customer_name,
        }
        return {name: value for name, value in given.items() if value is not None}


def greetings_view(texts: Texts) -> AutopilotGreetings:
    """Shape greetings for an agent."""
    return AutopilotGreetings(texts.generic, texts.named)


def message_view(offer: Offer) -> AutopilotMessage:
    """Shape an offer for the set of suggestions it comes with."""
    return AutopilotMessage(*offer)


def policy_view(policy: Policy) -> GreetingPolicyView:
    """Shape a company's greetings for the console."""
    return GreetingPolicyView(*policy)
