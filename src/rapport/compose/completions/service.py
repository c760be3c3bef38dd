"""The phrase that goes on after what an agent has typed."""

from __future__ import annotations

from rapport.compose.completions.shelf import PhraseShelf
from rapport.compose.completions.texts import values_in
from rapport.compose.settings import ComposeSettings
from rapport.conversations.directory import Known
from rapport.core.database import Database
from rapport.core.log import Recorded
from rapport.core.storage import Files
from rapport.engines.completion import Rules


class Completions:
    """Completes phrases on this node; `observe` must hear every event of all nodes."""

    def __init__(self, database: Database, files: Files, settings: ComposeSettings) -> None:
        self._shelf = PhraseShelf(database, files, settings)
        self._rules = Rules(settings.completion_words, settings.completion_confidence)

    def observe(self, recorded: Recorded) -> None:
        """Follow what any node changes."""
        self._shelf.observe(recorded)

    async def complete(self, known: Known, query: str) -> str | None:
        """The whole text, as typed and completed; None where no phrase is likely (CMP-021, CMP-061..064).

        What was typed is never altered.
        """
        agent = known.agent_external_id
        if agent is None or len(query.split()) < self._rules.words:
            self._shelf.prepare(known.scope)
            return None
        completer = await self._shelf.completer(known.scope, agent)
        phrase = completer.complete(query, values_in(known), self._rules)
        return None if phrase is None else query + phrase.text

    async def close(self) -> None:
        """Stop following."""
        await self._shelf.close()
