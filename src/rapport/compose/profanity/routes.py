"""Profanity for clients that are about to send, and its list for the console."""

from __future__ import annotations

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from rapport.compose.access import WRITERS
from rapport.compose.profanity import access, service
from rapport.compose.profanity.board import Blocklists
from rapport.compose.profanity.schemas import (
    Match,
    NewTerm,
    ProfanityRequest,
    ProfanityResult,
    TermList,
    TermView,
    Trial,
    TrialResult,
    term_view,
)
from rapport.core.bus import Bus
from rapport.core.database import ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission
from rapport.core.log import Log


class ProfanityController(Controller):
    """The check before sending."""

    path = "/autocompose/v1/profanity/evaluation"
    guards = (WRITERS,)
    tags = ("AutoCompose",)

    @post(status_code=200, operation_id="getEvaluation", responses=refusals())
    async def evaluate(
        self,
        data: JSONBody[ProfanityRequest],
        blocklists: NamedDependency[Blocklists],
        caller: NamedDependency[Caller],
    ) -> ProfanityResult:
        """Tell whether a text has a term of the company's blocklist (3.4)."""
        return ProfanityResult(await blocklists.has_profanity(caller.scope, data.text))


class BlocklistController(Controller):
    """The company's own terms; they hold in both environments."""

    path = "/console/v1/compose/blocklist"
    guards = (requires(Permission.MANAGE_CONFIGURATION),)
    tags = ("Console",)

    @get(responses=refusals(401, 403))
    async def list_terms(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> TermList:
        """List the company's own terms."""
        terms = await access.terms_of(reading, caller.scope.company_id)
        return TermList([term_view(term) for term in terms])

    @post(responses=refusals(400, 401, 403, 409))
    async def add(
        self,
        data: JSONBody[NewTerm],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        bus: NamedDependency[Bus],
        caller: NamedDependency[Caller],
    ) -> TermView:
        """Block a word or phrase, or allow one that the built-in list has (CMP-086)."""
        added = await service.add(session, log, bus, caller, term=data.term, blocked=data.blocked)
        return term_view(added)

    @delete("/{term_id:str}", responses=refusals(401, 403, 404))
    async def remove(
        self,
        term_id: FromPath[str],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        bus: NamedDependency[Bus],
        caller: NamedDependency[Caller],
    ) -> None:
        """Take a term off the list."""
        await service.remove(session, log, bus, caller, term_id)

    @post("/test", status_code=200, responses=refusals(400, 401, 403))
    async def test(
        self,
        data: JSONBody[Trial],
        blocklists: NamedDependency[Blocklists],
        caller: NamedDependency[Caller],
    ) -> TrialResult:
        """Try the list on a text; nothing is kept."""
        found = (await blocklists.finder(caller.scope)).places(data.text)
        return TrialResult(bool(found), [Match(*place) for place in found])
