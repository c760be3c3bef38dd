"""Which version of a model works, and how every node comes to answer with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rapport.accounts.companies.models import Company
from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.learnt import LearntScorers
from rapport.compose.suggestions.scoring import Baseline
from rapport.compose.training import access, corpus, service
from rapport.compose.training.access import State
from rapport.compose.training.models import ComposeModel
from rapport.compose.training.process import packed, unpacked
from rapport.compose.training.schedule import LOOK, Trainings
from rapport.compose.training.settings import TrainingSettings
from rapport.compose.training.trainers import Kind
from rapport.core import clock
from rapport.core.database import Base
from rapport.core.identity import Caller, CallerKind, Environment, Scope
from rapport.core.ids import CompanyId, new_id
from rapport.core.jobs import Jobs
from rapport.core.log.events import START
from rapport.core.node import Node, open_node
from rapport.core.settings import DataSettings, ServerSettings, load
from rapport.core.storage import Files, open_files
from rapport.core.timers import Timers
from rapport.engines.ranking import Line, features_of, train, written
from tests.support.talks import keep, transcripts

pytestmark = pytest.mark.unit

ACME = Scope(CompanyId("acme"), Environment.PRODUCTION)
GLOBEX = Scope(CompanyId("globex"), Environment.PRODUCTION)
ADMIN = Caller(CallerKind.PERSON, "admin", ACME, "Ada")


@dataclass
class Place:
    """A node's database, log and files."""

    node: Node
    files: Files

    async def judged(self, figure: float, live: float | None = None) -> ComposeModel:
        """Keep a version with a figure, compared with the one at work."""
        async with self.node.database.writing() as session:
            at_work = await access.live_model(session, ACME, Kind.RANKING)
            judged = service.Judged(
                kind=Kind.RANKING,
                storage_key=f"models/{new_id()}",
                size_bytes=1,
                trained_on={},
                measure="acceptance",
                figures={"acceptance": figure},
                live_version=at_work.version if at_work else None,
                live_figures=None if live is None else {"acceptance": live},
            )
            return await service.keep(session, self.node.log, ACME, judged)

    async def states(self) -> dict[int, str]:
        async with self.node.database.reading() as session:
            models = await access.models_of(session, ACME, Kind.RANKING)
        return {model.version: model.state for model in models}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    settings = load((ServerSettings, DataSettings), {"RAPPORT_DATA_FOLDER": str(tmp_path)})
    async with open_node(settings) as node:
        async with node.database._write_engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with node.database.writing() as session:
            session.add(
                Company(
                    id="acme",
                    marker="acme",
                    name="Acme",
                    products={},
                    settings={},
                    created_at=clock.now(),
                )
            )
        yield Place(node, open_files(settings))


@pytest.mark.spec("CMP-208")
async def test_a_version_that_is_worse_than_the_one_at_work_does_not_replace_it(
    place: Place,
) -> None:
    await place.judged(0.40)
    await place.judged(0.39, live=0.40)
    assert await place.states() == {1: State.LIVE, 2: State.REJECTED}

    await place.judged(0.40, live=0.40)
    await place.judged(0.45, live=0.40)

    assert await place.states() == {
        1: State.RETIRED,
        2: State.REJECTED,
        3: State.RETIRED,
        4: State.LIVE,
    }


async def test_a_version_judged_against_one_that_works_no_more_waits(place: Place) -> None:
    await place.judged(0.40)
    second = await place.judged(0.50, live=0.40)
    async with place.node.database.writing() as session:
        again = await service.keep(
            session,
            place.node.log,
            ACME,
            service.Judged(
                Kind.RANKING, "models/late", 1, {}, "acceptance", {"acceptance": 0.9}, 1, None
            ),
        )

    assert (second.state, again.state) == (State.LIVE, State.REJECTED)


async def test_going_back_goes_to_the_next_older_one_each_time(place: Place) -> None:
    for figure in (0.1, 0.2, 0.3):
        await place.judged(figure, live=0.0)
    log = place.node.log
    worked = []
    for _ in range(2):
        async with place.node.database.writing() as session:
            worked.append((await service.roll_back(session, log, ADMIN, Kind.RANKING)).version)
    async with place.node.database.writing() as session:
        with pytest.raises(service.NotToBeDeployed):
            await service.roll_back(session, log, ADMIN, Kind.RANKING)

    assert worked == [2, 1]
    assert await place.states() == {1: State.LIVE, 2: State.RETIRED, 3: State.RETIRED}


