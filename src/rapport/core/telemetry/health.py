"""Is everything there that this node needs?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

import structlog

Check = Callable[[], Awaitable[None]]
State = Literal["ok", "error"]

# A load balancer asks every few seconds; an answer that takes longer than this is no answer.
PATIENCE_SECONDS = 2.0

logger = structlog.get_logger(__name__)


class Health:
    """Named checks of what this node depends on; a check raises when its thing is not right."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}

    def add(self, name: str, check: Check) -> None:
        """Add a check, such as `health.add("database", database.ping)`."""
        self._checks[name] = check

    async def report(self) -> Mapping[str, State]:
        """Run every check side by side; each has two seconds."""
        names = tuple(self._checks)
        states = await asyncio.gather(*(self._run(name) for name in names))
        return dict(zip(names, states, strict=True))

    async def _run(self, name: str) -> State:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._checks[name]()
        except Exception as error:
            # Whatever a check raises, the answer is the same, and the other checks still count.
            logger.warning("health_check_failed", check=name, error=type(error).__name__)
            return "error"
        return "ok"
