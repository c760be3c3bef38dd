"""Finding the correction that an event names, though it may be given before it is written down."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from ulid import ULID

from rapport.compose.fluency import corrections
from rapport.core import clock
from rapport.core.database import Database
from rapport.core.errors import NotFound
from rapport.core.identity import Scope

# A correction is written down a moment after it was given: one so new is looked for so often.
LATELY = timedelta(seconds=5)
TRIES = 8
PAUSE_SECONDS = 0.25


async def check_correction(database: Database, scope: Scope, correction_id: str) -> None:
    """Raise NotFound unless a correction was given to the company in this environment."""
    tries = TRIES if _is_late(correction_id) else 1
    for attempt in range(tries):
        if attempt:
            await asyncio.sleep(PAUSE_SECONDS)
        async with database.reading() as session:
            if await corrections.find(session, scope, correction_id) is not None:
                return
    raise NotFound(what="there is no such correction")


def _is_late(correction_id: str) -> bool:
    try:
        return abs(clock.now() - ULID.from_str(correction_id).datetime) < LATELY
    except ValueError:
        return False
