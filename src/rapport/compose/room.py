"""Suggestions on a node, opened and closed together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

from rapport.compose.bootstrap.jobs import proposal_reader, propose_responses
from rapport.compose.completions.service import Completions
from rapport.compose.fluency import Fluency
from rapport.compose.fluency.settings import FluencySettings
from rapport.compose.globals.imports import embed_responses, import_reader
from rapport.compose.globals.readers import response_usage_reader
from rapport.compose.greetings import Greeter
from rapport.compose.profanity import Blocklists
from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.learnt import LearntScorers
from rapport.compose.suggestions.replies import Learner
from rapport.compose.suggestions.service import Composer
from rapport.compose.suggestions.sets import SuggestionSets
from rapport.compose.suggestions.shelf import Shelf
from rapport.compose.suggestions.talks import Talks
from rapport.compose.switches import SwitchBoard
from rapport.compose.training.jobs import train_models
from rapport.compose.training.labour import Labour, OwnProcess
from rapport.compose.training.schedule import Trainings
from rapport.compose.training.settings import TrainingSettings
from rapport.compose.usage.readers import usage_reader
from rapport.conversations.directory import Directory
from rapport.conversations.redaction import Redaction
from rapport.core.database import Database
from rapport.core.jobs import Jobs, jobs_url
from rapport.core.log import Log, Recorded
from rapport.core.node import Node
from rapport.core.readers import AnyReader
from rapport.core.storage import Files, open_files
from rapport.engines.embedding import Embedder
from rapport.engines.embedding import Settings as EmbeddingSettings


class Compose(NamedTuple):
    """What the application takes from this room: who suggests, what follows the log, what reads it.

    `observers` must hear every event of all nodes; the readers run once for all nodes.
    """

    composer: Composer
    sets: SuggestionSets
    learner: Learner
    switches: SwitchBoard
    greeter: Greeter
    fluency: Fluency
    blocklists: Blocklists
    observers: Sequence[Callable[[Recorded], None]]
    readers: Sequence[AnyReader]
    embedder: Embedder
    trainings: Trainings


class Services(NamedTuple):
    """What the steps of this room's jobs work with, see `Importing` and `Training`."""

    database: Database
    log: Log
    embedder: Embedder
    files: Files
    settings: TrainingSettings
    labour: Labour
    report: Callable[[float], None] = lambda _share: None


@asynccontextmanager
async def open_compose(
    node: Node, directory: Directory, redaction: Redaction
) -> AsyncIterator[Compose]:
    """Start embedding, learning and suggesting; the model is loaded by the first request."""
    settings = node.settings[ComposeSettings]
    async with (
        Embedder(node.settings[EmbeddingSettings]) as embedder,
        _open_jobs(node, embedder) as jobs,
    ):
        shelf = Shelf(node.database, node.tail, settings)
        talks = Talks(node.database, embedder, settings)
        sets = SuggestionSets(node.database, settings)
        completions = Completions(node.database, open_files(node.settings), settings)
        scorers = LearntScorers(node.database, open_files(node.settings), settings)
        composer = Composer(shelf, talks, scorers, sets, completions, settings, node.metrics)
        learner = Learner(node.database, node.log, directory, embedder, settings)
        switches = SwitchBoard(node.database, node.bus)
        greeter = Greeter(node.database, node.bus, switches, redaction)
        fluency = Fluency(node.database, redaction, node.settings[FluencySettings])
        blocklists = Blocklists(node.database, node.bus)
        heard = (composer, scorers, switches, greeter, fluency.vocabulary, blocklists)
        observers = [each.observe for each in heard]
        readers: list[AnyReader] = [
            *learner.readers,
            import_reader(jobs),
            usage_reader(),
            response_usage_reader(),
            proposal_reader(jobs),
        ]
        await learner.start()
        sets.start()
        fluency.start()
        try:
            trainings = Trainings(jobs, node.settings[TrainingSettings])
            yield Compose(
                composer,
                sets,
                learner,
                switches,
                greeter,
                fluency,
                blocklists,
                observers,
                readers,
                embedder,
                trainings,
            )
        finally:
            await fluency.close()
            await learner.close()
            await sets.close()
            await completions.close()
            await talks.close()
            await shelf.close()
            await composer.close()
            await scorers.close()


@asynccontextmanager
async def _open_jobs(node: Node, embedder: Embedder) -> AsyncIterator[Jobs]:
    labour = OwnProcess(node.settings[TrainingSettings])
    services = Services(
        node.database,
        node.log,
        embedder,
        open_files(node.settings),
        node.settings[TrainingSettings],
        labour,
    )
    known = [embed_responses, train_models, propose_responses]
    jobs = Jobs(jobs_url(node.settings), known, services, node.metrics)
    await jobs.open()
    try:
        yield jobs
    finally:
        await jobs.close()
        await labour.close()
