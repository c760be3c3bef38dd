"""What help is worth: by day, agent, queue and list, and as files."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from rapport.core.identity import Role
from tests.compose.reporting import (
    METRICS,
    Json,
    metrics_of,
    offered,
    open_talk,
    report,
    say,
)
from tests.compose.test_greetings import set_policy
from tests.support.company import TestCompany
from tests.support.responses import publish

pytestmark = pytest.mark.api

MARCH = {"since": "2026-03-01", "until": "2026-03-31"}
REFUND = "Your refund will arrive within seven days."


async def write(
    api: httpx.AsyncClient, agent: str, queue: str, day: str, *types: str, **more: Any
) -> None:
    """Let an agent write one message on a day, and report it."""
    metadata = {"queue": queue} if queue else {}
    talk = await open_talk(api, agent, **metadata)
    message = await say(api, talk, REFUND, at=f"{day}T12:00:00Z")
    answer = await report(api, talk, message, *types, **more)
    assert answer.status_code == 200, answer.text


def has(messages: int) -> Any:
    return lambda found: found["total"]["messages"] == found["total"]["reported"] == messages


@pytest.fixture
async def busy(api: httpx.AsyncClient, acme: TestCompany) -> TestCompany:
    """A company of two agents, two days and two queues."""
    await write(api, "ann", "billing", "2026-03-04", "AUTOSUGGEST", numEdits=0, craftingTime=2.0)
    await write(api, "ann", "billing", "2026-03-04", "FREEHAND", craftingTime=10.0)
    await write(api, "ann", "travel", "2026-03-05", "CUSTOM_DRAWER", numEdits=5, craftingTime=4.0)
    await write(api, "ben", "billing", "2026-03-04", "FREEHAND", craftingTime=14.0)
    await write(api, "ben", "", "2026-03-04", "GLOBAL_INSERT", "FLUENCY_APPLY", craftingTime=6.0)
    await metrics_of(acme, has(5))
    return acme


def by_key(groups: list[Json]) -> dict[str, Json]:
    return {group["key"]: group for group in groups}


@pytest.mark.spec("CMP-271")
async def test_the_share_of_messages_written_with_help_by_agent_and_day(
    busy: TestCompany,
) -> None:
    found = await metrics_of(busy)

    assert found["total"]["messages"] == 5
    assert found["total"]["augmented"] == 3
    assert found["total"]["adoption"] == 0.6
    days = by_key(found["days"])
    assert len(days) == 31
    assert days["2026-03-04"]["adoption"] == 0.5
    assert days["2026-03-05"]["adoption"] == 1.0
    assert days["2026-03-06"] == {**days["2026-03-07"], "key": "2026-03-06"}
    assert days["2026-03-06"]["adoption"] is None
    agents = by_key(found["agents"])
    assert [group["key"] for group in found["agents"]] == ["ann", "ben"]
    assert agents["ann"]["name"] == "Agent ann"
    assert (agents["ann"]["adoption"], agents["ben"]["adoption"]) == (2 / 3, 0.5)
    of_ann = await metrics_of(busy, agent="ann")
    assert by_key(of_ann["days"])["2026-03-04"]["adoption"] == 0.5
    assert by_key(of_ann["days"])["2026-03-05"]["adoption"] == 1.0


@pytest.mark.spec("CMP-272")
async def test_how_long_messages_take_to_write_with_help_and_without(busy: TestCompany) -> None:
    found = await metrics_of(busy)

    assert found["total"]["craftingWith"] == 4.0
    assert found["total"]["craftingWithout"] == 12.0
    assert found["total"]["secondsSaved"] == 24.0
    ann = by_key(found["agents"])["ann"]
    assert (ann["craftingWith"], ann["craftingWithout"]) == (3.0, 10.0)
    travel = by_key(found["queues"])["travel"]
    assert (travel["craftingWith"], travel["craftingWithout"]) == (4.0, None)
    assert travel["secondsSaved"] is None


async def test_figures_are_laid_out_by_queue_and_list_and_filtered_by_each(
    busy: TestCompany,
) -> None:
    found = await metrics_of(busy)
    queues, lists = by_key(found["queues"]), by_key(found["lists"])

    assert {key: group["messages"] for key, group in queues.items()} == {
        "billing": 3,
        "travel": 1,
        "": 1,
    }
    assert set(lists) == {"custom", "global"}
    assert (lists["custom"]["edited"], lists["custom"]["editRate"]) == (1, 1.0)
    assert found["total"]["editRate"] == 0.5
    assert found["total"]["features"]["GLOBAL_INSERT"] == 1
    assert found["total"]["features"]["FLUENCY_APPLY"] == 1
    # One text as it stood, and one of which five characters were changed.
    assert found["total"]["charactersSaved"] == 2 * len(REFUND) - 5

    billing = await metrics_of(busy, queue="billing")
    nameless = await metrics_of(busy, queue="")
    custom = await metrics_of(busy, list="custom")
    first = await metrics_of(busy, to="2026-03-04")
    assert (billing["total"]["messages"], billing["total"]["augmented"]) == (3, 1)
    assert (nameless["total"]["messages"], nameless["total"]["augmented"]) == (1, 1)
    # What share of all messages one list had part in.
    assert (custom["total"]["messages"], custom["total"]["augmented"]) == (5, 1)
    assert custom["total"]["adoption"] == 0.2
    assert len(first["days"]) == first["total"]["messages"] == 4


async def test_suggestions_are_accepted_by_the_list_they_came_from(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(acme, [{"text": REFUND}])
    for accepts in (True, False):
        talk = await open_talk(api)
        shown = await offered(api, talk)
        message = await say(api, talk, REFUND)
        told: Json = {"initialSuggestionsId": shown["id"]}
        if accepts:
            told |= {"selectedSuggestionsId": shown["id"], "selectedSuggestionIndex": 1}
        await report(api, talk, message, "AUTOSUGGEST" if accepts else "FREEHAND", **told)

    found = await metrics_of(acme, has(2))

    total = found["total"]
    assert (total["offered"], total["accepted"], total["acceptanceRate"]) == (2, 1, 0.5)
    assert [(group["key"], group["accepted"]) for group in found["lists"]] == [("global", 1)]


async def test_days_are_the_companys_and_greetings_are_counted_apart(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        zone = {"time_zone": "America/Los_Angeles"}
        answer = await admin.patch("/console/v1/company", json=zone)
        assert answer.status_code == 200, answer.text
    await set_policy(acme, enabled=True)
    talk = await open_talk(api)
    greeting = (await offered(api, talk))["autopilotMessage"]
    await say(api, talk, greeting["text"], at="2026-03-06T07:59:00Z")
    await say(api, talk, "By hand", at="2026-03-06T08:01:00Z")

    found = await metrics_of(acme, lambda found: found["total"]["messages"] == 2)

    days = by_key(found["days"])
    assert found["timeZone"] == "America/Los_Angeles"
    assert [days[f"2026-03-0{day}"]["messages"] for day in (5, 6)] == [1, 1]
    assert [days[f"2026-03-0{day}"]["greetings"] for day in (5, 6)] == [1, 0]
    assert (found["total"]["greetings"], found["total"]["augmented"]) == (1, 0)


async def test_the_figures_are_exported_and_the_export_is_recorded(busy: TestCompany) -> None:
    async with busy.signed_in(Role.ADMINISTRATOR) as admin:
        as_csv = await admin.get(f"{METRICS}.csv", params=MARCH)
        as_book = await admin.get(f"{METRICS}.xlsx", params={**MARCH, "agent": "ann"})
        entries = (await admin.get("/console/v1/audit")).json()["items"]

    assert as_csv.headers["content-type"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(as_csv.text)))
    assert sum(int(line["messages"]) for line in lines) == 5
    assert sum(int(line["augmented_utterances_ct"]) for line in lines) == 3
    assert {(line["agent"], line["agent_name"]) for line in lines} == {
        ("ann", "Agent ann"),
        ("ben", "Agent ben"),
    }
    sheet = load_workbook(io.BytesIO(as_book.content)).active
    assert sheet is not None
    head, *rows = sheet.iter_rows(values_only=True)
    assert head[:5] == ("day", "agent", "agent_name", "queue", "list")
    assert {row[1] for row in rows} == {"ann"}
    exported = [one for one in entries if one["resource_type"] == "composer_metrics"]
    assert [one["event_type"] for one in exported] == ["export", "export"]


async def test_what_looks_like_a_formula_is_harmless_in_an_export(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await write(api, "ann", "=1+1", "2026-03-04", "FREEHAND")
    await metrics_of(acme, has(1))
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        answer = await admin.get(f"{METRICS}.csv", params=MARCH)

    assert next(csv.DictReader(io.StringIO(answer.text)))["queue"] == "'=1+1"


async def test_figures_are_for_those_who_watch_and_only_their_own(
    busy: TestCompany, globex: TestCompany
) -> None:
    async with busy.signed_in(Role.AGENT) as agent:
        assert (await agent.get(METRICS)).status_code == 403
        assert (await agent.get(f"{METRICS}.csv")).status_code == 403
    async with busy.signed_in(Role.ADMINISTRATOR) as admin:
        refused = [
            await admin.get(METRICS, params={"since": "2026-03-31", "until": "2026-03-01"}),
            await admin.get(METRICS, params={"since": "2020-01-01", "until": "2026-03-01"}),
            await admin.get(METRICS, params={"since": "yesterday"}),
        ]
        assert [answer.status_code for answer in refused] == [400] * len(refused)
        usual = (await admin.get(METRICS)).json()
        assert len(usual["days"]) == 30
    assert (await metrics_of(globex))["total"]["messages"] == 0
