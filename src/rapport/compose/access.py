"""Who may be helped to write in a conversation, and for which agent a caller speaks.

An integrator's key names the agent by the external id of its conversations; a person at the desk is
its own agent. Both use the same routes.
"""

from __future__ import annotations

from rapport.compose.errors import NoAgent
from rapport.conversations.access import check_may_see
from rapport.conversations.directory import Directory, Known
from rapport.conversations.errors import NotYours
from rapport.core.errors import Malformed, NotFound
from rapport.core.http.guards import requires_key_or
from rapport.core.identity import Caller, CallerKind, Permission

# Whom the routes of `/autocompose` let in.
WRITERS = requires_key_or("autocompose", Permission.SERVE_CONVERSATIONS)


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
    if caller.kind is CallerKind.PERSON:
        check_may_see(caller, known)
        if known.agent_person_id != caller.id:
            raise NotYours
    return known


def check_has_agent(known: Known) -> None:
    """Raise NoAgent when nobody is there to send what is suggested (PLT-080, CMP-027)."""
    if not known.has_agent:
        raise NoAgent
