"""Wire shapes of metrics, for the console."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct, field

from rapport.compose.usage.access import Written
from rapport.compose.usage.counters import FEATURES, FLUENCY, NAMES
from rapport.compose.usage.metrics import Grouped, Report, Sums
from rapport.compose.usage.models import MessageAction, MessageReport, MessageUsage
from rapport.compose.usage.service import CHOSEN

_COUNTS = (
    "messages",
    "reported",
    "offered",
    "accepted",
    "replaced",
    "edited",
    "characters_saved",
    "greetings",
)
# What the feeds of messages and conversations tell, by their names there.
FED = (
    *NAMES,
    "message_edits_ct",
    "time_to_action_seconds",
    "crafting_time_seconds",
    "dwell_time_seconds",
    "phrase_autocomplete_presented_ct",
    "phrase_autocomplete_selected_ct",
)


class Figures(Struct, rename="camel"):
    """What a group of messages amounts to. Shares are 0 to 1, and null of nothing; times are seconds."""

    messages: int
    reported: int
    augmented: int
    adoption: float | None
    offered: int
    accepted: int
    acceptance_rate: float | None
    replaced: int
    edited: int
    edit_rate: float | None
    edits: int
    characters_saved: int
    crafting_with: float | None
    crafting_without: float | None
    seconds_saved: float | None
    time_to_action: float | None
    dwell: float | None
    greetings: int
    phrases_offered: int
    phrases_accepted: int
    # Messages in which each feature was used, by its name.
    features: dict[str, int]


class Group(Figures, rename="camel"):
    """The figures of one day, agent, queue or list."""

    key: str
    name: str = ""


class Metrics(Struct, rename="camel"):
    """What help was worth from day to day."""

    since: date
    until: date
    time_zone: str
    total: Figures
    days: list[Group]
    agents: list[Group]
    queues: list[Group]
    lists: list[Group]


class Reported(Struct, rename="camel"):
    """What a client told of how a message was written."""

    augmentation_type: list[str]
    num_edits: int
    selected_suggestion_text: str
    selected_suggestions_id: str
    selected_suggestion_index: int
    initial_suggestions_id: str
    time_to_action: float
    crafting_time: float
    dwell_time: float
    phrase_autocomplete_presented_ct: int
    phrase_autocomplete_selected_ct: int
    reported_at: datetime


class ActionView(Struct, rename="camel"):
    """Something an agent did with our help while it wrote."""

    type: str
    suggestions_id: str
    # 1 to 3, of a chosen suggestion.
    position: int | None
    correction_id: str
    query: str
    text: str


class MessageView(Struct, rename="camel"):
    """A message of an agent: what was told of it, and what it counts for."""

    message_id: str
    agent: str
    queue: str
    source: str = field(name="list")
    is_greeting: bool
    report: Reported | None
    actions: Sequence[ActionView]
    counters: dict[str, float]


class ConversationView(Struct):
    """A conversation's messages and their sum."""

    messages: list[MessageView]
    counters: dict[str, float]


def metrics_view(report: Report) -> Metrics:
    """Shape a report."""
    return Metrics(
        report.period.since,
        report.period.until,
        report.period.time_zone,
        figures(report.total),
        _groups(report.days),
        [_group(group, report.names.get(group.key, "")) for group in report.agents],
        _groups(report.queues),
        _groups(report.sources),
    )


def figures(sums: Sums) -> Figures:
    """Return the figures of sums."""
    return Figures(**_figures(sums))


def _groups(groups: Iterable[Grouped]) -> list[Group]:
    return [_group(group, "") for group in groups]


def _group(group: Grouped, name: str) -> Group:
    return Group(**_figures(group.sums), key=group.key, name=name)


def _figures(sums: Sums) -> dict[str, Any]:
    counts = {name: int(sums[name]) for name in _COUNTS}
    with_help = _share(sums["crafting_augmented"], sums["timed_augmented"])
    without = _share(sums["crafting_plain"], sums["timed_plain"])
    timed = sums["timed_augmented"] + sums["timed_plain"]
    saved = None
    if with_help is not None and without is not None:
        saved = (without - with_help) * sums["timed_augmented"]
    return {
        **counts,
        "augmented": int(sums["augmented_utterances_ct"]),
        "adoption": _share(sums["augmented_utterances_ct"], sums["messages"]),
        "acceptance_rate": _share(sums["accepted"], sums["offered"]),
        "edit_rate": _share(sums["edited"], sums["replaced"]),
        "edits": int(sums["message_edits_ct"]),
        "crafting_with": with_help,
        "crafting_without": without,
        "seconds_saved": saved,
        "time_to_action": _share(sums["time_to_action_seconds"], timed),
        "dwell": _share(sums["dwell_time_seconds"], timed),
        "phrases_offered": int(sums["phrase_autocomplete_presented_ct"]),
        "phrases_accepted": int(sums["phrase_autocomplete_selected_ct"]),
        "features": {
            kind: int(sums[f"{kind.lower()}_utterance_ct"]) for kind in (*FEATURES, *FLUENCY)
        },
    }


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def conversation_view(
    found: Sequence[Written],
) -> ConversationView:
    """Shape a conversation's messages, and sum them (CMP-270)."""
    messages = [_message(*written) for written in found]
    total: Counter[str] = Counter(dict.fromkeys(FED, 0))
    for message in messages:
        total.update(message.counters)
    return ConversationView(messages, dict(total))


def _message(
    usage: MessageUsage, report: MessageReport | None, actions: Sequence[MessageAction]
) -> MessageView:
    return MessageView(
        usage.message_id,
        usage.agent,
        usage.queue,
        usage.source,
        usage.is_greeting,
        None if report is None else _reported(report),
        [_action(action) for action in actions],
        {name: usage.amounts.get(name, 0) for name in FED},
    )


def _action(action: MessageAction) -> ActionView:
    return ActionView(
        action.type,
        action.suggestions_id,
        CHOSEN.get(action.type),
        action.correction_id,
        action.query,
        action.text,
    )


def _reported(report: MessageReport) -> Reported:
    same = {name: getattr(report, name) for name in Reported.__struct_fields__[1:]}
    return Reported(report.types, **same)
