"""The engine that runs plans: DBOS, in a thread and on an event loop of its own.

It takes over the default thread pool of whatever loop it is called on, and takes a second to load;
neither may happen to the loop that serves people. It keeps its state in a database of its own
(embedded) or in its own schema of the same server (cluster).
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from rapport.core.jobs.adoption import Adoption
from rapport.core.jobs.plan import Job, Run
from rapport.core.telemetry.metrics import Metrics

QUEUE = "rapport.jobs"
WORKFLOW = "rapport.job"
# Jobs at once on one node: they share its two or so cores with everybody who is waiting for an answer.
AT_ONCE = 4
# A look for new jobs takes some 10 ms of processor: four a second took as much as a hundred messages.
POLL_SECONDS = 1.0
# A job of a newer version, met during a rolling upgrade, waits until a node that knows it adopts it.
UNKNOWN_PAUSE_SECONDS = 10.0
CLOSING_SECONDS = 15.0

T = TypeVar("T")


class Engine:
    """DBOS on a thread of its own; `call` runs a coroutine there from any other loop."""

    def __init__(
        self, url: str, executor: str, jobs: Mapping[str, Job], services: Any, metrics: Metrics
    ) -> None:
        self._url = url
        self._executor = executor
        self._jobs = jobs
        self._services = services
        self._metrics = metrics
        self._node_loop = asyncio.get_running_loop()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="jobs", daemon=True)
        self._workflow: Any = None
        self._adopting: asyncio.Task[None] | None = None

    async def launch(self, adoption: Adoption | None) -> None:
        """Load the engine, bring its tables up to date, and continue what was interrupted."""
        self._thread.start()
        try:
            await self.call(self._launch(adoption))
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Stop; what is running continues at its last finished step at the next launch."""
        if self._thread.is_alive():
            await asyncio.to_thread(self._destroy)

    async def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the engine's loop."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def enqueue(self, name: str, key: str, arguments: Mapping[str, Any]) -> None:
        """Have a job run once, on any node; a key that is known already changes nothing."""
        from dbos import DBOS, SetWorkflowID

        with SetWorkflowID(workflow_id(name, key)):
            await DBOS.enqueue_workflow_async(QUEUE, self._workflow, name, key, dict(arguments))

    async def _launch(self, adoption: Adoption | None) -> None:
        from dbos import DBOS
        from dbos._serialization import WorkflowSerializationFormat

        if adoption is not None:
            await adoption.hold()
        DBOS(
            config={
                "name": "rapport",
                "system_database_url": self._url,
                "log_level": "WARNING",
                # Interrupted jobs continue under any later version: plans keep the order of their steps.
                "application_version": "1",
                "executor_id": self._executor,
            }
        )
        _log_with_the_others()

        async def run(name: str, key: str, arguments: dict[str, Any]) -> Any:
            return await self._run(name, key, arguments)

        self._workflow = DBOS.workflow(
            name=WORKFLOW,
            # A library's pickles would tie what is stored to its version.
            serialization_type=WorkflowSerializationFormat.PORTABLE,
            max_recovery_attempts=1_000,
        )(run)
        DBOS.launch()
        await DBOS.register_queue_async(
            QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=POLL_SECONDS
        )
        if adoption is not None:
            self._adopting = asyncio.create_task(adoption.look_for_ever(), name="jobs-adopt")

    async def _run(self, name: str, key: str, arguments: dict[str, Any]) -> Any:
        from dbos import DBOS

        while name not in self._jobs:
            await DBOS.sleep_async(UNKNOWN_PAUSE_SECONDS)
        run = Run(name, key, self._services, self._node_loop)
        outcome = "failed"
        try:
            with self._metrics.job_seconds.labels(name).time():
                answer = await self._jobs[name].plan(run, **arguments)
            outcome = "done"
            return answer
        except asyncio.CancelledError:
            outcome = "interrupted"
            raise
        finally:
            self._metrics.jobs_finished_total.labels(name, outcome).inc()

    def _destroy(self) -> None:
        from dbos import DBOS

        stopping = asyncio.run_coroutine_threadsafe(_cancel_all(), self._loop)
        stopping.result(CLOSING_SECONDS)
        DBOS.destroy(destroy_registry=True)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CLOSING_SECONDS)


def workflow_id(name: str, key: str) -> str:
    """Return the id under which the engine knows a job."""
    return f"{name}:{key}"


async def _cancel_all() -> None:
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _log_with_the_others() -> None:
    """Take the engine's own log handler away: its lines go where all lines go, and lose what they must."""
    logger = logging.getLogger("dbos")
    logger.handlers.clear()
    logger.propagate = True
