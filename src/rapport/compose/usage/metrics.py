"""What help is worth: the sums of days, filtered and laid out by day, agent, queue and list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from rapport.accounts.companies.models import Company
from rapport.accounts.companies.service import settings_of
from rapport.compose.usage.models import UsageAgent, UsageDay
from rapport.compose.usage.readers import MEASURES
from rapport.core import clock
from rapport.core.errors import Invalid
from rapport.core.identity import Scope

# Days that one request may ask for, and those it gets when it names none.
MOST_DAYS = 731
USUAL_DAYS = 30

_FIGURED = frozenset(
    {
        "messages",
        "reported",
        "greetings",
        "offered",
        "accepted",
        "replaced",
        "edited",
        "characters_saved",
        "timed_augmented",
        "crafting_augmented",
        "timed_plain",
        "crafting_plain",
        "augmented_utterances_ct",
        "message_edits_ct",
        "time_to_action_seconds",
        "dwell_time_seconds",
        "phrase_autocomplete_presented_ct",
        "phrase_autocomplete_selected_ct",
    }
)
# What the figures are made of; the counters that only the feeds tell are not summed for them.
FIGURED = tuple(name for name in MEASURES if name in _FIGURED or name.endswith("_utterance_ct"))

# With a filter by list these still tell of all messages: what share of them a list had part in.
_OF_ALL = frozenset(
    {"messages", "reported", "greetings", "offered", "timed_plain", "crafting_plain"}
)

Sums = Mapping[str, float]


class Period(NamedTuple):
    """Days, both included, in a time zone."""

    since: date
    until: date
    time_zone: str


class Filter(NamedTuple):
    """Which messages are wanted; None: all."""

    agent: str | None = None
    queue: str | None = None
    source: str | None = None


class Grouped(NamedTuple):
    """A group and its sums."""

    key: str
    sums: Sums


class Report(NamedTuple):
    """The sums of a period: together, and by each of the four ways to look at them."""

    period: Period
    total: Sums
    days: list[Grouped]
    agents: list[Grouped]
    queues: list[Grouped]
    sources: list[Grouped]
    names: Mapping[str, str]


async def period_of(
    session: AsyncSession, scope: Scope, since: date | None, until: date | None
) -> Period:
    """Return the days that are meant: the last 30 of the company's, unless said otherwise.

    Raises Invalid for a period that ends before it begins, or is too long.
    """
    company = await session.get(Company, scope.company_id)
    zone = "UTC" if company is None else settings_of(company).time_zone
    last = until or today(zone)
    first = since or last - timedelta(days=USUAL_DAYS - 1)
    if first > last:
        raise Invalid(path="/since", problem="must not be after until")
    if (last - first).days >= MOST_DAYS:
        raise Invalid(path="/since", problem=f"at most {MOST_DAYS} days at once")
    return Period(first, last, zone)


def today(zone: str) -> date:
    """Return the date in a time zone."""
    return clock.now().astimezone(ZoneInfo(zone)).date()


async def report(session: AsyncSession, scope: Scope, period: Period, wanted: Filter) -> Report:
    """Return a period's sums; days without a message are in it, with nothing."""
    # Two passes over the rows are enough: queues are few, so agents and queues share one.
    by_day = await _summed(session, scope, period, wanted, UsageDay.day)
    by_agent = await _summed(session, scope, period, wanted, UsageDay.agent, UsageDay.queue)
    days, agents, queues = _by(0, by_day), _by(0, by_agent), _by(1, by_agent)
    together = _by(None, by_day).get("", {})
    return Report(
        period,
        _seen(together, wanted.source),
        [Grouped(day, _seen(days.get(day, {}), wanted.source)) for day in _days(period)],
        _grouped(agents, wanted.source),
        _grouped(queues, wanted.source),
        [Grouped(source, sums) for source, sums in sorted(together.items()) if source],
        await _names(session, scope, agents),
    )


