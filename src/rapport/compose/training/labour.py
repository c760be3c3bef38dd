"""Where trainers work: nowhere near those who wait for a server.

`OwnProcess` is the one of a node, and of the command unless it is told otherwise: one process of low
priority on the same machine. `rapport.compose.training.ray` is the other, on many machines. What is
ordered and what is answered is the same for both, see `process`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from typing import Protocol

import msgspec

from rapport.compose.training.process import LENGTH_BYTES, Answer, Order, Share, framed
from rapport.compose.training.settings import TrainingSettings
from rapport.core.errors import RapportError

_ENTRY = "from rapport.compose.training.process import main; main()"


class TrainerFailed(RapportError):
    """Whoever trained ended without an answer. Facts: `problem`."""

    sentence = "Training ended without a model: {problem}"


class Labour(Protocol):
    """Somebody who serves orders, `at_once` of them side by side."""

    @property
    def at_once(self) -> int:
        """Orders that are worth giving at the same time; more wait for a place."""
        ...

    async def have(self, order: Order, report: Callable[[float], None]) -> Answer:
        """Have an order served; a caller that is cancelled ends the work on it.

        Raises TrainerFailed when it ends without an answer.
        """
        ...

    async def rest(self) -> None:
        """Free what was held to serve orders; the next one may take a moment longer."""
        ...

    async def close(self) -> None:
        """End all work."""
        ...


class OwnProcess:
    """One process of low priority that serves one order at a time; it starts with the first."""

    at_once = 1

    def __init__(self, settings: TrainingSettings) -> None:
        self._settings = settings
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def have(self, order: Order, report: Callable[[float], None]) -> Answer:
        """Have an order served; what the process says meanwhile is on this one's standard error."""
        async with self._turn:
            process = self._process = self._process or await self._start()
            try:
                return await _served(process, order, report)
            except BaseException:
                await self._end()
                raise

    async def rest(self) -> None:
        """Free what the process holds once it has served its order; the next one starts another."""
        async with self._turn:
            await self._end()

    async def close(self) -> None:
        """End the process, whatever it does."""
        await self._end()

    async def _start(self) -> Process:
        threads = str(self._settings.threads)
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            f"import os; os.nice({self._settings.niceness}); {_ENTRY}",
            stdin=PIPE,
            stdout=PIPE,
            env={**os.environ, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads},
        )

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        assert process.stdin is not None
        process.stdin.close()


async def _served(process: Process, order: Order, report: Callable[[float], None]) -> Answer:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(framed(order))
    # A process that has ended is met when its answer is read.
    with contextlib.suppress(ConnectionError):
        await process.stdin.drain()
    answer = await _next(process.stdout)
    while isinstance(answer, Share):
        report(answer.done)
        answer = await _next(process.stdout)
    if answer is None:
        raise TrainerFailed(problem=f"its process has status {await process.wait()}")
    return answer


async def _next(answers: asyncio.StreamReader) -> Answer | None:
    try:
        length = int.from_bytes(await answers.readexactly(LENGTH_BYTES), "big")
        content = await answers.readexactly(length)
    except asyncio.IncompleteReadError:
        return None
    answer: Answer = msgspec.msgpack.decode(content, type=Answer)
    return answer
