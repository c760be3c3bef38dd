"""What became true of a company's greetings, for the nodes that offer them from then on."""

from __future__ import annotations

from rapport.core.log import Audience, Event, event_type


@event_type("composer.greetings_changed", Audience(0))
class GreetingsChanged(Event, frozen=True):
    """The company greets otherwise from now on; `enabled` where it was switched on or off."""

    enabled: bool | None
