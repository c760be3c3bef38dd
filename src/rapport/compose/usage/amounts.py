"""What one message adds to the sums of its day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rapport.compose.usage.counters import (
    AUGMENTED,
    AUTOCOMPLETE,
    AUTOSUGGEST,
    CUSTOM_DRAWER,
    CUSTOM_INSERT,
    FEATURES,
    FLUENCY,
    FREEHAND,
    GLOBAL_INSERT,
    PHRASE_AUTOCOMPLETE,
    REPLACING,
    counters_of,
)
from rapport.compose.usage.models import MessageAction, MessageReport

_SUGGESTED = frozenset({AUTOSUGGEST, AUTOCOMPLETE})
_SOURCES = {CUSTOM_DRAWER: "custom", CUSTOM_INSERT: "custom", GLOBAL_INSERT: "global"}

Amounts = Mapping[str, float]


class Told(NamedTuple):
    """All that is known of how one message was written."""

    characters: int
    # Word for word the greeting that was offered in its conversation.
    is_greeting_text: bool
    report: MessageReport | None = None
    actions: Sequence[MessageAction] = ()

    @property
    def types(self) -> list[str]:
        """The usages: as reported for the message, else one for each action (3.7).

        Clients may tell both; then a message counts once, by its report.
        """
        if self.report is not None:
            return self.report.types
        return [action.augmentation_type for action in self.actions]

    @property
    def is_greeting(self) -> bool:
        """Whether it was sent on the agent's behalf: such a message gets no credit (4.7)."""
        return self.is_greeting_text and not set(self.types) - {FREEHAND, *FLUENCY}

    @property
    def source(self) -> str:
        """The list that the last inserted text came from, "" when there was none."""
        for kind in reversed(self.types):
            if kind in _SUGGESTED:
                return self._suggested_from()
            if kind in _SOURCES:
                return _SOURCES[kind]
        return ""

    def _suggested_from(self) -> str:
        if self.report is not None and self.report.source:
            return self.report.source
        found = [a.source for a in self.actions if a.augmentation_type in _SUGGESTED]
        return found[-1] if found else ""


def amounts_of(told: Told) -> Amounts:
    """Return what a message adds, by the columns of the table of days; zeros are left out."""
    amounts: defaultdict[str, Any] = defaultdict(int, messages=1, characters=told.characters)
    if told.is_greeting:
        amounts["greetings"] = 1
    elif told.report is not None or told.actions:
        amounts["reported"] = 1
        amounts.update(counters_of(told.types))
        amounts["accepted"] = int(bool(_SUGGESTED.intersection(told.types)))
        amounts["characters_saved"] = _saved(told)
        if told.report is None:
            amounts["phrase_autocomplete_selected_ct"] = told.types.count(PHRASE_AUTOCOMPLETE)
            amounts["offered"] = amounts["accepted"]
        else:
            _add_report(amounts, told.report)
    return {name: value for name, value in amounts.items() if value}


def _add_report(amounts: defaultdict[str, Any], report: MessageReport) -> None:
    shown = bool(report.initial_suggestions_id or report.selected_suggestions_id)
    amounts["offered"] = int(shown or amounts["accepted"] > 0)
    if REPLACING.intersection(report.types):
        amounts["replaced"] = 1
        amounts["edited"] = int(report.num_edits > 0)
    amounts["message_edits_ct"] = max(0, report.num_edits)
    for kind in ("presented", "selected"):
        name = f"phrase_autocomplete_{kind}_ct"
        amounts[name] = max(0, getattr(report, name))
    seconds = {name: max(0.0, getattr(report, name)) for name in _TIMES}
    for name, column in _TIMES.items():
        amounts[column] += seconds[name]
    way = "augmented" if amounts[AUGMENTED] else "plain"
    amounts[f"timed_{way}"] = 1
    amounts[f"crafting_{way}"] += seconds["crafting_time"]


_TIMES = {
    "time_to_action": "time_to_action_seconds",
    "crafting_time": "crafting_time_seconds",
    "dwell_time": "dwell_time_seconds",
}


def _saved(told: Told) -> int:
    """Characters of the message that nobody typed.

    Of a text that replaced everything, what is left after the characters typed before and the edits
    after it; of inserted texts their length, where it was told. Phrases and corrections are not
    counted: nobody tells how long they were.
    """
    report, actions = told.report, told.actions
    replacing = [action for action in actions if action.augmentation_type in REPLACING]
    if not REPLACING.intersection(told.types):
        inserted = sum(len(a.text) for a in actions if a.augmentation_type in FEATURES)
        return min(inserted, told.characters)
    given = len(report.selected_suggestion_text) if report is not None else 0
    given = given or (len(replacing[-1].text) if replacing else 0) or told.characters
    if report is not None:
        typed = report.typed_characters + max(0, report.num_edits)
    else:
        typed = replacing[-1].typed_characters if replacing else 0
    return max(0, min(given, told.characters) - typed)
