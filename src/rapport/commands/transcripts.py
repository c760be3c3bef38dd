"""`rapport compose import` and `propose`: a first global list from conversations of before."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from rapport.accounts import operator
from rapport.accounts.companies.access import company_by_marker
from rapport.commands.installation import AsJson, run, tell, tell_table
from rapport.commands.runtime import console
from rapport.compose.bootstrap import service
from rapport.compose.bootstrap.history import Imported, import_file
from rapport.compose.bootstrap.jobs import Work, work_out
from rapport.compose.bootstrap.proposing import Proposed
from rapport.configuration import PolicyRedactors
from rapport.core.identity import Environment, Scope
from rapport.core.node import Node
from rapport.core.storage import open_files
from rapport.engines.embedding import Embedder

# Problems shown to people; `--json` has more.
SHOWN = 20

Company = Annotated[str, typer.Option(help="The company's marker, such as acme.")]
InEnvironment = Annotated[
    Environment, typer.Option("--environment", "-e", help="Which of the two.")
]


def import_transcripts(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="CSV as documented, or JSON Lines."),
    ],
    company: Company,
    environment: InEnvironment = Environment.PRODUCTION,
    as_json: AsJson = False,
) -> None:
    """Keep conversations of another system, redacted, for training and proposals.

    Give the same file again after an interruption: nothing is kept twice. Rows that cannot be used
    are left out and named.
    """

    async def use_case(node: Node) -> Imported:
        async with node.database.reading() as session:
            found = await company_by_marker(session, company)
        return await keep_file(node, operator(found.id, environment).scope, file)

    made = run(use_case)
    tell(made._asdict(), as_json, *told(made))
    if not made.conversations:
        raise typer.Exit(1)


async def keep_file(node: Node, scope: Scope, file: Path) -> Imported:
    """Keep a file's conversations, with a bar that shows how far it is."""
    redactor = await PolicyRedactors(node.database, node.bus).stored(scope)
    size = (await asyncio.to_thread(file.stat)).st_size
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as bar:
        task = bar.add_task("reading and redacting", total=size)
        files = open_files(node.settings)
        return await import_file(
            files, scope, redactor, file, lambda place: bar.update(task, completed=place)
        )


def told(made: Imported) -> list[str]:
    """What people read of an import: how much is kept, and which rows are not."""
    lines = [f"{made.conversations} conversations with {made.messages} messages are kept"]
    if made.unusable:
        lines.append(f"{made.unusable} rows were left out:")
        lines += [f"line {line}: {why}" for line, why in made.problems[:SHOWN]]
    if made.unusable > SHOWN:
        lines.append(f"and {made.unusable - SHOWN} more")
    return lines


class _Made(Struct, rename="camel"):
    proposal: str
    responses: list[Proposed]


def propose(
    company: Company,
    environment: InEnvironment = Environment.PRODUCTION,
    source: Annotated[str, typer.Option(help="imported, conversations, or all of both.")] = "all",
    as_json: AsJson = False,
) -> None:
    """Propose responses from what agents say often; the console shows them, for the draft.

    No list changes by this: an administrator takes what is good, saves and deploys it.
    """

    async def use_case(node: Node) -> _Made:
        async with node.database.reading() as session:
            found = await company_by_marker(session, company)
        caller = operator(found.id, environment)
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("proposing", total=1.0)
            async with Embedder() as embedder:
                work = Work(node.database, open_files(node.settings), embedder)
                gathered, responses = await work_out(
                    work, caller.scope, source, lambda done: bar.update(task, completed=done)
                )
            bar.update(task, completed=1.0)
        async with node.database.writing() as session:
            proposal = service.made(
                session, caller, source, responses, gathered.conversations, len(gathered.messages)
            )
        return _Made(proposal.id, responses)

    made = run(use_case)
    columns = ("conversations", "covered", "folder", "text")
    tell_table(made, as_json, columns, [_row(each) for each in made.responses])


def _row(each: Proposed) -> tuple[str, ...]:
    return str(each.conversations), f"{each.coverage:.1%}", each.folder, each.text
