"""One socket: who it is, what it follows, what it asks for, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import msgspec
import structlog
from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect

from rapport.core.errors import (
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    RapportError,
    Unauthenticated,
)
from rapport.core.http.middleware import request_id_of
from rapport.core.identity import Caller, CallerKind
from rapport.core.ids import new_id
from rapport.core.payloads import check_payload
from rapport.core.telemetry.metrics import Metrics
from rapport.live.follower import Follower
from rapport.live.hub import Hub
from rapport.live.outbox import Outbox
from rapport.live.registry import Protocol, topic_kind
from rapport.live.settings import LiveSettings
from rapport.live.signals import Place, Signals
from rapport.live.sources import ScopeSource, SnapshotRequired, sequence_of
from rapport.live.wire import (
    Close,
    Envelope,
    Hello,
    Ok,
    Ping,
    Pong,
    Problem,
    Refused,
    SignalSent,
    Subscribe,
    Unsubscribe,
    Welcome,
    You,
    text,
)

log = structlog.get_logger(__name__)

Identify = Callable[[str | None], Awaitable[Caller]]


class Live(NamedTuple):
    """What every connection of this node shares."""

    hub: Hub
    signals: Signals
    protocol: Protocol
    settings: LiveSettings
    metrics: Metrics
    connections: set[Connection]


class Connection:
    """One socket of a person or a customer, from hello to close."""

    def __init__(self, socket: WebSocket[Any, Any, Any], live: Live, identify: Identify) -> None:
        self.id = new_id()
        self.outbox = Outbox(live.settings)
        self.ended = asyncio.Event()
        self._socket = socket
        self._live = live
        self._identify = identify
        self._token: str | None = None
        self._caller: Caller | None = None
        self._followers: dict[str, Follower] = {}
        self._places: dict[str, Place] = {}
        self._parties: dict[str, Any] = {}
        self._sender: asyncio.Task[None] | None = None
        self._receiver: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._envelope = msgspec.json.Decoder(Envelope).decode

    @property
    def caller(self) -> Caller:
        """Who is at the other end; only asked after hello."""
        assert self._caller is not None
        return self._caller

    async def serve(self) -> None:
        """Serve the socket until either side ends it."""
        await self._socket.accept()
        if not await self._welcome():
            return
        self._live.connections.add(self)
        self._live.metrics.live_connections.inc()
        sender = asyncio.create_task(self._send(), name=f"live-send-{self.id}")
        receiver = asyncio.create_task(self._receive(), name=f"live-receive-{self.id}")
        self._sender, self._receiver = sender, receiver
        try:
            await asyncio.wait({sender, receiver}, return_when=asyncio.FIRST_COMPLETED)
            await self._end(sender, receiver)
        finally:
            self.ended.set()
            self._live.connections.discard(self)
            self._live.metrics.live_connections.dec()
            self._forget_topics()

    async def _end(self, sender: asyncio.Task[None], receiver: asyncio.Task[None]) -> None:
        """Say what is still to be said, within a second, and stop both tasks."""
        if self.outbox.closing is not None and not sender.done():
            await asyncio.wait({sender}, timeout=1)
        tasks = (sender, receiver, *self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self.outbox.closing is not None:
            # To a reader that takes nothing the closing itself cannot be delivered: it lies behind
            # all the rest, and whatever comes of it is the network's business.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._close(*self.outbox.closing)

    async def _welcome(self) -> bool:
        try:
            async with asyncio.timeout(self._live.settings.hello_seconds):
                hello = msgspec.json.decode(await self._socket.receive_text(), type=Hello)
            self._token = hello.token
            self._caller = await self._identify(hello.token)
        except Unauthenticated:
            await self._close(*Close.SIGNED_OUT)
            return False
        except RapportError:
            await self._close(*Close.FORBIDDEN)
            return False
        except (msgspec.DecodeError, RecursionError, TimeoutError):
            await self._close(*Close.BAD_MESSAGE)
            return False
        except WebSocketDisconnect:
            return False
        caller = self._caller
        you = You(
            caller.kind, caller.external_id or caller.id, caller.name, caller.role or caller.kind
        )
        self.outbox.push(text(Welcome(self.id, self._live.settings.heartbeat_seconds, you)))
        return True

    async def _close(self, code: int, reason: str) -> None:
        try:
            await self._socket.close(code, reason)
        except (RuntimeError, WebSocketDisconnect):
            return  # the other side has gone already

    async def _send(self) -> None:
        send = self._socket.send
        outbox = self.outbox
        while (message := await outbox.take()) is not None:
            outbox.sending(True)
            await send({"type": "websocket.send", "bytes": None, "text": message})
            outbox.sending(False)
            if outbox.is_empty:
                await self._catch_up_those_behind()

    async def _catch_up_those_behind(self) -> None:
        for topic, follower in list(self._followers.items()):
            if follower.must_catch_up:
                self._live.metrics.live_slow_readers_total.inc()
                # In a task of its own: catching up fills the outbox that this task empties.
                task = asyncio.create_task(self._catch_up(topic, follower))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _catch_up(self, topic: str, follower: Follower) -> None:
        try:
            await follower.catch_up(self._live.hub)
        except SnapshotRequired:
            self._unfollow(topic)
            self.outbox.close(*Close.SLOW_READER)

    async def _receive(self) -> None:
        settings = self._live.settings
        while True:
            try:
                async with asyncio.timeout(settings.silent_seconds):
                    received = await self._socket.receive_text()
            except TimeoutError:
                self.outbox.close(*Close.SILENT)
                return
            except WebSocketDisconnect:
                return
            if not await self._take(received.encode()):
                return

    async def _take(self, body: bytes) -> bool:
        """Handle one message; False when the connection must end."""
        if len(body) > self._live.settings.frame_bytes:
            self.outbox.close(*Close.BAD_MESSAGE)
            return False
        try:
            envelope = self._envelope(body)
        except (msgspec.DecodeError, RecursionError):
            self.outbox.close(*Close.BAD_MESSAGE)
            return False
        try:
            await self._dispatch(envelope, body)
        except Unauthenticated:
            self.outbox.close(*Close.SIGNED_OUT)
            return False
        except RapportError as error:
            self._refuse(envelope.id, error)
        except msgspec.ValidationError as error:
            self._refuse(envelope.id, Invalid(path="/", problem=str(error)))
        except Exception as error:
            log.error("live_request_failed", request=envelope.type, exc_info=error)
            self._refuse(envelope.id, RapportError())
        return True

    async def _dispatch(self, envelope: Envelope, body: bytes) -> None:
        check_payload(body)
        answer = self._live.protocol.requests.get(envelope.type)
        if answer is not None:
            self.outbox.push(text(await answer(self.caller, envelope.id, body)))
            return
        handler = _HANDLERS.get(envelope.type)
        if handler is None:
            raise Malformed(problem=f"there is no request {envelope.type!r}")
        struct, method = handler
        await method(self, msgspec.json.decode(body, type=struct))

    async def _ping(self, ping: Ping) -> None:
        self._caller = await self._identify(self._token)
        self.outbox.push(text(Pong(ping.id)))

    async def _subscribe(self, asked: Subscribe) -> None:
        kind, name = topic_kind(asked.topic)
        admit = self._live.protocol.topics.get(kind)
        if admit is None:
            raise NotFound(what=f"there is no topic {kind!r}")
        source, party = await admit(self.caller, name)
        self._unfollow(asked.topic)
        cursor = asked.cursor
        if isinstance(source, ScopeSource):
            cursor = cursor or self._live.hub.position.cursor()
        else:
            cursor = str(sequence_of(cursor))
            place = (source.stream.scope, asked.topic)
            self._enter(asked.topic, place, party)
        follower = Follower(source, cursor, self.outbox)
        self._followers[asked.topic] = follower
        self._live.hub.join(follower)
        self.outbox.push(text(Ok(asked.id, cursor=cursor)))
        try:
            await follower.catch_up(self._live.hub)
        except RapportError:
            self._unfollow(asked.topic)
            raise

    def _enter(self, topic: str, place: Place, party: Any) -> None:
        self._places[topic] = place
        self._parties[topic] = party
        self._live.signals.enter(place, self.id, party, self._signalled)

    def _signalled(self, shown: str, origin: str | None) -> None:
        if origin != self.id:
            self.outbox.offer(shown)

    async def _unsubscribe(self, asked: Unsubscribe) -> None:
        self._unfollow(asked.topic)
        self.outbox.push(text(Ok(asked.id)))

    async def _signal(self, signal: SignalSent) -> None:
        party = self._parties.get(signal.topic)
        if party is None or signal.kind != "typing":
            raise Forbidden(problem="only typing, and only where you take part")
        self._live.signals.publish(
            self._places[signal.topic], signal.kind, party, signal.data, self.id
        )

    def _unfollow(self, topic: str) -> None:
        follower = self._followers.pop(topic, None)
        if follower is not None:
            self._live.hub.leave(follower)
        place = self._places.pop(topic, None)
        self._parties.pop(topic, None)
        if place is not None:
            self._live.signals.leave(place, self.id)

    def _forget_topics(self) -> None:
        for topic in list(self._followers):
            self._unfollow(topic)

    def _refuse(self, request: str, error: RapportError) -> None:
        problem = Problem(request_id_of(self._socket.scope), error.code, error.name, error.message)
        self.outbox.push(text(Refused(request, problem)))

    def abandon(self) -> None:
        """End a connection whose reader takes nothing: what waits for it is not waited for."""
        if self._sender is not None:
            self._sender.cancel()

    def _stop_receiving(self) -> None:
        if self._receiver is not None:
            self._receiver.cancel()

    def begin_to_prove_again(self) -> None:
        """Do `prove_again` without waiting for it."""
        task = asyncio.create_task(self.prove_again(), name=f"live-prove-{self.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def prove_again(self) -> None:
        """Ask again who is at the other end, because that may have changed; closes when it is nobody."""
        try:
            self._caller = await self._identify(self._token)
        except RapportError:
            self.outbox.close(*Close.SIGNED_OUT)
            self._stop_receiving()

    def is_of(self, kind: CallerKind, caller_id: str) -> bool:
        """Tell whether this connection belongs to a certain person or customer."""
        return self.caller.kind == kind and self.caller.id == caller_id


_HANDLERS: dict[str, tuple[type[Any], Any]] = {
    "subscribe": (Subscribe, Connection._subscribe),
    "unsubscribe": (Unsubscribe, Connection._unsubscribe),
    "ping": (Ping, Connection._ping),
    "signal": (SignalSent, Connection._signal),
}


async def cut_stuck(live: Live) -> None:
    """Close, for as long as the node runs, the connections that take nothing."""
    period = min(5.0, live.settings.stuck_seconds / 2)
    while True:
        await asyncio.sleep(period)
        for connection in list(live.connections):
            if connection.outbox.stuck_for() > live.settings.stuck_seconds:
                connection.outbox.close(*Close.SLOW_READER)
                connection.abandon()


def prove_person_again(live: Live, person_id: str) -> None:
    """Have a person's connections ask again who is there, after their rights or sessions changed."""
    for connection in list(live.connections):
        if connection.is_of(CallerKind.PERSON, person_id):
            connection.begin_to_prove_again()
