"""The finders of companies, ready on every node before a text has to be judged."""

from __future__ import annotations

import asyncio

from rapport.accounts.authentication.recent import Recent
from rapport.compose.profanity import access
from rapport.compose.profanity.events import BlocklistChanged
from rapport.core.bus import Bus
from rapport.core.database import Database, WriteSession
from rapport.core.identity import Scope
from rapport.core.ids import CompanyId
from rapport.core.log import Recorded
from rapport.engines.profanity import Finder

# The bus channel that tells nodes whose blocklist has changed.
CHANNEL = "composer.blocklist"
# A node that missed both the message and the event asks again after this long.
KEPT_SECONDS = 20.0
# A longer text is judged beside the event loop.
AT_ONCE = 500


def announce(session: WriteSession, bus: Bus, scope: Scope) -> None:
    """Tell every node, once the session's transaction is durable, to forget a company's finder."""
    payload = scope.company_id.encode()
    session.after_commit(lambda: bus.publish(CHANNEL, payload))


class Blocklists:
    """Judges texts by the blocklist of their company; follows what any node changes."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._recent = Recent(
            self._load, keep_seconds=KEPT_SECONDS, keep_unknown_seconds=KEPT_SECONDS
        )
        bus.subscribe(CHANNEL, lambda payload: self._recent.forget(payload.decode()))

    async def has_profanity(self, scope: Scope, text: str) -> bool:
        """Whether a text has a term of the blocklist, however it is written (CMP-080..083)."""
        finder = await self.finder(scope)
        if len(text) > AT_ONCE:
            return await asyncio.to_thread(finder.has, text)
        return finder.has(text)

    async def finder(self, scope: Scope) -> Finder:
        """Return what finds a company's terms."""
        finder = await self._recent.get(scope.company_id)
        assert finder is not None
        return finder

    def observe(self, recorded: Recorded) -> None:
        """Forget a company's finder when the log says that its terms have changed."""
        if recorded.is_a(BlocklistChanged):
            self._recent.forget(recorded.scope.company_id)

    async def _load(self, key: str) -> Finder:
        async with self._database.reading() as session:
            terms = await access.terms_of(session, CompanyId(key))
        return Finder(
            [each.term for each in terms if each.blocked],
            [each.term for each in terms if not each.blocked],
        )
