"""Background work that belongs to somebody."""

from __future__ import annotations

import asyncio
import gc

import pytest
from structlog.testing import capture_logs

from rapport.core.tasks import Tasks

pytestmark = pytest.mark.unit


async def test_work_is_held_until_it_is_done_and_its_result_can_be_waited_for() -> None:
    tasks = Tasks("counting")

    async def count() -> int:
        await asyncio.sleep(0)
        gc.collect()
        return 3

    assert await tasks.begin(count()) == 3


async def test_closing_ends_what_runs() -> None:
    tasks = Tasks("waiting")
    ended = []

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    task = tasks.begin(wait())
    await asyncio.sleep(0)
    await tasks.close()

    assert task.cancelled()
    assert ended == [True]


async def test_a_failure_is_told_by_its_kind_and_not_by_its_words() -> None:
    tasks = Tasks("failing")

    async def fail() -> None:
        raise ValueError("what a person wrote")

    with capture_logs() as told:
        await asyncio.wait([tasks.begin(fail())])
        await asyncio.sleep(0)

    assert told == [
        {
            "event": "background_failed",
            "log_level": "warning",
            "task": "failing",
            "error": "ValueError",
        }
    ]
