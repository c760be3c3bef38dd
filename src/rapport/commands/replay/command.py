"""The command: reads the file, plays it, shows progress, prints what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import httpx
import msgspec
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from rapport.commands.replay.corpus import Recording, recordings
from rapport.commands.replay.ledger import Ledger, Report
from rapport.commands.replay.own_server import own_server
from rapport.commands.replay.parties import Credentials, Stage, agents_at_work, supervisor_watching
from rapport.commands.replay.play import Pace, play_by_api, play_on_the_web
from rapport.commands.runtime import answer, console, fail

# After the last message, so long is waited for stragglers before they count as lost.
STRAGGLER_SECONDS = 30.0


def replay(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Conversations, JSON lines.")
    ],
    server: Annotated[
        list[str] | None,
        typer.Option(help="Server to play on, repeated for nodes; else one is started."),
    ] = None,
    credentials: Annotated[
        Path, typer.Option(help="Organization, API key and sign-ins (as the demo keeps them).")
    ] = Path("var/demo/demo.json"),
    conversations: Annotated[int | None, typer.Option(min=1, help="Play only the first N.")] = None,
    concurrency: Annotated[int, typer.Option(min=1, help="Conversations at a time.")] = 32,
    rate: Annotated[
        float | None, typer.Option(min=0.1, help="Messages a second; else all speed.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="End with one JSON line on stdout.")] = False,
) -> None:
    """Play recorded conversations through a running installation and say what became of them.

    Every other conversation is held by a customer on the web and an agent at the desk, the others come
    from an integrator over the HTTP API while a supervisor watches. Ends with 1 when a message was
    lost, duplicated or reordered. Without --server a demo is started in a folder of its own.
    """
    played = _recordings(file, conversations)
    try:
        if not server:
            with own_server() as (address, known):
                report = asyncio.run(_play_all([address], known, played, concurrency, rate))
        else:
            report = asyncio.run(_play_all(server, _read(credentials), played, concurrency, rate))
    except httpx.TransportError:
        fail("The server cannot be reached.")
    except httpx.HTTPStatusError as error:
        fail(
            f"{error.request.url} answered {error.response.status_code}: {error.response.text[:300]}"
        )
    _tell(report, json)
    if report.lost or report.duplicated or report.reordered:
        raise typer.Exit(1)


def _recordings(file: Path, limit: int | None) -> list[Recording]:
    try:
        return list(recordings(file, limit))
    except msgspec.DecodeError as error:
        fail(f"{file} holds a line that is no conversation: {error}")


def _read(path: Path) -> Credentials:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Credentials)
    except (OSError, msgspec.DecodeError) as error:
        fail(f"Cannot read the credentials in {path} ({error}); name them with --credentials.")


async def _play_all(
    addresses: list[str],
    credentials: Credentials,
    played: list[Recording],
    concurrency: int,
    rate: float | None,
) -> Report:
    ledger = Ledger()
    stage = Stage(addresses, credentials, ledger)
    pace = Pace(rate)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(stage.api())
        await stack.enter_async_context(supervisor_watching(stage))
        await stack.enter_async_context(agents_at_work(stage))
        progress = stack.enter_context(Progress(*columns, console=console, transient=True))
        task = progress.add_task("conversations", total=len(played))
        queue: Iterator[tuple[int, Recording]] = iter(enumerate(played))

        async def work() -> None:
            for number, recording in queue:
                if number % 2:
                    await play_by_api(stage, api, pace, recording)
                else:
                    await play_on_the_web(stage, pace, recording)
                progress.advance(task)

        async with asyncio.TaskGroup() as group:
            for _ in range(concurrency):
                group.create_task(work())
        await _stragglers(ledger)
        return ledger.report()


async def _stragglers(ledger: Ledger) -> None:
    waited = 0.0
    while ledger.missing and waited < STRAGGLER_SECONDS:
        await asyncio.sleep(0.1)
        waited += 0.1


def _tell(report: Report, json: bool) -> None:
    if json:
        answer(report)
        return
    table = Table(show_header=False, box=None, padding=(0, 2))
    for name, value in msgspec.structs.asdict(report).items():
        table.add_row(name.replace("_", " "), str(value))
    console.print(table)
