"""Placeholders of response texts, `{NAME}`: filled from the conversation, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_PLACEHOLDER = re.compile(r"\{([A-Za-z][A-Za-z0-9_ .-]{0,63})\}")

CUSTOMER = "NAME"
AGENT = "rep_name"
TIME_OF_DAY = "TIME_OF_DAY"
TIMEZONE_KEY = "CUSTOMER_TIMEZONE"

# The names responses written for other systems use for the same two people.
_CUSTOMER_NAMES = ("NAME", "FIRSTNAME", "CUSTOMERNAME", "CUSTOMERFIRSTNAME", "CUSTOMER.NAME")
_AGENT_NAMES = ("REPNAME", "AGENTNAME", "AGENTFIRSTNAME", "REPFIRSTNAME", "AGENT.NAME")


def values_of(
    customer_name: str | None,
    agent_name: str | None,
    metadata: Mapping[str, object],
    now: datetime,
) -> dict[str, str]:
    """What placeholders stand for in one conversation (PLT-043, PLT-044).

    First names of the customer and the agent, the customer's time of day where metadata names a
    known time zone, and every textual metadata value by its key. What is unknown is absent.
    """
    values = {_plain(key): value for key, value in metadata.items() if isinstance(value, str)}
    values.update({name: _first_name(customer_name) for name in _CUSTOMER_NAMES})
    values.update({name: _first_name(agent_name) for name in _AGENT_NAMES})
    values[_plain(TIME_OF_DAY)] = _time_of_day(metadata.get(TIMEZONE_KEY), now)
    return {name: value for name, value in values.items() if value}


def fill(template: str, values: Mapping[str, str]) -> str | None:
    """The text with its placeholders filled, or None when a value is missing."""
    missing = [name for name in _PLACEHOLDER.findall(template) if _plain(name) not in values]
    if missing:
        return None
    return _PLACEHOLDER.sub(lambda found: values[_plain(found[1])], template)


def generalise(text: str, customer_name: str | None, agent_name: str | None) -> str:
    """A reply as a template for others: the two first names give way to their placeholders."""
    for name, placeholder in ((customer_name, CUSTOMER), (agent_name, AGENT)):
        first = _first_name(name)
        # Shorter names are words too often: "I", "Al".
        if len(first) > 2:
            text = re.sub(rf"\b{re.escape(first)}\b", f"{{{placeholder}}}", text)
    return text


def _plain(name: str) -> str:
    return re.sub(r"[ _-]", "", name).upper()


def _first_name(name: str | None) -> str:
    return (name or "").split(" ")[0]


def _time_of_day(zone: object, now: datetime) -> str:
    """The part of the day in a time zone; nothing when the zone is not known (CMP-055)."""
    if not isinstance(zone, str) or not zone:
        return ""
    try:
        hour = now.astimezone(ZoneInfo(zone)).hour
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    if 5 <= hour < 12:
        return "morning"
    return "afternoon" if 12 <= hour < 17 else "evening"
