"""Inserts of response texts, `{NAME}`: filled from the conversation, never guessed (CMP-051..060).

What an insert stands for is a *place* in the conversation: `customer.name`, `agent.name` (first
names), `time_of_day`, `metadata.KEY`. A response may bind its inserts to places itself; else the
company's dictionary does, and the names that everybody uses for the two people are known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rapport.compose.suggestions.candidates import Item
from rapport.engines.retrieval.lexical import words_of

_INSERT = re.compile(r"\{([^{}]*)\}")
_BRACE = re.compile(r"[{}]")

CUSTOMER = "NAME"
AGENT = "rep_name"
TIMEZONE_KEY = "CUSTOMER_TIMEZONE"

CUSTOMER_PLACE = "customer.name"
AGENT_PLACE = "agent.name"
TIME_PLACE = "time_of_day"
_METADATA = "metadata."

# The names that responses written for other systems use for the same three values.
_KNOWN_NAMES = {
    **dict.fromkeys(
        ("NAME", "FIRSTNAME", "CUSTOMERNAME", "CUSTOMERFIRSTNAME", "CUSTOMER.NAME"), CUSTOMER_PLACE
    ),
    **dict.fromkeys(
        ("REPNAME", "AGENTNAME", "AGENTFIRSTNAME", "REPFIRSTNAME", "AGENT.NAME"), AGENT_PLACE
    ),
    "TIMEOFDAY": TIME_PLACE,
}


class Dictionary(NamedTuple):
    """What a company has agreed on: where its inserts take their values, and its one time zone."""

    places: Mapping[str, str]
    time_zone: str = ""


class Facts(NamedTuple):
    """What a conversation says of itself: its metadata, and a value for each place that has one."""

    metadata: Mapping[str, str]
    places: Mapping[str, str]
    dictionary: Dictionary


def facts_of(
    customer_name: str | None,
    agent_name: str | None,
    metadata: Mapping[str, object],
    dictionary: Dictionary,
    now: datetime,
) -> Facts:
    """What inserts stand for in one conversation (PLT-043, PLT-044). What is unknown is absent."""
    texts = {key: value for key, value in metadata.items() if isinstance(value, str)}
    zone = texts.get(TIMEZONE_KEY) or dictionary.time_zone
    places = {_METADATA + key: value for key, value in texts.items()}
    places[CUSTOMER_PLACE] = _first_name(customer_name)
    places[AGENT_PLACE] = _first_name(agent_name)
    places[TIME_PLACE] = _time_of_day(zone, now)
    known = {place: value for place, value in places.items() if value.strip()}
    return Facts(texts, known, dictionary)


class Template:
    """A response's text with what its metadata asks for: places of inserts, and conditions."""

    __slots__ = ("bindings", "conditions", "inserts", "is_sound", "text")

    def __init__(self, text: str, metadata: Sequence[Item] = ()) -> None:
        self.text = text
        self.inserts = tuple(dict.fromkeys(_INSERT.findall(text)))
        # A brace that closes nothing is nothing that a customer should read.
        self.is_sound = not _BRACE.search(_INSERT.sub("", text))
        self.bindings: dict[str, tuple[str, ...]] = {}
        self.conditions: dict[str, frozenset[str]] = {}
        for item in metadata:
            if item.name in self.inserts:
                self.bindings[item.name] = self.bindings.get(item.name, ()) + item.allowed
            else:
                allowed = frozenset(value.strip() for value in item.allowed)
                self.conditions[item.name] = self.conditions.get(item.name, frozenset()) | allowed

    @property
    def saying(self) -> str:
        """What the text says, whatever its case, punctuation and names of inserts.

        It is the same for texts of which nobody could want both.
        """

        def place(found: re.Match[str]) -> str:
            bound = self.bindings.get(found[1]) or (_KNOWN_NAMES.get(_plain(found[1]), found[1]),)
            return f" insert_{_plain(bound[0])} "

        return " ".join(words_of(_INSERT.sub(place, self.text)))

    @property
    def needs(self) -> frozenset[tuple[str, tuple[str, ...]]]:
        """The inserts that need a value, each with the places it is bound to."""
        return frozenset((name, self.bindings.get(name, ())) for name in self.inserts)

    def fill(self, facts: Facts) -> str | None:
        """The text with every insert filled, or None when a value is missing (CMP-057, CMP-060)."""
        if not self.is_sound:
            return None
        values = {name: value_of(name, self.bindings.get(name, ()), facts) for name in self.inserts}
        if None in values.values():
            return None
        return _INSERT.sub(lambda found: values[found[1]] or "", self.text)


def value_of(name: str, bound: Sequence[str], facts: Facts) -> str | None:
    """What an insert stands for; None when that is unknown. A response's own binding goes first."""
    for place in bound or (place_of(name, facts.dictionary),):
        value = facts.places.get(place) or facts.places.get(_METADATA + place)
        if value is not None:
            return value
    return None


def place_of(name: str, dictionary: Dictionary) -> str:
    """The place an insert takes its value from; "" for an insert that nobody knows."""
    return dictionary.places.get(name) or _KNOWN_NAMES.get(_plain(name), "")


def is_known(name: str, bound: Sequence[str], dictionary: Dictionary) -> bool:
    """Whether an insert could have a value in some conversation."""
    return bool(bound) or bool(place_of(name, dictionary))


def holds(conditions: Mapping[str, frozenset[str]], metadata: Mapping[str, str]) -> bool:
    """Whether a conversation meets all conditions: one of the values for every key (CMP-045..050)."""
    return all(metadata.get(key, "").strip() in allowed for key, allowed in conditions.items())


def generalise(text: str, customer_name: str | None, agent_name: str | None) -> str:
    """A reply as a template for others: the two first names give way to their inserts."""
    for name, insert in ((customer_name, CUSTOMER), (agent_name, AGENT)):
        first = _first_name(name)
        # Shorter names are words too often: "I", "Al".
        if len(first) > 2:
            text = re.sub(rf"\b{re.escape(first)}\b", f"{{{insert}}}", text)
    return text


def _plain(name: str) -> str:
    return re.sub(r"[ _-]", "", name).upper()


def _first_name(name: str | None) -> str:
    return (name or "").strip().split(" ")[0]


def _time_of_day(zone: str, now: datetime) -> str:
    """The part of the day in a time zone; nothing when the zone is not known (CMP-053..055)."""
    if not zone:
        return ""
    try:
        hour = now.astimezone(ZoneInfo(zone)).hour
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    if 5 <= hour < 12:
        return "morning"
    return "afternoon" if 12 <= hour < 17 else "evening"
