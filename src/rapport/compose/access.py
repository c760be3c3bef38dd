"""Who may be helped to write in a conversation, and for which agent a caller speaks.

An integrator's key names the agent by the external id of its conversations; a person at the desk is
its own agent. Both use the same routes.
"""

from __future__ import annotations

import msgspec
from litestar.handlers import BaseRouteHandler

from rapport.compose.errors import NoAgent
from rapport.conversations.access import check_may_see
from rapport.conversations.directory import Directory, Known
from rapport.conversations.errors import NotYours
from rapport.core.errors import Malformed, NotFound
from rapport.core.http.guards import Connection, requires_key_or
from rapport.core.identity import Caller, CallerKind, Environment, Permission, Scope

_lets_in = requires_key_or(
    "autocompose", Permission.SERVE_CONVERSATIONS, Permission.MANAGE_RESPONSES
)


async def let_writers_in(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let in keys, agents, and who manages responses, who writes only in the console's sandbox.

    Whichever host is asked, such a person is in the sandbox environment: nothing that is tried out
    there touches production (CMP-256).
    """
    await _lets_in(connection, handler)  # type: ignore[misc]
    caller: Caller = connection.scope["user"]
    if caller.kind is CallerKind.PERSON and not caller.may(Permission.SERVE_CONVERSATIONS):
        connection.scope["user"] = in_sandbox(caller)


# Whom the routes of `/autocompose` let in.
WRITERS = let_writers_in


def in_sandbox(caller: Caller) -> Caller:
    """Return the same caller in the sandbox environment of its company."""
    scope = Scope(caller.scope.company_id, Environment.SANDBOX)
    return msgspec.structs.replace(caller, scope=scope)


def agent_of(caller: Caller, agent_id: str | None) -> str:
    """The external id of the agent a request is about.

    A key must name one, and may name any of its company; a person is meant without saying so, and
    cannot see another one's. Raises Malformed and NotFound.
    """
    if caller.kind is CallerKind.KEY:
        if not agent_id:
            raise Malformed(problem="give the agent's agentId")
        return agent_id
    if agent_id not in {None, caller.external_id}:
        raise NotFound(what="there is no such agent")
    return caller.external_id or caller.id


async def conversation_of(caller: Caller, directory: Directory, conversation_id: str) -> Known:
    """The conversation a caller may write in.

    Raises NotFound for one it may not see, NotYours for one it only watches.
    """
    known = await directory.find(caller.scope, conversation_id)
    check_may_see(caller, known)
    if caller.kind is CallerKind.PERSON and known.agent_person_id != caller.id:
        raise NotYours
    return known


async def agent_in(caller: Caller, directory: Directory, conversation_id: str | None) -> str | None:
    """The external id of the agent in a conversation; None where none is named, or nobody is there.

    Raises NotFound and NotYours.
    """
    if conversation_id is None:
        return None
    return (await conversation_of(caller, directory, conversation_id)).agent_external_id


def check_has_agent(known: Known) -> None:
    """Raise NoAgent when nobody is there to send what is suggested (PLT-080, CMP-027)."""
    if not known.has_agent:
        raise NoAgent
