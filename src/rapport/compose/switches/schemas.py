"""Wire shapes of client settings: as documented for clients, and for the console."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from rapport.compose.switches.board import Defaults, Switches
from rapport.compose.switches.service import Exceptional

AgentKey = Annotated[str, Meta(min_length=1, max_length=255)]
Share = Annotated[int, Meta(ge=0, le=100)]


class ClientSettings(Struct, rename="camel"):
    """What an agent's clients leave out."""

    suggestions_while_typing_disabled: bool
    phrase_completions_disabled: bool
    spellcheck_disabled: bool
    autopilot_greetings_disabled: bool
    autocompose_disabled: bool


class DefaultsView(ClientSettings, rename="camel"):
    """What holds for all agents, and which share of them (percent) gets no help, to compare."""

    control_share: int


class OwnSwitches(Struct, rename="camel", forbid_unknown_fields=True):
    """Switches to set; what is left out or null is not set."""

    suggestions_while_typing_disabled: bool | None = None
    phrase_completions_disabled: bool | None = None
    spellcheck_disabled: bool | None = None
    autopilot_greetings_disabled: bool | None = None
    autocompose_disabled: bool | None = None

    def given(self) -> dict[str, bool | None]:
        """Return every switch by its name."""
        return {name: getattr(self, name) for name in Switches._fields}

    def wanted(self) -> dict[str, bool]:
        """Return the switches that are set."""
        return {name: value for name, value in self.given().items() if value is not None}


class DefaultsChange(OwnSwitches, rename="camel", forbid_unknown_fields=True):
    """What is to change for all agents; what is left out stays."""

    control_share: Share | None = None


class ExceptionView(Struct, rename="camel"):
    """An agent for whom something differs: what it was given of its own, and what then holds."""

    agent_id: str
    own: OwnSwitches
    holds: ClientSettings


class Exceptions(Struct):
    """All agents for whom something differs."""

    items: list[ExceptionView]


def settings_view(switches: Switches) -> ClientSettings:
    """Shape switches for a client."""
    return ClientSettings(*switches)


def defaults_view(defaults: Defaults) -> DefaultsView:
    """Shape a company's switches for the console."""
    return DefaultsView(*defaults.switches, control_share=defaults.control_share)


def exception_view(exceptional: Exceptional) -> ExceptionView:
    """Shape an agent's switches for the console."""
    own = OwnSwitches(**exceptional.own)
    return ExceptionView(exceptional.agent_id, own, settings_view(exceptional.holds))