async def test_only_the_newest_versions_are_kept_and_the_one_at_work(place: Place) -> None:
    await place.judged(0.9)
    for _ in range(4):
        await place.judged(0.1, live=0.9)
    async with place.node.database.writing() as session:
        gone = await service.surplus(session, ACME, Kind.RANKING, 2)

    assert len(gone) == 2
    assert await place.states() == {1: State.LIVE, 4: State.REJECTED, 5: State.REJECTED}


def ranker_bytes() -> bytes:
    chance = np.random.default_rng(1)
    conversations = [
        [
            Line(said.role, features_of(said.text), chance.random(384, np.float32))
            for said in talk.said
        ]
        for talk in transcripts(60)
    ]
    return written(train(conversations).ranker)


async def test_every_node_answers_with_the_version_at_work(place: Place) -> None:
    model = await place.judged(0.4)
    await place.files.put(ACME, model.storage_key, await asyncio.to_thread(ranker_bytes))
    scorers = LearntScorers(place.node.database, place.files, ComposeSettings())
    assert isinstance(scorers.of(ACME), Baseline)

    await scorers.ready(ACME)
    await scorers.ready(GLOBEX)

    first = scorers.of(ACME)
    assert first.version == "1"
    assert scorers.of(ACME) is first
    assert scorers.of(GLOBEX).version == ""

    second = await place.judged(0.5, live=0.4)
    await place.files.put(ACME, second.storage_key, b"not a model")
    for recorded in await place.node.tail.after(START, 100):
        scorers.observe(recorded)
    await scorers.ready(ACME)
    assert scorers.of(ACME) is first

    await place.files.put(ACME, second.storage_key, await place.files.get(ACME, model.storage_key))
    for recorded in await place.node.tail.after(START, 100):
        scorers.observe(recorded)
    await scorers.ready(ACME)
    assert scorers.of(ACME).version == "2"
    await scorers.close()


async def test_what_is_held_back_stays_so_and_only_a_companys_own_talks_are_learnt_from(
    place: Place,
) -> None:
    await keep(place.node.database, ACME, transcripts(50))
    await keep(place.node.database, GLOBEX, transcripts(5, seed=9))
    before = packed(transcripts(30, seed=2))
    await place.files.put(ACME, f"{corpus.HISTORY}/before-00000", before)
    settings = TrainingSettings(slice_conversations=10)
    found = await corpus.gather(place.node.database, place.files, ACME, "training/a", settings)
    again = await corpus.gather(place.node.database, place.files, ACME, "training/b", settings)

    async def ids(folder: str, name: str) -> list[str]:
        slices = await corpus.slices(place.files, ACME, folder, name)
        contents = [await place.files.get(ACME, f"{folder}/{each}") for each in slices]
        return [talk.id for content in contents for talk in unpacked(content)]

    learnt, held = await ids("training/a", corpus.LEARNT), await ids("training/a", corpus.HELD)
    assert found == again == 80 == len(learnt) + len(held)
    assert not set(learnt) & set(held)
    assert held
    assert all(corpus.is_held_back(each) for each in held)
    assert (await ids("training/b", corpus.LEARNT)) == learnt
    assert len(await corpus.slices(place.files, GLOBEX, "training/a", corpus.LEARNT)) == 0


class At:
    """A clock that stands still."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


class Noted(Jobs):
    """Notes what is to be trained instead of training it."""

    def __init__(self) -> None:
        super().__init__("sqlite://", [], None)
        self.started: list[tuple[str, str]] = []

    async def start(self, name: str, /, *, key: str, **arguments: Any) -> None:
        assert name == "compose.train"
        assert key.startswith(f"{arguments['company']}-{arguments['environment']}-")
        self.started.append((arguments["company"], arguments["environment"]))


async def test_every_week_companies_with_enough_to_learn_from_are_trained(place: Place) -> None:
    await keep(place.node.database, ACME, transcripts(12))
    await keep(place.node.database, GLOBEX, transcripts(9))
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)

    async def look(at: datetime) -> list[tuple[str, str]]:
        jobs = Noted()
        trainings = Trainings(jobs, TrainingSettings(least_conversations=10))
        timers = Timers(place.node.database, {LOOK: trainings.look})
        with clock.running_on(At(at)):
            await trainings.begin(place.node.database)
            assert await timers.run_due() == 1
            if jobs.started:
                await place.judged(0.5)
        return jobs.started

    hours = (0, 1, 24 * 6, 24 * 7 + 1, 24 * 8)
    weeks = [await look(now + timedelta(hours=each)) for each in hours]

    acme = [("acme", "production")]
    assert weeks == [acme, [], [], acme, []]
