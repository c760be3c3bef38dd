"""A suggestion greets the customer by the customer's own time of day."""

from __future__ import annotations

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from rapport.core import clock
from tests.conversations.test_record import create
from tests.support.company import TestCompany
from tests.support.responses import publish

pytestmark = pytest.mark.api


def part_of_day(moment: datetime) -> str:
    if 5 <= moment.hour < 12:
        return "morning"
    return "afternoon" if 12 <= moment.hour < 17 else "evening"


async def suggested(api: httpx.AsyncClient, path: str, tries: int) -> list[str]:
    """Return what is suggested; a new response reaches every node a moment after it is stored."""
    for _ in range(tries):
        found = (await api.post(path, json={"query": "Good"})).json()["suggestions"]
        if found:
            break
        await asyncio.sleep(0.1)
    return [suggestion["text"] for suggestion in found]


@pytest.mark.spec("PLT-044")
async def test_the_customers_time_zone_drives_the_greeting(
    acme: TestCompany, api: httpx.AsyncClient
) -> None:
    text = "Good {TIME_OF_DAY}, how can I help you?"
    await publish(acme, [{"title": "Hi", "text": text}])

    greetings = {}
    # Twelve hours apart: whatever the time is, two of them differ.
    for zone in ("Etc/GMT+12", "Etc/GMT+6", "Etc/GMT", "Etc/GMT-6", "Nowhere/Never"):
        conversation = await create(
            api,
            external_id=zone,
            agent={"externalId": "ag-1"},
            metadata={"CUSTOMER_TIMEZONE": zone},
        )
        path = f"/autocompose/v1/conversations/{conversation}/suggestions"
        greetings[zone] = await suggested(api, path, tries=1 if zone.startswith("No") else 50)

    assert greetings.pop("Nowhere/Never") == []
    for zone, texts in greetings.items():
        expected = part_of_day(clock.now().astimezone(ZoneInfo(zone)))
        assert texts == [f"Good {expected}, how can I help you?"]
    assert len({texts[0] for texts in greetings.values()}) > 1
