"""A training survives the death of its node, and does not do again what was done."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from rapport.core.identity import Role
from rapport.core.storage import open_files
from tests.browser.widget.process import Process
from tests.compose.training.test_training import MODELS, SMALL, blob, ended, listed, talked
from tests.support.company import make_company

pytestmark = [pytest.mark.api, pytest.mark.timeout(300)]


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    for name, value in {**SMALL, "RAPPORT_TRAINING_SLICE_CONVERSATIONS": "15"}.items():
        monkeypatch.setenv(name, value)
    started = Process(tmp_path)
    started.start()
    yield started
    started.end(signal.SIGTERM)


async def test_a_training_goes_on_where_its_killed_node_was(process: Process) -> None:
    company = await make_company(process.running)
    await talked(company, 80)
    files = open_files(process.running.settings)

    async def prepared() -> dict[str, object]:
        every = await files.list(company.scope, "training")
        return {each.key: each.modified_at for each in every if "/ranking-" in each.key}

    async with company.signed_in(Role.ADMINISTRATOR) as admin:
        training = (await admin.post(f"{MODELS}/train")).json()["trainingId"]
        async with asyncio.timeout(100):
            before = await prepared()
            while not before:
                await asyncio.sleep(0.02)
                before = await prepared()
    process.end(signal.SIGKILL)
    before = await prepared()
    assert await blob(company) is None

    process.start()
    after = before
    async with company.signed_in(Role.ADMINISTRATOR) as admin:
        async with asyncio.timeout(150):
            while (found := await prepared()) or after is before:
                after = found or after
                await asyncio.sleep(0.02)
        assert (await ended(admin, training))["state"] == "done"
        [model] = await listed(admin)

    assert (model["version"], model["state"]) == (1, "live")
    assert len(after) > len(before)
    assert before.items() <= after.items()
    assert await blob(company) is not None
