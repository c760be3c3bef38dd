"""Trainers at work on a Ray cluster: as many orders side by side as it has cores.

What is ordered travels to the machine that serves it, and the answer back: they need the same Rapport,
and nothing of the database or the files. Only the command uses it (`rapport compose train --engine ray`).
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Generator
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

from rapport.compose.training.labour import TrainerFailed
from rapport.compose.training.process import Answer, Order, Share, serve
from rapport.core.errors import RapportError

if TYPE_CHECKING:
    from types import ModuleType

# A cluster of its own on this machine.
LOCAL = "local"
# Whoever orders holds what is ordered in memory: some ten megabytes a slice.
_MOST_AT_ONCE = 64
_ANSWERS_WITHIN = 5.0


class RayUnusable(RapportError):
    """Ray is not installed, or there is no cluster at the address. Facts: `problem`."""

    sentence = "Training cannot run on Ray: {problem}"


class RayCluster:
    """Serves orders on a cluster that is joined, or started on this machine, when this is made.

    `address` is what `ray start --head` tells (`host:6379`), or `auto` on a machine of the cluster, or
    `local` for a cluster of this machine alone with `cores`, which ends with this process. Raises
    RayUnusable.
    """

    def __init__(self, address: str, cores: int) -> None:
        self._ray = _joined(address, cores)
        cluster = self._ray.cluster_resources()
        self.at_once = max(1, min(int(cluster.get("CPU", 1)), _MOST_AT_ONCE))
        # A core each. Of one whose machine is lost the work is done anew elsewhere.
        self._serve = self._ray.remote(num_cpus=1, num_returns="streaming", max_retries=2)(answers)

    async def have(self, order: Order, report: Callable[[float], None]) -> Answer:
        """Have an order served on some machine; a caller that is cancelled ends the work on it."""
        said = self._serve.remote(order)
        try:
            async for reference in said:
                answer: Answer = await reference
                if not isinstance(answer, Share):
                    return answer
                report(answer.done)
        except self._ray.exceptions.RayError as error:
            raise TrainerFailed(problem=_of(error)) from error
        except asyncio.CancelledError:
            self._ray.cancel(said, force=True)
            raise
        raise TrainerFailed(problem="it gave no answer")

    async def rest(self) -> None:
        """Nothing: Ray ends workers that have nothing to do."""

    async def close(self) -> None:
        """Leave the cluster, and end it if it is of this machine alone."""
        self._ray.shutdown()


def answers(order: Order) -> Generator[Answer, None, None]:
    """Serve an order and yield how far it is, then its answer; runs on a machine of the cluster."""
    told: SimpleQueue[Answer | BaseException] = SimpleQueue()

    def work() -> None:
        try:
            told.put(serve(order, lambda share: told.put(Share(share))))
        except BaseException as error:
            told.put(error)

    # What is reported in the middle of the work is to be yielded in the middle of it.
    Thread(target=work, daemon=True).start()
    while isinstance(answer := told.get(), Share):
        yield answer
    if isinstance(answer, BaseException):
        raise answer
    yield answer


def _joined(address: str, cores: int) -> Any:
    ray = _library()
    is_local = address == LOCAL
    _reach(address)
    options: dict[str, Any] = {"num_cpus": cores, "include_dashboard": False} if is_local else {}
    try:
        # Standard output is the command's; what a trainer says is in the logs of the cluster.
        ray.init(address, logging_level="error", log_to_driver=False, **options)
    except (ConnectionError, ImportError, RuntimeError, ValueError) as error:
        raise RayUnusable(problem=_of(error)) from error
    return ray


def _reach(address: str) -> None:
    """Refuse an address at which nobody answers at once, where Ray would try for minutes."""
    host, colon, port = address.rpartition(":")
    if not colon:
        return
    try:
        socket.create_connection((host, int(port)), _ANSWERS_WITHIN).close()
    except (OSError, ValueError) as error:
        raise RayUnusable(problem=f"nobody answers at {address}: {_of(error)}") from error


def _library() -> ModuleType:
    # Read when it is imported: nothing is told to anybody.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        import ray
        import ray.exceptions
    except ImportError:
        problem = (
            "it is not installed; install rapport[ray], here and on every machine of the cluster"
        )
        raise RayUnusable(problem=problem) from None
    return ray


def _of(error: BaseException) -> str:
    """The last line that an error says, which with Ray is the reason."""
    return (str(error).strip().splitlines() or [type(error).__name__])[-1].strip()
