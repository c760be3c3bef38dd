"""Training as a durable job, in steps that each keep what they made (CMP-207)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeAlias

from rapport.compose.training import corpus, service
from rapport.compose.training.access import live_blob
from rapport.compose.training.corpus import HELD, LEARNT
from rapport.compose.training.labour import Labour
from rapport.compose.training.process import (
    Answer,
    Evaluate,
    Figures,
    Model,
    Order,
    Prepare,
    Prepared,
    Train,
)
from rapport.compose.training.registry import TRAINERS
from rapport.compose.training.settings import TrainingSettings
from rapport.compose.training.trainers import Kind
from rapport.core.database import Database
from rapport.core.errors import RapportError
from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId, new_id
from rapport.core.jobs import job
from rapport.core.log import Log
from rapport.core.storage import Files

# Of the time a kind takes: preparing is shared out over its slices, then come these.
FIT_PARTS = 3
JUDGE_PARTS = 1
# Written when the conversations are complete.
GATHERED = "gathered"


class NewModelUseless(RapportError):
    """What was just trained cannot be loaded. Facts: `kind`."""

    sentence = "The new {kind} model cannot be used"


class Training(NamedTuple):
    """What the steps of training work with."""

    database: Database
    log: Log
    files: Files
    settings: TrainingSettings
    labour: Labour
    # Told how much of a step is done, 0 to 1.
    report: Callable[[float], None] = lambda _share: None


class Runner(Protocol):
    """What the plan needs of whoever runs it: the job of a node, or the command."""

    key: str

    async def step(self, step: str, work: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
        """Do a step and return what it returned."""
        ...

    async def progress(self, done: int, total: int) -> None:
        """Tell how much is done."""
        ...


Every: TypeAlias = Callable[[Sequence[Callable[[], Awaitable[Any]]]], Awaitable[list[Any]]]


class _Done:
    """Counts the parts that are done, in whatever order they end."""

    def __init__(self, run: Runner, total: int) -> None:
        self._run = run
        self._total = total
        self._parts = 0

    async def add(self, parts: int) -> None:
        self._parts += parts
        await self._run.progress(self._parts, self._total)


async def plan(run: Runner, company: str, environment: str, kinds: list[str]) -> list[Any]:
    """Gather, then prepare, train and judge a model of each kind; returns the new versions' ids.

    None when there are too few conversations to learn from.
    """
    return await carry_out(run, company, environment, kinds, one_by_one)


async def carry_out(
    run: Runner, company: str, environment: str, kinds: list[str], every: Every
) -> list[Any]:
    """Follow the plan, with `every` telling what is done side by side: slices, and kinds.

    A durable job needs the same order each time; others have a choice.
    """
    folder = f"training/run-{run.key}"
    place = [company, environment, folder]
    learnt, held = await run.step("gather", gather, *place)
    if not learnt or not held:
        return []
    slices = [*learnt, *held]
    done = _Done(run, (len(slices) + FIT_PARTS + JUDGE_PARTS) * len(kinds))

    async def prepared(kind: str, name: str) -> None:
        await run.step(f"{kind} prepare {name}", prepare, *place, kind, name)
        await done.add(1)

    async def made(kind: str) -> Any:
        await every([partial(prepared, kind, name) for name in slices])
        trained = await run.step(f"{kind} train", train, *place, kind, learnt)
        await done.add(FIT_PARTS)
        model_id = await run.step(f"{kind} judge", judge, *place, kind, held, trained)
        await done.add(JUDGE_PARTS)
        return model_id

    await done.add(0)
    models = await every([partial(made, kind) for kind in kinds])
    await run.step("tidy", tidy, *place)
    return models


async def one_by_one(works: Sequence[Callable[[], Awaitable[Any]]]) -> list[Any]:
    """Do each when the one before is done; returns what they returned."""
    return [await work() for work in works]


async def side_by_side(works: Sequence[Callable[[], Awaitable[Any]]]) -> list[Any]:
    """Do all at once; the first that fails, or a caller that is cancelled, ends the others."""
    tasks = [asyncio.ensure_future(work()) for work in works]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


train_models = job("compose.train")(plan)


async def gather(
    services: Training, company: str, environment: str, folder: str
) -> tuple[list[str], list[str]]:
    """Write down what is learnt from and what is held back, once; returns the slices' names.

    No names when there are too few conversations.
    """
    scope = _scope(company, environment)
    if not await _is_made(services, scope, folder, GATHERED):
        found = await corpus.gather(
            services.database, services.files, scope, folder, services.settings
        )
        if found < services.settings.least_conversations:
            return [], []
        await services.files.put(scope, f"{folder}/{GATHERED}", b"")
    return (
        await corpus.slices(services.files, scope, folder, LEARNT),
        await corpus.slices(services.files, scope, folder, HELD),
    )


async def prepare(
    services: Training, company: str, environment: str, folder: str, kind: str, name: str
) -> None:
    """Do the costly part for one slice, unless that was done."""
    scope = _scope(company, environment)
    made = f"{kind}-{name}"
    if await _is_made(services, scope, folder, made):
        return
    talks = await services.files.get(scope, f"{folder}/{name}")
    answer = await _have(services, Prepare(Kind(kind), talks))
    assert isinstance(answer, Prepared)
    await services.files.put(scope, f"{folder}/{made}", answer.content)


async def train(
    services: Training,
    company: str,
    environment: str,
    folder: str,
    kind: str,
    names: list[str],
) -> dict[str, Any]:
    """Make the model and store it; returns its key, its size and what it learnt from."""
    scope = _scope(company, environment)
    talks, prepared = await _slices(services, scope, folder, kind, names)
    began = time.monotonic()
    answer = await _have(services, Train(Kind(kind), talks, prepared))
    assert isinstance(answer, Model)
    key = f"models/{kind}-{new_id()}"
    await services.files.put(scope, key, answer.blob)
    trained_on = {**answer.counts, "trainSeconds": round(time.monotonic() - began, 1)}
    return {"key": key, "bytes": len(answer.blob), "trained_on": trained_on}


async def judge(
    services: Training,
    company: str,
    environment: str,
    folder: str,
    kind: str,
    names: list[str],
    trained: dict[str, Any],
) -> str:
    """Compare the new version with the one at work, and let it work if it is not worse (CMP-208)."""
    scope = _scope(company, environment)
    talks, prepared = await _slices(services, scope, folder, kind, names)
    blobs = [await services.files.get(scope, trained["key"])]
    live = await live_blob(services.database, services.files, scope, Kind(kind))
    if live is not None:
        blobs.append(live.blob)
    answer = await _have(services, Evaluate(Kind(kind), blobs, talks, prepared))
    assert isinstance(answer, Figures)
    figures, *others = answer.of_each
    if figures is None:
        raise NewModelUseless(kind=kind)
    judged = service.Judged(
        kind=Kind(kind),
        storage_key=trained["key"],
        size_bytes=trained["bytes"],
        trained_on=trained["trained_on"],
        measure=TRAINERS[Kind(kind)].measure,
        figures=figures,
        live_version=live.version if live else None,
        live_figures=others[0] if others else None,
    )
    async with services.database.writing() as session:
        model = await service.keep(session, services.log, scope, judged)
        return model.id


async def tidy(services: Training, company: str, environment: str, folder: str) -> None:
    """Free what was used and remove what was made on the way, and versions beyond those that are kept."""
    await services.labour.rest()
    scope = _scope(company, environment)
    for file in await services.files.list(scope, folder):
        await services.files.delete(scope, file.key)
    keeping = services.settings.keep_versions
    for kind in Kind:
        async with services.database.writing() as session:
            gone = await service.surplus(session, scope, kind, keeping)
        for key in gone:
            await services.files.delete(scope, key)


async def _is_made(services: Training, scope: Scope, folder: str, name: str) -> bool:
    made = await services.files.list(scope, folder)
    return f"{folder}/{name}" in {file.key for file in made}


async def _slices(
    services: Training, scope: Scope, folder: str, kind: str, names: list[str]
) -> tuple[list[bytes], list[bytes]]:
    files = services.files
    talks = [await files.get(scope, f"{folder}/{name}") for name in names]
    prepared = [await files.get(scope, f"{folder}/{kind}-{name}") for name in names]
    return talks, prepared


async def _have(services: Training, order: Order) -> Answer:
    return await services.labour.have(order, services.report)


def _scope(company: str, environment: str) -> Scope:
    return Scope(CompanyId(company), Environment(environment))
