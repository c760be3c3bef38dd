"""A company's models: trained from its conversations, compared, put to work, gone back to."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from rapport.compose.training import access
from rapport.compose.training.trainers import Kind
from rapport.core.identity import Environment, Role, Scope
from rapport.core.storage import open_files
from rapport.engines.ranking import read
from tests.compose.training.conftest import SMALL
from tests.support.company import TestCompany, make_company
from tests.support.server import Running, environment_in
from tests.support.talks import keep, transcripts

# A process that learns has to start first, and stands back behind everything else.
pytestmark = [pytest.mark.api, pytest.mark.timeout(300)]

MODELS = "/console/v1/compose/models"
CARD = "4111 1111 1111 1111"


async def trained(admin: httpx.AsyncClient) -> dict[str, Any]:
    """Train now and wait for the end; returns the training's last state."""
    answer = await admin.post(f"{MODELS}/train")
    assert answer.status_code == 202, answer.text
    return await ended(admin, answer.json()["trainingId"])


async def ended(admin: httpx.AsyncClient, training: str) -> dict[str, Any]:
    async with asyncio.timeout(200):
        while True:
            state: dict[str, Any] = (await admin.get(f"{MODELS}/trainings/{training}")).json()
            if state["state"] in {"done", "failed"}:
                return state
            await asyncio.sleep(0.1)


async def listed(admin: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await admin.get(MODELS)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return [item for item in items if item["kind"] == "ranking"]


async def talked(company: TestCompany, count: int, *, seed: int = 1) -> None:
    database = company.database()
    try:
        await keep(database, company.scope, transcripts(count, seed=seed))
    finally:
        await database.close()


@pytest.mark.spec("CMP-209")
async def test_models_are_trained_kept_in_versions_and_gone_back_to(company: TestCompany) -> None:
    await talked(company, 120)
    async with company.signed_in(Role.ADMINISTRATOR) as admin:
        assert (await trained(admin))["state"] == "done"
        [first] = await listed(admin)
        await talked(company, 40, seed=2)
        assert (await trained(admin))["state"] == "done"
        [second, _] = await listed(admin)
        back = await admin.post(f"{MODELS}/roll-back", json={"kind": "ranking"})
        forth = await admin.post(f"{MODELS}/{second['id']}/deploy")
        twice = await admin.post(f"{MODELS}/{second['id']}/deploy")
        after = await listed(admin)
        audit = (await admin.get("/console/v1/audit")).json()["items"]

    assert (first["version"], first["state"]) == (1, "live")
    assert first["metrics"]["measure"] == "firstOfHundred"
    assert 0 <= first["metrics"]["firstOfHundred"] <= 1
    assert 0 < first["trainedOn"]["conversations"] < 120
    assert second["version"] == 2
    assert second["metrics"]["live"]["version"] == 1
    assert second["trainedOn"]["conversations"] > first["trainedOn"]["conversations"]
    if second["state"] == "live":
        assert (back.status_code, back.json()["version"]) == (200, 1)
        assert (forth.status_code, forth.json()["version"]) == (200, 2)
    assert twice.status_code == 409
    assert [(each["version"], each["state"]) for each in after] == [(2, "live"), (1, "retired")]
    assert {each["resource_name"] for each in audit} >= {"ranking model 2", "training"}

    found = await blob(company)
    assert found is not None
    assert found.version == 2
    assert read(found.blob).width > 0


async def blob(company: TestCompany, scope: Scope | None = None) -> access.Live | None:
    database = company.database()
    try:
        files = open_files(company.server.settings)
        return await access.live_blob(database, files, scope or company.scope, Kind.RANKING)
    finally:
        await database.close()


async def test_a_company_with_too_few_conversations_gets_no_model(company: TestCompany) -> None:
    await talked(company, 20)
    async with company.signed_in(Role.ADMINISTRATOR) as admin:
        assert (await trained(admin))["state"] == "done"
        assert await listed(admin) == []
        back = await admin.post(f"{MODELS}/roll-back", json={"kind": "ranking"})

    assert back.status_code == 409


async def test_models_are_for_those_who_keep_responses_and_for_no_stranger(
    small: Running, company: TestCompany
) -> None:
    stranger = await make_company(small)
    await talked(company, 70)
    async with company.signed_in(Role.ADMINISTRATOR) as admin:
        started = (await admin.post(f"{MODELS}/train")).json()["trainingId"]
        await ended(admin, started)
        [model] = await listed(admin)
    async with stranger.signed_in(Role.ADMINISTRATOR) as other:
        assert await listed(other) == []
        for answer in (
            await other.get(f"{MODELS}/trainings/{started}"),
            await other.post(f"{MODELS}/{model['id']}/deploy"),
            await other.post(f"{MODELS}/nothing/deploy"),
        ):
            assert answer.status_code == 404, answer.text
        odd = await other.post(f"{MODELS}/roll-back", json={"kind": "weather"})
        assert odd.status_code == 400
    async with company.signed_in(Role.AGENT) as agent:
        assert (await agent.get(MODELS)).status_code == 403
        assert (await agent.post(f"{MODELS}/train")).status_code == 403


def command(company: TestCompany, *options: str) -> subprocess.CompletedProcess[str]:
    folder = Path(company.server.settings.folder)
    return subprocess.run(
        [
            *(sys.executable, "-m", "rapport", "compose", "train"),
            *("--company", company.marker, "--environment", "sandbox"),
            *options,
        ],
        env={**os.environ, **environment_in(folder, **SMALL)},
        capture_output=True,
        text=True,
        timeout=200,
    )


@pytest.mark.spec("CMP-213")
async def test_transcripts_from_before_are_learnt_from_and_never_kept_as_they_were(
    company: TestCompany, tmp_path: Path
) -> None:
    file = tmp_path / "history.jsonl"
    with file.open("w") as out:
        for talk in transcripts(100, seed=5):
            messages = [{"role": said.role, "text": said.text} for said in talk.said]
            messages.insert(0, {"role": "customer", "text": f"My card is {CARD}."})
            out.write(json.dumps({"id": talk.id, "messages": messages}) + "\n")

    done = await asyncio.to_thread(command, company, "--import", str(file), "--json")

    assert done.returncode == 0, done.stderr[-2000:]
    [model] = [each for each in json.loads(done.stdout) if each["kind"] == "ranking"]
    assert (model["state"], model["version"]) == ("live", 1)
    assert model["trainedOn"]["messages"] > 200
    raw = company.raw_files()
    assert b"My card is *" in raw
    assert CARD.encode() not in raw
    assert CARD.replace(" ", "").encode() not in raw


async def test_a_file_that_is_no_transcript_is_refused_with_its_line(
    company: TestCompany, tmp_path: Path
) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("conversation_externalId,sender_role\n1,agent\n")

    done = await asyncio.to_thread(command, company, "--import", str(file))

    assert done.returncode == 1
    assert "line 1" in done.stderr
    assert await blob(company, Scope(company.scope.company_id, Environment.SANDBOX)) is None
