"""`/desk/v1`: the desk of agents and the lists of supervisors (docs/protocol.md)."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, Parameter, QueryParameter

from rapport.accounts.fields import Limit
from rapport.accounts.people.access import person_of
from rapport.conversations import access
from rapport.conversations.directory import Directory
from rapport.conversations.redaction import Redaction
from rapport.core.database import ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission, actor_of
from rapport.core.log import Log
from rapport.core.log.tail import Tail
from rapport.desk import service, shapes, summaries
from rapport.desk.schemas import (
    Detail,
    EndRequest,
    Inbox,
    Status,
    StatusAnswer,
    StatusRequest,
    Summary,
    SummaryPage,
    Team,
)
from rapport.routing import agents
from rapport.routing.assignments import desks

Search = Annotated[
    str | None, QueryParameter(max_length=200, description="Words in customer or last message")
]
SERVES = [requires(Permission.SERVE_CONVERSATIONS)]
WATCHES = [requires(Permission.WATCH_CONVERSATIONS)]
BOTH = [requires(Permission.SERVE_CONVERSATIONS, Permission.WATCH_CONVERSATIONS)]


class DeskController(Controller):
    """What agents and supervisors see and do."""

    path = "/desk/v1"
    tags = ("Desk",)

    @get("/inbox", guards=SERVES, responses=refusals(401, 403))
    async def inbox(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> Inbox:
        """Show an agent's status, slots and conversations."""
        cursor = await agents.cursor_of(reading, caller.scope, caller.id)
        person = await person_of(reading, caller, caller.id)
        found = await summaries.own(reading, caller.scope, caller.id)
        return Inbox(
            status=cast("Status", await agents.status_of(reading, caller.scope, caller.id)),
            slots=person.slots,
            conversations=[shapes.summary(each) for each in found],
            cursor=cursor,
        )

    @post("/status", status_code=200, guards=SERVES, responses=refusals(400, 401, 403))
    async def set_status(
        self,
        data: JSONBody[StatusRequest],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        caller: NamedDependency[Caller],
    ) -> StatusAnswer:
        """Take new conversations from now on, or none; those at hand stay."""
        actor = actor_of(caller)
        await agents.set_status(session, log, caller.scope, caller.id, data.status, actor)
        return StatusAnswer(data.status)

    @get("/conversations", guards=WATCHES, responses=refusals(400, 401, 403))
    async def conversations(
        self,
        reading: NamedDependency[ReadSession],
        tail: NamedDependency[Tail],
        caller: NamedDependency[Caller],
        # `state` alone is the framework's own name.
        which: Annotated[Literal["live", "ended"], Parameter(query="state")] = "live",
        q: Search = None,
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
    ) -> SummaryPage:
        """List conversations, latest first; `q` looks into customer and last message."""
        wanted = summaries.Wanted(which == "live", q, limit, cursor)
        position = await tail.current(reading)
        found, following = await summaries.page(reading, caller.scope, wanted)
        return SummaryPage([shapes.summary(each) for each in found], following, position.cursor())

    @get("/conversations/{conversation_id:str}", guards=BOTH, responses=refusals(401, 403, 404))
    async def conversation(
        self,
        conversation_id: FromPath[str],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
    ) -> Detail:
        """Show a conversation with its metadata and notes."""
        await access.conversation(reading, caller, conversation_id)
        notes = await summaries.notes_of(reading, conversation_id)
        return shapes.detail(await summaries.one(reading, caller.scope, conversation_id), notes)

    @post(
        "/conversations/{conversation_id:str}/end",
        status_code=200,
        guards=BOTH,
        responses=refusals(400, 401, 403, 404),
    )
    async def end(
        self,
        conversation_id: FromPath[str],
        data: JSONBody[EndRequest],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        directory: NamedDependency[Directory],
        redaction: NamedDependency[Redaction],
        caller: NamedDependency[Caller],
    ) -> Summary:
        """End a conversation, with a note for colleagues."""
        note = await redaction.redact_alone(caller.scope, data.note or "")
        ended = await service.end_conversation(
            session, log, directory, caller, conversation_id, note
        )
        return shapes.summary(await summaries.one(session, caller.scope, ended.id))

    @get("/team", guards=WATCHES, responses=refusals(401, 403))
    async def team(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> Team:
        """Show who serves conversations, who is active and how full each desk is."""
        return Team([shapes.member(desk) for desk in await desks(reading, caller.scope)])

    @get("/heartbeat", status_code=204, guards=[requires()], responses=refusals(401))
    async def heartbeat(self) -> None:
        """Answer that this node serves (PLT-249)."""
