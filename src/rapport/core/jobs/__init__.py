"""Durable jobs: work that outlives a request, a restart and a node.

::

    async def read(services: Services, conversation: str) -> list[str]: ...
    async def write(services: Services, lines: list[str]) -> None: ...

    @job("summaries.write")
    async def write_summary(run: Run, conversation: str) -> None:
        lines = await run.step("read", read, conversation)
        await run.progress(1, 2)
        await run.step("write", write, lines)

A job is a plan of steps. What a step returned is kept, so after a restart the plan runs again from the
top and goes on at the first step that had not ended. A step may therefore run twice when the process
dies at its end: it writes with a key, or only adds to the log under one. The plan itself only orders
steps: it touches no service, and takes the same way each time it is given the same answers.
"""

from rapport.core.jobs.jobs import Jobs, JobStatus, jobs_url
from rapport.core.jobs.plan import Job, JobState, Run, job

__all__ = ["Job", "JobState", "JobStatus", "Jobs", "Run", "job", "jobs_url"]
