"""What a room writes: jobs as plans of steps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog

from rapport.core.errors import RapportError

# A step that fails is tried again after 1, 2, 4, 8 seconds.
ATTEMPTS = 5
PAUSE_SECONDS = 1.0

Plan = Callable[..., Awaitable[Any]]
Step = Callable[..., Awaitable[Any]]

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Job:
    """A durable job: its name, which is stored and so never changes, and its plan."""

    name: str
    plan: Plan


class JobState(StrEnum):
    """How a job is."""

    UNKNOWN = "unknown"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class StepFailed(RapportError):
    """A step of a job raised. Facts: `step`, `error` (its class: the text may hold what people wrote)."""

    sentence = "The step {step} failed: {error}"


def job(name: str) -> Callable[[Plan], Job]:
    """Make a plan a job. Its arguments, and what its steps take and return, are plain JSON values."""
    return lambda plan: Job(name, plan)


class Run:
    """One run of a plan: does its steps on the node's event loop and keeps what they returned."""

    def __init__(self, name: str, key: str, services: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.name = name
        self.key = key
        self._services = services
        self._loop = loop

    async def step(
        self,
        step: str,
        work: Step,
        *arguments: Any,
        attempts: int = ATTEMPTS,
        pause_seconds: float = PAUSE_SECONDS,
    ) -> Any:
        """Call `work(services, *arguments)`, once for good when it returns; again when it raises.

        Raises StepFailed when every attempt raised; a plan that lets it pass has failed.
        """
        from dbos import DBOS

        async def attempt() -> Any:
            running: Future[Any] = asyncio.run_coroutine_threadsafe(
                self._attempt(step, work, arguments), self._loop
            )
            return await asyncio.wrap_future(running)

        return await DBOS.run_step_async(
            {
                "name": step,
                "retries_allowed": attempts > 1,
                "max_attempts": attempts,
                "interval_seconds": pause_seconds,
                "backoff_rate": 2,
            },
            attempt,
        )

    async def progress(self, done: int, total: int) -> None:
        """Tell how much is done, for whoever watches; cheap enough for every percent, not every row."""
        from dbos import DBOS

        await DBOS.set_event_async("progress", [done, total])

    async def _attempt(self, step: str, work: Step, arguments: tuple[Any, ...]) -> Any:
        try:
            return await work(self._services, *arguments)
        except Exception as error:
            # What is raised here is stored: only our own words may be.
            logger.exception("job_step_failed", job=self.name, key=self.key, step=step)
            raise StepFailed(step=step, error=type(error).__name__) from None
