"""The recorded conversations that the web client is tried on are what the server sends today."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from rapport.core.log import Audience
from rapport.core.log.events import registered, type_of
from tests.events.record import FIXTURE
from tests.events.scenario import Json, play
from tests.support.company import TestCompany

pytestmark = pytest.mark.api

# Objects whose names are a company's own words.
FREE = {"metadata"}


def shape(value: Any) -> Any:
    """Reduce JSON to its names and types: what a client relies on, whoever says what."""
    if isinstance(value, dict):
        return {
            name: "free" if name in FREE else shape(inner) for name, inner in sorted(value.items())
        }
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value).__name__


def told(recording: Json, reader: str) -> list[str]:
    """What a reader is told, event by event, in no order: assignment does not wait for a message."""
    frames = recording["frames"][reader]
    events = [event for frame in frames for event in frame["events"]]
    return sorted(json.dumps([event["type"], shape(event)]) for event in events)


def fixture() -> list[Json]:
    found: list[Json] = json.loads(FIXTURE.read_text(encoding="utf-8"))
    return found


def readers() -> Iterator[tuple[int, str]]:
    for number, recording in enumerate(fixture()):
        for reader in recording["frames"]:
            yield number, reader


async def test_the_server_tells_today_what_was_recorded(acme: TestCompany) -> None:
    """Where it does not: `python -m tests.events.record`, and see what the client makes of it."""
    played = await play(acme)

    recorded = fixture()
    assert [each["name"] for each in played] == [each["name"] for each in recorded]
    for number, reader in readers():
        assert told(played[number], reader) == told(recorded[number], reader)
        now, then = (each[number]["frames"][reader][0] for each in (played, recorded))
        assert now.keys() == then.keys()
    for now, then in zip(played, recorded, strict=True):
        assert shape(now["states"]) == shape(then["states"])


def test_every_event_that_live_readers_of_a_conversation_may_see_was_recorded() -> None:
    visible = Audience.CUSTOMER | Audience.STAFF
    expected = {
        name
        for name, cls in registered().items()
        if cls.__module__ == "rapport.conversations.events" and type_of(cls).audience & visible
    }

    told_types = {
        event["type"]
        for recording in fixture()
        for frame in recording["frames"]["supervisor"]
        for event in frame["events"]
    }
    assert told_types == expected


def test_no_reader_was_told_what_is_not_for_it() -> None:
    for recording in fixture():
        for frame in recording["frames"]["customer"]:
            for event in frame["events"]:
                audience = type_of(registered()[event["type"]]).audience
                assert audience & Audience.CUSTOMER, event["type"]
