"""The socket and the event stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from litestar import Controller, Request, WebSocket, get, websocket
from litestar.params import Parameter
from litestar.response import ServerSentEvent, ServerSentEventMessage

from rapport.core.errors import Forbidden, NotFound
from rapport.core.http.guards import authenticators_of
from rapport.core.identity import Caller
from rapport.live.connection import Connection, Live
from rapport.live.follower import Follower
from rapport.live.outbox import Outbox
from rapport.live.registry import topic_kind
from rapport.live.sources import ScopeSource, sequence_of


def _check_origin(connection: Any) -> None:
    """A page of another site may hold the person's cookie: the browser tells which site it is."""
    origin = connection.headers.get("origin")
    if origin and urlsplit(origin).netloc != connection.headers.get("host"):
        raise Forbidden(problem="this page may not use the session of another site")


async def _identify(connection: Any, token: str | None) -> Caller:
    authenticators = authenticators_of(connection)
    if token is not None:
        return await authenticators.customer_token(connection, token)
    _check_origin(connection)
    return await authenticators.person(connection)


class LiveController(Controller):
    """Live delivery (docs/protocol.md)."""

    path = "/live/v1"
    tags = ["Live"]  # noqa: RUF012

    @websocket("/socket")
    async def socket(self, socket: WebSocket[Any, Any, Any]) -> None:
        """Serve one socket."""
        live: Live = socket.app.state["live"]
        await Connection(socket, live, lambda token: _identify(socket, token)).serve()

    @get("/events")
    async def events(
        self,
        request: Request[Any, Any, Any],
        topic: str,
        cursor: str | None = None,
        last_event_id: Annotated[str | None, Parameter(header="Last-Event-ID")] = None,
    ) -> ServerSentEvent:
        """Follow one topic as server-sent events; each id is a cursor."""
        live: Live = request.app.state["live"]
        header = request.headers.get("authorization", "")
        token = header.removeprefix("Bearer ") if header.startswith("Bearer ") else None
        caller = await _identify(request, token)
        kind, name = topic_kind(topic)
        if kind not in live.protocol.topics:
            raise NotFound(what=f"there is no topic {kind!r}")
        source, _party = await live.protocol.topics[kind](caller, name)
        start = last_event_id or cursor
        if isinstance(source, ScopeSource):
            start = start or live.hub.position.cursor()
        else:
            start = str(sequence_of(start))
        outbox = Outbox(live.settings)
        follower = Follower(source, start, outbox)
        return ServerSentEvent(_stream(live, follower, outbox))


async def _stream(
    live: Live, follower: Follower, outbox: Outbox
) -> AsyncIterator[ServerSentEventMessage]:
    live.hub.join(follower)
    try:
        catching_up = asyncio.create_task(follower.catch_up(live.hub))
        while (text := await outbox.take()) is not None:
            yield ServerSentEventMessage(data=text, id=msgspec.json.decode(text, type=_Ends).cursor)
            if follower.must_catch_up and outbox.is_empty:
                catching_up = asyncio.create_task(follower.catch_up(live.hub))
        await catching_up
    finally:
        live.hub.leave(follower)


class _Ends(msgspec.Struct):
    cursor: str
