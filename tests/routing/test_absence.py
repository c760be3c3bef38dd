"""Agents who vanish become away; those whose desk is open stay, however quiet they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from rapport.accounts.sign_in.models import PersonSession
from rapport.core import clock
from rapport.core.clock import ManualClock
from rapport.core.timers import Timers
from rapport.routing import ABSENCE, Absence, RoutingSettings
from rapport.routing.agents import status_of
from tests.core.helpers import BOTH
from tests.routing.floor import Floor

pytestmark = pytest.mark.unit


async def sign_in(floor: Floor, person_id: str) -> None:
    async with floor.database.writing() as session:
        session.add(
            PersonSession(
                token_hash=person_id * 2,
                person_id=person_id,
                created_at=clock.now(),
                seen_at=clock.now(),
                expires_at=clock.now() + timedelta(hours=12),
            )
        )


async def is_heard_of(floor: Floor, person_id: str) -> None:
    async with floor.database.writing() as session:
        seen = update(PersonSession).where(PersonSession.person_id == person_id)
        await session.execute(seen.values(seen_at=clock.now()))


@BOTH
async def test_a_desk_not_heard_of_gets_nothing_new(floor: Floor) -> None:
    now = ManualClock(datetime(2026, 3, 4, 9, tzinfo=UTC))
    with clock.running_on(now):
        here, gone = await floor.agent("Here", slots=1), await floor.agent("Gone", slots=5)
        await sign_in(floor, here)
        await sign_in(floor, gone)
        absence = Absence(floor.log, RoutingSettings())
        timers = Timers(floor.database, {ABSENCE: absence.look})
        await absence.begin(floor.database)
        served = await floor.customer_comes()
        await floor.settle()
        for _ in range(6):
            now.advance(timedelta(seconds=30))
            await is_heard_of(floor, here)
            await timers.run_due()
        new = await floor.customer_comes()
        await floor.settle()

        async with floor.database.reading() as session:
            assert await status_of(session, floor.scope, here) == "active"
            assert await status_of(session, floor.scope, gone) == "away"
        assert await floor.served_by(gone) == [served]
        assert await floor.served_by(here) == [new]
