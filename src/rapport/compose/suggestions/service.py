"""What to say next in a conversation."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import NamedTuple

import structlog

from rapport.compose.completions.service import Completions
from rapport.compose.settings import ComposeSettings
from rapport.compose.suggestions.candidates import Source
from rapport.compose.suggestions.inserts import Dictionary, facts_of
from rapport.compose.suggestions.library import Library, Lists, prospect_of
from rapport.compose.suggestions.pools import Pool
from rapport.compose.suggestions.prospects import LOOKED_AT
from rapport.compose.suggestions.scoring import Scorers
from rapport.compose.suggestions.sets import Offered, Shown, SuggestionSets
from rapport.compose.suggestions.shelf import Shelf
from rapport.compose.suggestions.talks import Ranking, Talk, Talks
from rapport.compose.switches import Switches
from rapport.conversations.directory import Known
from rapport.core import clock
from rapport.core.ids import new_id
from rapport.core.log import Recorded
from rapport.core.tasks import Tasks
from rapport.core.telemetry.metrics import Metrics
from rapport.engines.retrieval.lexical import words_of

COUNT = 3

# Under what a pool notes that it was told of unknown inserts; of so many each is named.
_TOLD = "unknown inserts told of"
_TOLD_OF = 10

logger = structlog.get_logger(__name__)
EVERYTHING = Switches()

# The time of day in a text is right for at least so long.
CLOCK_STEP = timedelta(minutes=5)


class Suggestion(NamedTuple):
    """A text to offer: as it would be sent, and with its inserts; where it comes from."""

    text: str
    template: str
    title: str
    source: Source
    id: str


class Suggested(NamedTuple):
    """A set of suggestions under the id by which later events name it.

    `phrase` is the whole text with a phrase that completes it, None where none is likely.
    """

    id: str
    suggestions: list[Suggestion]
    phrase: str | None


class Composer:
    """Suggests on this node: reads the conversation, ranks what may be said, fills it in.

    What was worked out for a conversation is remembered as long as nothing happens in it and in the
    company's lists: a keystroke asks no database and waits for no thread.
    """

    def __init__(
        self,
        shelf: Shelf,
        talks: Talks,
        scorers: Scorers,
        sets: SuggestionSets,
        completions: Completions,
        settings: ComposeSettings,
        metrics: Metrics,
    ) -> None:
        self._metrics = metrics
        self._shelf = shelf
        self._talks = talks
        self._scorers = scorers
        self._sets = sets
        self._completions = completions
        self._settings = settings
        self._thread = ThreadPoolExecutor(settings.search_threads, "compose")
        self._tasks = Tasks("compose-renewal")
        self._renewing = asyncio.Lock()

    async def close(self) -> None:
        """Rank no more."""
        await self._tasks.close()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def observe(self, recorded: Recorded) -> None:
        """Follow what happens in conversations and in the companies' lists on all nodes."""
        self._talks.observe(recorded)
        self._shelf.observe(recorded)
        self._completions.observe(recorded)

    def forget(self, conversation_id: str) -> None:
        """Read a conversation again, because its caller has just added to it."""
        self._talks.forget(conversation_id)

    async def suggest(self, known: Known, query: str, switches: Switches = EVERYTHING) -> Suggested:
        """Up to three texts for the agent's next message, likeliest first (CMP-018..020, CMP-024).

        None once more words are typed than a message that is still open has, and none where the
        company has switched suggestions off. A text with an insert
        that this conversation has no value for is left out (CMP-057), and so is what an agent has
        said here before. What is offered is recorded under the set's id. Raises Unavailable when
        more requests wait than the embedder may queue.
        """
        is_on = switches.suggests_while_typing if query else switches.suggests
        is_late = len(words_of(query)) > self._settings.suggest_until_words
        talk = await self._talk(known, query)
        found = []
        if is_on and not is_late:
            ranking, lists = await self._ranking_of(known, talk, query)
            found = _filled(ranking, lists, query)
        completes = switches.completes_phrases
        phrase = await self._completions.complete(known, query) if completes else None
        suggested = Suggested(new_id(), found, phrase)
        self._record(known, query, talk, suggested)
        return suggested

    async def _talk(self, known: Known, query: str) -> Talk:
        """The conversation: before anything is typed as it is, then as it was a moment ago."""
        talk = self._talks.known(known.id)
        if query and talk is not None and talk.heard.agent == known.agent_external_id:
            return talk
        if self._talks.is_unread(known.id):
            talk = await self._talks.read(known)
            await self._catch_up(known, talk.texts)
            return talk
        heads = await self._talks.heads(known)
        await self._catch_up(known, heads.texts)
        return await self._talks.read(known, heads.conversation)

    async def _catch_up(self, known: Known, head: int) -> None:
        library = self._shelf.ready(known.scope)
        if library is not None:
            await self._shelf.catch_up(library, head)

    async def _ranking_of(self, known: Known, talk: Talk, query: str) -> tuple[Ranking, Lists]:
        """What is likely said next, and the lists as they are now.

        Whoever is typing is answered from the ranking of a moment ago while it is ranked anew: what all
        agents share changes for all at once, and would have everybody wait in the middle of a word.
        """
        ranking = talk.ranking
        library = self._shelf.ready(known.scope) or await self._shelf.library(known.scope)
        agent = known.agent_external_id or ""
        desk = library.desks.get(agent) or await self._shelf.desk(library, agent)
        lists = Lists(desk, library.globals, library.common, self._scorers.of(known.scope))
        if ranking is None or not (query or ranking.holds(lists)):
            ranking = talk.ranking = await self._rank(known, talk, library, lists)
        elif not (talk.is_renewing or ranking.holds(lists)):
            talk.is_renewing = True
            self._tasks.begin(self._renew(known, talk, library, lists))
        return ranking, lists

    async def _renew(self, known: Known, talk: Talk, library: Library, lists: Lists) -> None:
        """Rank anew behind those who have to wait: one after the other."""
        try:
            async with self._renewing:
                talk.ranking = await self._rank(known, talk, library, lists)
        finally:
            talk.is_renewing = False

    async def _rank(self, known: Known, talk: Talk, library: Library, lists: Lists) -> Ranking:
        now = clock.now()
        for pool in (lists.globals, lists.desk.customs):
            self._tell_unknown(pool, talk.dictionary)
        facts = facts_of(known.customer_name, known.agent_name, talk.metadata, talk.dictionary, now)
        loop = asyncio.get_running_loop()
        prospect = await loop.run_in_executor(
            self._thread, prospect_of, library.answers, lists, talk.heard, facts
        )
        return Ranking(prospect, lists, facts, now + CLOCK_STEP)

    def _tell_unknown(self, pool: Pool, dictionary: Dictionary) -> None:
        """Say once of a list which of its responses can never be offered: an insert is unknown."""
        if pool.derived.get(_TOLD) == dictionary:
            return
        pool.derived[_TOLD] = dictionary
        unknown = [pool.candidates[row] for row in pool.unknown_to(dictionary)]
        if unknown:
            source = unknown[0].source.value
            self._metrics.compose_unknown_inserts_total.labels(source).inc(len(unknown))
            ids = [each.id for each in unknown[:_TOLD_OF]]
            logger.warning("unknown_inserts", source=source, count=len(unknown), responses=ids)

    def _record(self, known: Known, query: str, talk: Talk, suggested: Suggested) -> None:
        self._sets.record(
            Offered(
                id=suggested.id,
                scope=known.scope,
                conversation_id=known.id,
                agent=known.agent_external_id or "",
                typed_characters=len(query),
                shown=[
                    Shown(each.source.value, each.id, each.text, each.template)
                    for each in suggested.suggestions
                ],
                phrase=suggested.phrase and suggested.phrase[len(query) :],
                previous_message_id=talk.last_agent_message,
                model=talk.ranking.lists.scorer.version if talk.ranking else "",
                created_at=clock.now(),
            )
        )


def _filled(ranking: Ranking, lists: Lists, query: str) -> list[Suggestion]:
    """The likeliest texts, filled in; none that was taken back since they were ranked (CMP-043, CMP-048)."""
    offers = ranking.prospect.suggest(query, COUNT)
    if not all(lists.offer(each.candidate) for each in offers):
        others = ranking.prospect.suggest(query, LOOKED_AT)
        offers = [each for each in others if lists.offer(each.candidate)][:COUNT]
    found = []
    for candidate, template in offers:
        text = template.fill(ranking.facts)
        if text is not None:
            found.append(
                Suggestion(text, candidate.text, candidate.title, candidate.source, candidate.id)
            )
    return found
