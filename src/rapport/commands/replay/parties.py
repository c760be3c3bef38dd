"""The parties of a replay: customers on the web, agents at the desk, a supervisor, an integrator."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import msgspec

from rapport.client import ApiClient, LiveClient
from rapport.commands.replay.ledger import Lane, Ledger
from rapport.core.ids import new_id

# Waits longer than any restart of the server that a replay is expected to outlive.
PATIENCE = (0.25, 0.5, 1.0, 2.0, 2.0, 2.0, 5.0, 5.0, 5.0, 5.0)


class SignIn(msgspec.Struct):
    """How a person signs in."""

    role: str
    name: str
    email: str
    password: str


class Credentials(msgspec.Struct):
    """What a replay may do on a server: the demo's own file has this shape."""

    organization: str
    api_id: str
    api_secret: str
    sign_ins: list[SignIn]

    def of(self, role: str) -> list[SignIn]:
        """Return the sign-ins of a role."""
        return [sign_in for sign_in in self.sign_ins if sign_in.role == role]


class Stage:
    """The server, the ledger, and everybody who takes part."""

    def __init__(self, addresses: Sequence[str], credentials: Credentials, ledger: Ledger) -> None:
        self.addresses = [address.rstrip("/") for address in addresses]
        self.credentials = credentials
        self.ledger = ledger
        self.assigned: dict[str, asyncio.Future[Agent]] = {}
        self.run = new_id().lower()
        self.places = itertools.count()

    def assignment_of(self, conversation: str) -> asyncio.Future[Agent]:
        """Return the future agent of a conversation."""
        if conversation not in self.assigned:
            self.assigned[conversation] = asyncio.get_running_loop().create_future()
        return self.assigned[conversation]

    def nodes(self, first: int = 0) -> list[str]:
        """Return the nodes' addresses, beginning with another one for each party."""
        start = first % len(self.addresses)
        return self.addresses[start:] + self.addresses[:start]

    def sockets(self, first: int = 0) -> list[str]:
        """Return the nodes' live addresses, in the order of `nodes`."""
        return [node.replace("http", "ws", 1) + "/live/v1/socket" for node in self.nodes(first)]

    def api(self) -> ApiClient:
        """Return the integrator's client."""
        key = self.credentials
        return ApiClient(self.nodes(), key.api_id, key.api_secret, after_failure=PATIENCE)


class Agent:
    """An agent at the desk: takes what is assigned, answers, ends."""

    def __init__(self, stage: Stage, http: httpx.AsyncClient, place: int) -> None:
        self._stage = stage
        self._http = http
        self._nodes = itertools.cycle(stage.nodes(place))
        self.live = LiveClient(
            *stage.sockets(place), on_event=self._on_event, headers=_cookies(http)
        )
        self._following: set[asyncio.Task[None]] = set()

    def _on_event(self, _topic: str, event: dict[str, Any]) -> None:
        """Take note of an assignment or of a customer's message."""
        data = event["data"]
        if event["type"] == "assignment.made":
            task = asyncio.create_task(self._follow(data["conversation"]))
            self._following.add(task)
            task.add_done_callback(self._following.discard)
        elif event["type"] == "message.sent" and data["role"] == "customer":
            self._stage.ledger.arrive(Lane(event["conversation"], "agent"), data["message"])

    async def _follow(self, conversation: str) -> None:
        await self.live.subscribe(f"conversation/{conversation}")
        future = self._stage.assignment_of(conversation)
        if not future.done():
            future.set_result(self)

    async def end(self, conversation: str) -> None:
        """End a conversation, through restarts of the server."""
        await self.live.unsubscribe(f"conversation/{conversation}")
        for pause in PATIENCE:
            try:
                answer = await self._http.post(
                    f"/desk/v1/conversations/{conversation}/end", json={}
                )
                if answer.status_code < 500:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(pause)


@asynccontextmanager
async def signed_in(stage: Stage, who: SignIn) -> AsyncIterator[httpx.AsyncClient]:
    """Sign a person in. Raises httpx.HTTPStatusError."""
    async with httpx.AsyncClient(base_url=stage.addresses[0], timeout=30) as http:
        body = {
            "organization": stage.credentials.organization,
            "email": who.email,
            "password": who.password,
        }
        answer = (await http.post("/accounts/v1/sign-in", json=body)).raise_for_status()
        http.headers["x-csrf-token"] = answer.json()["csrf"]
        yield http


def _cookies(http: httpx.AsyncClient) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in http.cookies.items())}


@asynccontextmanager
async def agents_at_work(stage: Stage) -> AsyncIterator[list[Agent]]:
    """Have every agent at the desk, active."""
    async with AsyncExitStack() as stack:
        agents: list[Agent] = []
        for place, who in enumerate(stage.credentials.of("agent")):
            http = await stack.enter_async_context(signed_in(stage, who))
            agent = Agent(stage, http, place)
            await stack.enter_async_context(agent.live)
            await agent.live.subscribe("me")
            (await http.post("/desk/v1/status", json={"status": "active"})).raise_for_status()
            agents.append(agent)
        yield agents


@asynccontextmanager
async def supervisor_watching(stage: Stage) -> AsyncIterator[None]:
    """Have a supervisor see every conversation; what integrators write is delivered when it is seen."""

    def on_event(_topic: str, event: dict[str, Any]) -> None:
        if event["type"] == "message.sent" and event["data"]["sender"].startswith(stage.run):
            stage.ledger.arrive(Lane(event["conversation"], "supervisor"), event["data"]["message"])

    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(
            signed_in(stage, stage.credentials.of("supervisor")[0])
        )
        snapshot = (await http.get("/desk/v1/conversations?state=live&limit=1")).raise_for_status()
        live = LiveClient(*stage.sockets(1), on_event=on_event, headers=_cookies(http))
        await stack.enter_async_context(live)
        await live.subscribe("conversations", snapshot.json()["cursor"])
        yield
