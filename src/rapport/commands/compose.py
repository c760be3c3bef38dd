"""`rapport compose`: training a company's models by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from rapport.accounts.companies.access import company_by_marker
from rapport.commands.installation import AsJson, run, tell_table
from rapport.commands.runtime import console, fail
from rapport.commands.transcripts import keep_file, told
from rapport.compose.training import access
from rapport.compose.training.jobs import Training, carry_out, side_by_side
from rapport.compose.training.labour import Labour, OwnProcess
from rapport.compose.training.ray import LOCAL, RayCluster
from rapport.compose.training.registry import TRAINERS
from rapport.compose.training.schemas import ModelView, model_view
from rapport.compose.training.settings import TrainingSettings
from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.node import Node
from rapport.core.storage import open_files

app = typer.Typer(help="Compose: train what suggests.", no_args_is_help=True)

Step = Callable[..., Awaitable[Any]]


@app.callback()
def _group() -> None:
    """Keep `train` a command of its own."""


class Engine(StrEnum):
    """Where models are trained."""

    LOCAL = "local"
    RAY = "ray"


class _AtOnce:
    """Runs a plan in this process: what a step made before an interruption is found, not made anew.

    No more steps run side by side than its labour can serve, so that no more is held in memory.
    """

    key = "command"

    def __init__(self, services: Training, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("training", total=None)
        self._done = 0
        # How far each step is that is at work now.
        self._within: dict[str, float] = {}
        self._services = services
        self._places = asyncio.Semaphore(services.labour.at_once)

    async def step(self, step: str, work: Step, *arguments: Any) -> Any:
        async with self._places:
            self._bar.update(self._task, description=step)
            report = partial(self._report, step)
            try:
                return await work(self._services._replace(report=report), *arguments)
            finally:
                self._within.pop(step, None)

    async def progress(self, done: int, total: int) -> None:
        self._done = done
        self._bar.update(self._task, total=total)
        self._show()

    def _report(self, step: str, share: float) -> None:
        self._within[step] = share
        self._show()

    def _show(self) -> None:
        self._bar.update(self._task, completed=self._done + sum(self._within.values()))


@app.command()
def train(
    company: Annotated[str, typer.Option(help="The company's marker, such as acme.")],
    environment: Annotated[
        Environment, typer.Option("--environment", "-e", help="Which of the two.")
    ] = Environment.PRODUCTION,
    history: Annotated[
        Path | None,
        typer.Option(
            "--import",
            exists=True,
            dir_okay=False,
            help="Transcripts to learn from as well, now and later: .jsonl, or .csv as documented.",
        ),
    ] = None,
    engine: Annotated[
        Engine, typer.Option(help="Where: in a process beside this one, or on a Ray cluster.")
    ] = Engine.LOCAL,
    ray_address: Annotated[
        str,
        typer.Option(
            envvar="RAY_ADDRESS",
            help="The cluster: host:port, `auto` on one of its machines, `local` for this machine.",
        ),
    ] = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Train the company's models now and put those to work that are not worse than before.

    An interrupted training goes on where it was when the command is given again. A server that runs
    meanwhile goes on serving and takes the new models over by itself.
    """

    async def use_case(node: Node) -> list[ModelView]:
        async with node.database.reading() as session:
            found = await company_by_marker(session, company)
        scope = Scope(CompanyId(found.id), environment)
        settings = node.settings[TrainingSettings]
        labour = _labour(engine, ray_address, settings)
        services = Training(node.database, node.log, open_files(node.settings), settings, labour)
        if history is not None:
            for line in told(await keep_file(node, scope, history)):
                console.print(line)
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as bar:
            kinds = [kind.value for kind in TRAINERS]
            try:
                made = await carry_out(
                    _AtOnce(services, bar), found.id, environment.value, kinds, side_by_side
                )
            finally:
                await labour.close()
        async with node.database.reading() as session:
            kept = await access.models_of(session, scope)
        return [model_view(model) for model in kept if model.id in made]

    made = run(use_case)
    if not made:
        fail("There are too few conversations in which an agent spoke to learn from.")
    columns = ("kind", "version", "state", "figure", "value", "before", "conversations", "seconds")
    tell_table(made, as_json, columns, [_row(model) for model in made])


def _labour(engine: Engine, ray_address: str, settings: TrainingSettings) -> Labour:
    if engine is Engine.RAY:
        return RayCluster(ray_address, settings.threads)
    return OwnProcess(settings)


def _row(model: ModelView) -> tuple[str, ...]:
    measure = model.metrics["measure"]
    live = model.metrics.get("live", {}).get(measure)
    return (
        model.kind,
        str(model.version),
        model.state,
        measure,
        f"{model.metrics[measure]:.3f}",
        "" if live is None else f"{live:.3f}",
        str(model.trained_on.get("conversations", "")),
        str(model.trained_on.get("trainSeconds", "")),
    )
