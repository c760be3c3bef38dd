"""Playing one recorded conversation: on the web with an agent, or by an integrator's API."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from typing import Any

import httpx

from rapport.client import ApiClient, LiveClient
from rapport.commands.replay.corpus import Recording, Turn
from rapport.commands.replay.ledger import Lane
from rapport.commands.replay.parties import PATIENCE, Agent, Stage
from rapport.core import clock

# However loaded the server is, a conversation that waits longer than this for an agent is a fault.
ASSIGNMENT_SECONDS = 300


class Pace:
    """Lets messages go at a rate, or as fast as the server takes them."""

    def __init__(self, per_second: float | None) -> None:
        self._interval = 0.0 if per_second is None else 1.0 / per_second
        self._next = 0.0

    async def wait(self) -> None:
        """Wait for the next message's turn."""
        if not self._interval:
            return
        now = asyncio.get_running_loop().time()
        self._next = max(self._next + self._interval, now)
        await asyncio.sleep(self._next - now)


async def play_by_api(stage: Stage, api: ApiClient, pace: Pace, recording: Recording) -> None:
    """Play a conversation as an integrator: create it, post every message, say it is complete."""
    customer, agent = f"{stage.run}-c-{recording.id}", f"{stage.run}-a-{recording.id}"
    record = {
        "externalId": f"{stage.run}-{recording.id}",
        "timestamp": clock.wire(clock.now()),
        "customer": {"externalId": customer},
        "agent": {"externalId": agent},
    }
    path = "/conversation/v1/conversations"
    conversation = (await api.call("POST", path, record))["id"]
    for turn in recording.messages:
        await pace.wait()
        message = {
            "text": turn.text,
            "sender": {
                "role": turn.role,
                "externalId": customer if turn.role == "customer" else agent,
            },
            "timestamp": clock.wire(clock.now()),
        }
        key = str(uuid.uuid4())
        sent_at = stage.ledger.sending()
        answer = await api.call(
            "POST", f"{path}/{conversation}/messages", message, idempotency_key=key
        )
        stage.ledger.acknowledge(Lane(conversation, "supervisor"), answer["id"], sent_at)
    await api.call("POST", path, {**record, "metadata": {"isCompleted": "true"}})


async def play_on_the_web(stage: Stage, pace: Pace, recording: Recording) -> None:
    """Play a conversation as its customer on a page and the agent who is assigned to it."""
    token = await _chat_session(stage, recording)

    def on_event(_topic: str, event: dict[str, Any]) -> None:
        if event["type"] == "message.sent" and event["data"]["role"] == "agent":
            stage.ledger.arrive(Lane(event["conversation"], "customer"), event["data"]["message"])

    place = next(stage.places)
    async with LiveClient(*stage.sockets(place), on_event=on_event, token=token) as customer:
        turns = [Turn("customer", "Hello")] if recording.messages[0].role != "customer" else []
        turns += recording.messages
        await pace.wait()
        stage.ledger.sending()
        opened = await customer.request("open", key=str(uuid.uuid4()), text=turns[0].text)
        conversation = opened["conversation"]
        # How long it takes to reach an agent is how long the customer waits for one.
        stage.ledger.acknowledge(Lane(conversation, "agent"), opened["message"], None)
        await customer.subscribe(f"conversation/{conversation}")
        waiting = stage.assignment_of(conversation)
        agent = await asyncio.wait_for(asyncio.shield(waiting), ASSIGNMENT_SECONDS)
        last = opened["message"]
        for turn in turns[1:]:
            await pace.wait()
            by_customer = turn.role == "customer"
            speaker = customer if by_customer else agent.live
            lane = Lane(conversation, "agent" if by_customer else "customer")
            last = await _say(stage, speaker, lane, turn.text)
        # The socket that must hear the last message is closed after this.
        await stage.ledger.arrival(last, seconds=30)
        await _end(stage, agent, conversation)


async def _end(stage: Stage, agent: Agent, conversation: str) -> None:
    await agent.end(conversation)
    stage.assigned.pop(conversation, None)


async def _say(stage: Stage, speaker: LiveClient, lane: Lane, text: str) -> str:
    sent_at = stage.ledger.sending()
    ok = await speaker.request(
        "send", conversation=lane.conversation, key=str(uuid.uuid4()), text=text
    )
    stage.ledger.acknowledge(lane, ok["message"], sent_at)
    return str(ok["message"])


async def _chat_session(stage: Stage, recording: Recording) -> str:
    body = {"app": stage.credentials.organization, "name": f"Customer {recording.id}"}
    nodes = itertools.cycle(stage.nodes())
    async with httpx.AsyncClient(timeout=30) as http:
        for pause in (*PATIENCE, 0.0):
            try:
                answer = await http.post(f"{next(nodes)}/chat/v1/sessions", json=body)
                if answer.is_success:
                    return str(answer.json()["token"])
            except httpx.TransportError:
                pass
            await asyncio.sleep(pause)
    raise RuntimeError("no chat session: is the web chat of this company open?")