async def rows(
    session: AsyncSession, scope: Scope, period: Period, wanted: Filter
) -> Sequence[Mapping[str, Any]]:
    """Return the sums as they are kept, with the agents' names, in the order of days."""
    query = select(UsageDay.__table__).where(*_matching(scope, period, wanted))
    if wanted.source is not None:
        query = query.where(UsageDay.source == wanted.source)
    query = query.order_by(UsageDay.day, UsageDay.agent, UsageDay.queue, UsageDay.source)
    found = [dict(row._mapping) for row in await session.execute(query)]
    names = await _names(session, scope, {row["agent"] for row in found})
    return [{**row, "agent_name": names.get(row["agent"], "")} for row in found]


async def _summed(
    session: AsyncSession, scope: Scope, period: Period, wanted: Filter, *columns: Any
) -> dict[tuple[str, ...], Sums]:
    """Sums by columns and, last, by list."""
    keys = (*columns, UsageDay.source)
    query = (
        select(*keys, *(func.sum(getattr(UsageDay, name)) for name in FIGURED))
        .where(*_matching(scope, period, wanted))
        .group_by(*keys)
    )
    # PostgreSQL sums whole numbers as decimals.
    return {
        tuple(row[: len(keys)]): dict(zip(FIGURED, map(_plain, row[len(keys) :]), strict=True))
        for row in await session.execute(query)
    }


def _by(place: int | None, found: Mapping[tuple[str, ...], Sums]) -> dict[str, dict[str, Sums]]:
    """The sums by one part of their keys (None: all together as "") and, within it, by list."""
    parts: defaultdict[tuple[str, str], list[Sums]] = defaultdict(list)
    for key, sums in found.items():
        parts["" if place is None else key[place], key[-1]].append(sums)
    grouped: defaultdict[str, dict[str, Sums]] = defaultdict(dict)
    for (name, source), all_sums in parts.items():
        grouped[name][source] = _added(all_sums)
    return dict(grouped)


def _plain(value: Any) -> float:
    return value if isinstance(value, float) else int(value)


def _matching(scope: Scope, period: Period, wanted: Filter) -> list[Any]:
    conditions = [
        UsageDay.company_id == scope.company_id,
        UsageDay.environment == scope.environment,
        UsageDay.day.between(period.since.isoformat(), period.until.isoformat()),
    ]
    if wanted.agent is not None:
        conditions.append(UsageDay.agent == wanted.agent)
    if wanted.queue is not None:
        conditions.append(UsageDay.queue == wanted.queue)
    return conditions


def _added(parts: Iterable[Sums]) -> Sums:
    total = dict.fromkeys(FIGURED, 0.0)
    for sums in parts:
        for name, value in sums.items():
            total[name] += value
    return total


def _seen(parts: Mapping[str, Sums], source: str | None) -> Sums:
    """The sums of all lists together, or of one list beside what tells of all messages."""
    everything = _added(parts.values())
    if source is None:
        return everything
    listed = parts.get(source, {})
    return {
        name: value if name in _OF_ALL else listed.get(name, 0)
        for name, value in everything.items()
    }


def _grouped(found: Mapping[str, Mapping[str, Sums]], source: str | None) -> list[Grouped]:
    """Groups, those with the most messages first."""
    groups = [Grouped(key, _seen(parts, source)) for key, parts in found.items()]
    return sorted(groups, key=lambda group: (-group.sums["messages"], group.key))


def _days(period: Period) -> list[str]:
    count = (period.until - period.since).days + 1
    return [(period.since + timedelta(days=number)).isoformat() for number in range(count)]


async def _names(session: AsyncSession, scope: Scope, agents: Iterable[str]) -> Mapping[str, str]:
    wanted = set(agents)
    query = select(UsageAgent.agent, UsageAgent.name).where(
        UsageAgent.company_id == scope.company_id, UsageAgent.environment == scope.environment
    )
    return {agent: name for agent, name in await session.execute(query) if agent in wanted}
