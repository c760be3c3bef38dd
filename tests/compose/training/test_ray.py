"""Training on a Ray cluster: the same models as at home, side by side, and ended when it is told to."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rapport.compose.training.labour import Labour, OwnProcess
from rapport.compose.training.process import Answer, Model, Order, Prepare, Prepared, Train, packed
from rapport.compose.training.ray import LOCAL, RayCluster
from rapport.compose.training.settings import TrainingSettings
from rapport.compose.training.trainers import Kind
from rapport.core.storage import open_files
from tests.compose.training.conftest import SMALL
from tests.compose.training.test_training import blob, command, talked
from tests.support.company import TestCompany
from tests.support.server import environment_in
from tests.support.talks import transcripts

pytestmark = [pytest.mark.api, pytest.mark.timeout(300)]

WITHOUT_RAY = "import sys; sys.modules['ray'] = None; from rapport.cli import app; app()"


@pytest.fixture
async def cluster() -> AsyncIterator[RayCluster]:
    """A cluster of two cores on this machine."""
    joined = RayCluster(LOCAL, 2)
    yield joined
    await joined.close()


@pytest.fixture
async def at_home() -> AsyncIterator[OwnProcess]:
    process = OwnProcess(TrainingSettings(threads=1, niceness=0))
    yield process
    await process.close()


async def made(labour: Labour, kind: Kind, slices: list[bytes], shares: list[float]) -> bytes:
    """The model that a labour makes of slices, telling how far it is."""
    prepared: list[bytes] = []
    for answer in await asyncio.gather(*(have(labour, Prepare(kind, each)) for each in slices)):
        assert isinstance(answer, Prepared)
        prepared.append(answer.content)
    model = await labour.have(Train(kind, slices, prepared), shares.append)
    assert isinstance(model, Model)
    return model.blob


async def have(labour: Labour, order: Order) -> Answer:
    return await labour.have(order, lambda _share: None)


async def test_a_cluster_makes_the_models_that_are_made_at_home(
    cluster: RayCluster, at_home: OwnProcess
) -> None:
    talks = transcripts(120, seed=3)
    slices = [packed(talks[:70]), packed(talks[70:])]
    shares: list[float] = []

    far = await asyncio.gather(*(made(cluster, kind, slices, shares) for kind in Kind))
    near = [await made(at_home, kind, slices, []) for kind in Kind]

    assert far == near
    # It told how far it was, in the middle and to the end.
    assert max(shares) == 1
    assert any(0 < share < 1 for share in shares)


async def test_work_that_nobody_waits_for_is_ended_on_the_cluster(cluster: RayCluster) -> None:
    talks = [packed(transcripts(2_000, seed=number)) for number in range(cluster.at_once)]
    waiting = [asyncio.create_task(have(cluster, Prepare(Kind.RANKING, each))) for each in talks]
    quick = packed(transcripts(2, seed=9))
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)

    # Its cores would be taken for a minute otherwise.
    async with asyncio.timeout(30):
        answer = await have(cluster, Prepare(Kind.RANKING, quick))

    assert isinstance(answer, Prepared)
    assert all(task.cancelled() for task in waiting)


@pytest.mark.spec("CMP-207")
async def test_the_command_trains_on_ray_after_it_was_interrupted(
    company: TestCompany,
) -> None:
    await talked(company, 120)
    files = open_files(company.server.settings)
    scope = company.scope
    begun = await asyncio.to_thread(interrupted, company)
    before = {file.key for file in await files.list(scope, "training/run-command")}

    done = await asyncio.to_thread(command, company, "--engine", "ray", "--json")

    assert begun != 0
    assert any("/ranking-" in key for key in before)
    assert done.returncode == 0, done.stderr[-2000:]
    models = json.loads(done.stdout)
    assert {(each["kind"], each["state"], each["version"]) for each in models} == {
        ("ranking", "live", 1),
        ("completion", "live", 1),
    }
    assert await blob(company) is not None
    assert await files.list(scope, "training/run-command") == []


def has_prepared(folder: Path) -> bool:
    """Whether a slice is kept; what is still being written has a # in its name."""
    return any("#" not in file.name for file in folder.rglob("run-command/ranking-*"))


def interrupted(company: TestCompany) -> int:
    """Train on Ray and kill the command when something is prepared; returns its status."""
    folder = Path(company.server.settings.folder)
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "rapport", "compose", "train", "--engine", "ray"),
            *("--company", company.marker, "--environment", "sandbox"),
        ],
        env={**os.environ, **environment_in(folder, **SMALL)},
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and not has_prepared(folder):
        time.sleep(0.002)
    process.kill()
    return process.wait()


def test_without_ray_the_command_says_what_to_install(company: TestCompany) -> None:
    folder = Path(company.server.settings.folder)
    done = subprocess.run(
        [
            *(sys.executable, "-c", WITHOUT_RAY, "compose", "train", "--engine", "ray"),
            *("--company", company.marker, "--environment", "sandbox"),
        ],
        env={**os.environ, **environment_in(folder, **SMALL)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 1
    assert "install rapport[ray]" in done.stderr


def test_a_cluster_that_is_not_there_is_told(company: TestCompany) -> None:
    done = command(company, "--engine", "ray", "--ray-address", "127.0.0.1:9")

    assert done.returncode == 1
    assert "nobody answers at 127.0.0.1:9" in done.stderr
