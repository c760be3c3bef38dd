"""The jobs of a node: started by readers, run in the background, asked about by whoever waits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

import structlog
from sqlalchemy.engine import make_url

from rapport.core.ids import new_id
from rapport.core.jobs.adoption import Adoption
from rapport.core.jobs.engine import Engine, workflow_id
from rapport.core.jobs.plan import Job, JobState
from rapport.core.settings import DataSettings, Settings
from rapport.core.telemetry.metrics import Metrics

_STATES = {
    "ENQUEUED": JobState.WAITING,
    "DELAYED": JobState.WAITING,
    "PENDING": JobState.RUNNING,
    "SUCCESS": JobState.DONE,
}


logger = structlog.get_logger(__name__)


class JobStatus(NamedTuple):
    """How a job is, and how much of it is done (0 of 0 until it says so)."""

    state: JobState
    done: int = 0
    total: int = 0


def jobs_url(settings: Settings) -> str:
    """Return where the jobs of this installation are kept."""
    configured = settings[DataSettings].database_url
    if configured:
        return make_url(configured).set(drivername="postgresql+psycopg").render_as_string(False)
    return f"sqlite:///{settings.folder / 'jobs.db'}"


class Jobs:
    """Starts and runs durable jobs; `services` is what their steps are given first.

    The engine loads in the background after `open`; nothing waits for it but the jobs. Without any
    job it is never loaded.
    """

    def __init__(
        self, url: str, jobs: Sequence[Job], services: Any, metrics: Metrics | None = None
    ) -> None:
        self._url = make_url(url)
        self._jobs = {job.name: job for job in jobs}
        self._services = services
        self._metrics = metrics or Metrics()
        self._is_cluster = self._url.get_backend_name() == "postgresql"
        self._opening: asyncio.Task[Engine] | None = None

    async def open(self) -> None:
        """Begin to load the engine and to continue what was interrupted."""
        if self._jobs:
            self._opening = asyncio.create_task(self._open(), name="jobs-open")

    async def close(self) -> None:
        """Stop running jobs; they continue at their last finished step after the next `open`."""
        opening, self._opening = self._opening, None
        if opening is None:
            return
        try:
            engine = await opening
        except Exception as error:
            # It never ran; whoever asked for a job has been told.
            logger.warning("jobs_never_opened", error=type(error).__name__)
            return
        await engine.close()

    async def start(self, name: str, /, *, key: str, **arguments: Any) -> None:
        """Have a job run once; durable when this returns. A second start with its key changes nothing.

        A reader derives the key from its event, so that reading the event twice starts one job.
        Raises KeyError for a job this node does not have.
        """
        self._jobs[name]
        engine = await self._engine()
        await engine.call(engine.enqueue(name, key, arguments))
        self._metrics.jobs_started_total.labels(name).inc()

    async def status(self, name: str, key: str) -> JobStatus:
        """Tell how a job is, for progress bars and for the curious."""
        engine = await self._engine()
        return await engine.call(_status(workflow_id(name, key)))

    async def _engine(self) -> Engine:
        if self._opening is None:
            raise RuntimeError("jobs are not open")
        return await asyncio.shield(self._opening)

    async def _open(self) -> Engine:
        # An embedded node is always the same one; nodes of a cluster come and go under new names.
        node = f"node-{new_id()}" if self._is_cluster else "local"
        address = self._url.render_as_string(hide_password=False)
        engine = Engine(address, node, self._jobs, self._services, self._metrics)
        adoption = None
        if self._is_cluster:
            dsn = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
            adoption = Adoption(dsn, node)
        await engine.launch(adoption)
        return engine


async def _status(workflow: str) -> JobStatus:
    from dbos import DBOS

    found = await DBOS.get_workflow_status_async(workflow)
    if found is None:
        return JobStatus(JobState.UNKNOWN)
    done, total = await DBOS.get_event_async(workflow, "progress", 0) or (0, 0)
    return JobStatus(_STATES.get(found.status, JobState.FAILED), done, total)
