"""Work in the background that belongs to somebody: it ends with its owner, and its failures are told."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

T = TypeVar("T")

logger = structlog.get_logger(__name__)


class Tasks:
    """The background work of one owner, under one name in logs and stack dumps.

    Somebody has to hold a task, or it may be collected while it runs; and to look at what came of it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._running: set[asyncio.Task[Any]] = set()

    def begin(self, work: Coroutine[object, object, T]) -> asyncio.Task[T]:
        """Have work done in the background."""
        task = asyncio.create_task(work, name=self._name)
        self._running.add(task)
        task.add_done_callback(self._finished)
        return task

    async def close(self) -> None:
        """Cancel what runs, and wait for its end."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.warning("background_failed", task=self._name, error=type(error).__name__)
