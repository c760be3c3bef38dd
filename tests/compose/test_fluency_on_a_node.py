"""What a node keeps for spelling: its dictionaries, and what it has corrected."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from rapport.compose.fluency import find
from rapport.compose.fluency.corrections import GATHER_SECONDS, Corrections
from rapport.compose.fluency.models import SpellingCorrection
from rapport.compose.fluency.settings import FluencySettings
from rapport.core import clock
from rapport.core.clock import ManualClock, running_on
from tests.support.house import ACME, House

pytestmark = pytest.mark.unit


async def test_dictionaries_that_could_not_be_loaded_are_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    fluency = house.compose.fluency
    monkeypatch.setattr("rapport.engines.spelling.LANGUAGES", ("a language without a file",))
    with pytest.raises(FileNotFoundError):
        await fluency.prepare()
    monkeypatch.undo()

    loading = fluency.prepare()
    await loading

    assert fluency.prepare() is loading


async def test_corrections_on_their_way_are_kept_when_the_node_ends(house: House) -> None:
    database = house.node.database
    noted = []
    for late in range(4):
        corrections = Corrections(database, house.node.settings[FluencySettings])
        corrections.start()
        noted += [corrections.note(ACME, "a-1", f"tihs{n}", f"this{n}") for n in range(40)]
        # Before, while and after a batch is written.
        await asyncio.sleep(GATHER_SECONDS * late / 2)
        noted.append(corrections.note(ACME, None, "adn", "and"))
        await corrections.close()

    async with database.reading() as session:
        found = [await find(session, ACME, each) for each in noted]
    assert all(found)
    assert {each.misspelled for each in found if each and each.agent_id is None} == {"adn"}


async def test_corrections_are_forgotten_in_time(house: House) -> None:
    database = house.node.database
    kept = timedelta(days=house.node.settings[FluencySettings].keep_corrections_days)
    corrections = Corrections(database, house.node.settings[FluencySettings])
    for age in (timedelta(days=1), timedelta(0)):
        with running_on(ManualClock(clock.now() - age)):
            corrections.note(ACME, "a-1", "tihs", "this")
    await corrections.close()

    with running_on(ManualClock(clock.now() + kept - timedelta(hours=12))):
        await corrections.sweep()

    async with database.reading() as session:
        assert len((await session.scalars(select(SpellingCorrection.id))).all()) == 1
