"""Durable jobs: once by key, retried, told about, and finished after the process was killed."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from rapport.core.jobs import Job, Jobs, JobState, Run, job
from rapport.core.telemetry.metrics import Metrics
from tests.core.helpers import until

pytestmark = pytest.mark.unit


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.cluster)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'jobs.db'}"
    address = make_url(request.getfixturevalue("postgres_url"))
    return address.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


@asynccontextmanager
async def opened(url: str, *jobs: Job, services: object = None) -> AsyncIterator[Jobs]:
    running = Jobs(url, jobs, services)
    await running.open()
    try:
        yield running
    finally:
        await running.close()


async def finished(jobs: Jobs, name: str, key: str) -> JobState:
    async with asyncio.timeout(30):
        while True:
            state = (await jobs.status(name, key)).state
            if state in (JobState.DONE, JobState.FAILED):
                return state
            await asyncio.sleep(0.05)


def files_of(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir()]


async def test_a_job_runs_once_for_its_key_on_the_nodes_own_loop(url: str, tmp_path: Path) -> None:
    ran: list[tuple[str, bool]] = []
    here = (asyncio.get_running_loop(), threading.get_ident())

    async def note(services: list[str], word: str) -> str:
        services.append(word)
        ran.append((word, (asyncio.get_running_loop(), threading.get_ident()) == here))
        return word.upper()

    @job("once")
    async def once(run: Run, word: str) -> None:
        upper = await run.step("note", note, word)
        await run.progress(1, 2)
        await run.step("note", note, upper)
        await run.progress(2, 2)

    key = str(tmp_path)
    services: list[str] = []
    async with opened(url, once, services=services) as jobs:
        assert (await jobs.status("once", key)).state == JobState.UNKNOWN
        for _ in range(3):
            await jobs.start("once", key=key, word="hello")
        assert await finished(jobs, "once", key) == JobState.DONE
        await jobs.start("once", key=key, word="hello")
        status = await jobs.status("once", key)

    assert ran == [("hello", True), ("HELLO", True)]
    assert services == ["hello", "HELLO"]
    assert (status.done, status.total) == (2, 2)


async def test_a_step_that_fails_is_tried_again_and_then_fails_the_job(
    url: str, tmp_path: Path
) -> None:
    left = {"heals": 2, "never": 99}

    async def work(_services: object, name: str) -> None:
        left[name] -= 1
        if left[name] >= 0:
            raise ValueError("what somebody wrote")

    @job("tries")
    async def tries(run: Run, name: str) -> None:
        await run.step("work", work, name, attempts=3, pause_seconds=0.01)

    async with opened(url, tries) as jobs:
        for name in left:
            await jobs.start("tries", key=f"{tmp_path}{name}", name=name)
        assert await finished(jobs, "tries", f"{tmp_path}heals") == JobState.DONE
        assert await finished(jobs, "tries", f"{tmp_path}never") == JobState.FAILED

    assert left == {"heals": -1, "never": 96}
    assert not any(b"what somebody wrote" in stored for stored in files_of(tmp_path))


async def test_a_job_interrupted_by_closing_goes_on_at_its_unfinished_step(
    url: str, tmp_path: Path
) -> None:
    steps: list[str] = []
    may_go_on = asyncio.Event()

    async def work(_services: object, step: str) -> None:
        steps.append(step)
        if step == "second":
            await may_go_on.wait()

    @job("interrupted")
    async def interrupted(run: Run) -> None:
        for step in ("first", "second", "third"):
            await run.step(step, work, step)

    key = str(tmp_path)
    async with opened(url, interrupted) as jobs:
        await jobs.start("interrupted", key=key)
        await until(lambda: "second" in steps)

    may_go_on.set()
    async with opened(url, interrupted) as jobs:
        # In a cluster the node that was closed counts as gone, and this one takes its jobs over.
        assert await finished(jobs, "interrupted", key) == JobState.DONE

    assert steps == ["first", "second", "second", "third"]


async def test_unknown_jobs_are_refused_and_closing_twice_is_allowed(tmp_path: Path) -> None:
    jobs = Jobs(f"sqlite:///{tmp_path / 'jobs.db'}", [], None, Metrics())
    await jobs.open()
    with pytest.raises(KeyError):
        await jobs.start("nothing", key="1")
    await jobs.close()
    await jobs.close()
    assert files_of(tmp_path) == []


async def test_the_engine_leaves_the_nodes_thread_pool_alone(tmp_path: Path) -> None:
    @job("idle")
    async def idle(run: Run) -> None: ...

    async with opened(f"sqlite:///{tmp_path / 'jobs.db'}", idle) as jobs:
        await jobs.start("idle", key="1")
        assert await finished(jobs, "idle", "1") == JobState.DONE

    assert await asyncio.to_thread(lambda: "still there") == "still there"


PROGRAM = """
import asyncio, os, sys, time
from pathlib import Path
from rapport.core.jobs import Jobs, JobState, Run, job

url, folder, key = sys.argv[1], Path(sys.argv[2]), sys.argv[3]

async def write(_services, number: int) -> None:
    with (folder / "steps").open("a") as file:
        file.write(f"{number}\\n")
    if number == 3 and not (folder / "killed").exists():
        await asyncio.sleep(600)

@job("count")
async def count(run: Run, total: int) -> None:
    for number in range(total):
        await run.step(f"write {number}", write, number)
        await run.progress(number + 1, total)

async def main() -> None:
    jobs = Jobs(url, [count], None)
    await jobs.open()
    await jobs.start("count", key=key, total=6)
    while (status := await jobs.status("count", key)).state != JobState.DONE:
        await asyncio.sleep(0.05)
    print(status.done, status.total)
    await jobs.close()

asyncio.run(main())
"""


async def test_a_killed_process_finishes_its_job_once_after_a_restart(
    url: str, tmp_path: Path
) -> None:
    program = [sys.executable, "-c", textwrap.dedent(PROGRAM), url, str(tmp_path), str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": "src"}
    first = await asyncio.create_subprocess_exec(*program, env=environment)
    steps = tmp_path / "steps"
    await until(lambda: steps.exists() and "3" in steps.read_text(), 30)
    first.kill()
    await first.wait()
    (tmp_path / "killed").touch()

    second = await asyncio.create_subprocess_exec(
        *program, env=environment, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await asyncio.wait_for(second.communicate(), 60)

    assert printed.decode().splitlines()[-1] == "6 6"
    # The step that was killed at its end ran again; none of the finished ones did.
    assert steps.read_text().split() == ["0", "1", "2", "3", "3", "4", "5"]


def test_opening_without_jobs_loads_nothing() -> None:
    program = "import rapport.core.jobs, sys; sys.exit('dbos' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
