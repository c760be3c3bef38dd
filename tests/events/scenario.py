"""Two conversations in which everything happens that can happen to one, and what each reader is told.

On the web a visitor turns out to be a known customer, one agent goes home and another takes over; over
the API an integrator brings both sides, corrects what it said, and completes the conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

import httpx
from sqlalchemy import select

from rapport.conversations.events import KIND
from rapport.conversations.models import Mark
from rapport.core import clock
from rapport.core.identity import Role
from rapport.core.log.models import StreamHead
from tests.support.company import Someone, TestCompany
from tests.support.customers import TestCustomer, let_in
from tests.support.live import LiveClient

CONVERSATIONS = "/conversation/v1/conversations"

Json = dict[str, Any]


async def play(acme: TestCompany) -> list[Json]:
    """Let both conversations happen; return each with every reader's frames and its state by HTTP."""
    return [await _on_the_web(acme), await _over_the_api(acme)]


async def _on_the_web(acme: TestCompany) -> Json:
    ann = await acme.add_person(Role.AGENT, name="Ann Lee")
    ben = await acme.add_person(Role.AGENT, name="Ben Ito")
    async with AsyncExitStack() as stack:
        floor = await stack.enter_async_context(acme.live(Role.SUPERVISOR))
        await _is(acme, ann, "active")
        visitor = await let_in(acme)
        page = await stack.enter_async_context(visitor.live())
        info = {"plan": "gold", "visits": 3}
        text = "Hello, where is my order?"
        opened = await page.ask("open", key="w-1", text=text, customer_info=info)
        conversation: str = opened["conversation"]
        topic = f"conversation/{conversation}"
        await floor.subscribe(topic)
        await floor.event(topic, "participant.joined", name="Ann Lee")
        states = [await _state(acme, conversation)]
        async with acme.live(ann) as desk:
            await desk.ask("mark", conversation=conversation, delivered=opened["seq"])
            said = await _say(desk, conversation, "w-2", "Let me have a look, one moment please.")

        # The visitor signs in: the conversation comes along.
        known = await _returns(acme, "new", token=visitor.token)
        await floor.event(topic, "customer.identified")
        page = await stack.enter_async_context(known.live())
        await page.subscribe(topic)
        await page.ask("mark", conversation=conversation, read=said["seq"])
        states.append(await _state(acme, conversation))
        await _say(page, conversation, "w-3", "It should have come on Monday.")

        await _is(acme, ben, "active")
        await _shut_out(acme, ann)
        await floor.event(topic, "participant.joined", name="Ben Ito")
        states.append(await _state(acme, conversation))
        desk = await stack.enter_async_context(acme.live(ben))
        await desk.subscribe(topic)
        said = await _say(desk, conversation, "w-4", "It is with the carrier since this morning.")
        await desk.ask("mark", conversation=conversation, read=said["seq"] - 1)
        await page.ask("mark", conversation=conversation, delivered=said["seq"])
        await _say(page, conversation, "w-5", "Good, thank you!")
        states.append(await _state(acme, conversation))
        async with acme.signed_in(ben) as client:
            note = {"note": "The carrier has it."}
            ended = await client.post(f"/desk/v1/conversations/{conversation}/end", json=note)
            assert ended.status_code == 200, ended.text
        readers = {"supervisor": floor, "agent": desk, "customer": page}
        return await _recorded(acme, "web", conversation, readers, states)


async def _over_the_api(acme: TestCompany) -> Json:
    robin = await _returns(acme, "returning")
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(acme.api())
        floor = await stack.enter_async_context(acme.live(Role.SUPERVISOR))
        page = await stack.enter_async_context(robin.live())
        customer = {"externalId": "test-returning", "name": "Robin Returning"}
        conversation = await _upsert(
            api, customer=customer, metadata={"channel": "phone", "language": "en"}
        )
        topic = f"conversation/{conversation}"
        await floor.subscribe(topic)
        await page.subscribe(topic)
        await _message(api, conversation, "system", "ivr", "The customer asked for billing.")
        await _message(api, conversation, "customer", "test-returning", "My bill is too high.")
        states = [await _state(acme, conversation)]
        await _message(api, conversation, "system", "ivr", "Somebody will be with you soon.")
        states.append(await _state(acme, conversation))
        await _upsert(api, agent={"externalId": "a-1", "name": "Kim"})
        await _message(api, conversation, "agent", "a-1", "Let me see what happened there.")
        said = await _say(page, conversation, "p-1", "Thanks, I will wait.")
        await page.ask("mark", conversation=conversation, read=said["seq"] - 1)
        credentials = {"customerExternalId": "test-returning", "auth": {"token": "opaque"}}
        await _done(api.post(f"{CONVERSATIONS}/{conversation}/authenticate", json=credentials))
        states.append(await _state(acme, conversation))
        await _upsert(api, agent={"externalId": "a-1", "name": "Kim Park"})
        await _upsert(api, agent={"externalId": "a-2", "name": "Lou Reyes"})
        await _upsert(api, customer={**customer, "name": "Robin Diaz"})
        await _upsert(api, metadata={"language": None, "topic": "billing"})
        states.append(await _state(acme, conversation))
        await _message(api, conversation, "agent", "a-2", "You were charged twice, I am sorry.")
        await _upsert(api, agent=None)
        states.append(await _state(acme, conversation))
        await _upsert(api, customer={**customer, "name": None})
        states.append(await _state(acme, conversation))
        await _upsert(api, metadata={"isCompleted": "true"})
        # An integrator's last words may come when the conversation is over.
        await _message(api, conversation, "customer", "test-returning", "Goodbye then.")
        readers = {"supervisor": floor, "customer": page}
        return await _recorded(acme, "api", conversation, readers, states)


async def _returns(acme: TestCompany, kind: str, **session: str) -> TestCustomer:
    async with acme.signed_in(Role.DEVELOPER) as client:
        login = await client.post("/console/v1/test-logins", json={"customer": kind})
    return await let_in(acme, identity=login.json()["identity"], **session)


async def _is(acme: TestCompany, agent: Someone, status: str) -> None:
    async with acme.signed_in(agent) as client:
        await _done(client.post("/desk/v1/status", json={"status": status}))


async def _shut_out(acme: TestCompany, agent: Someone) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as client:
        await _done(client.post(f"/console/v1/people/{agent.id}/disable"))


async def _say(live: LiveClient, conversation: str, key: str, text: str) -> Json:
    answer = await live.ask("send", conversation=conversation, key=key, text=text)
    assert answer["type"] == "ok", answer
    return answer


async def _upsert(api: httpx.AsyncClient, **changes: Any) -> str:
    body = {"externalId": "case-514", "timestamp": clock.wire(clock.now()), **changes}
    answer = await _done(api.post(CONVERSATIONS, json=body))
    return str(answer.json()["id"])


async def _message(
    api: httpx.AsyncClient, conversation: str, role: str, sender: str, text: str
) -> None:
    body = {
        "text": text,
        "sender": {"role": role, "externalId": sender},
        "timestamp": clock.wire(clock.now()),
    }
    await _done(api.post(f"{CONVERSATIONS}/{conversation}/messages", json=body))


async def _done(asked: Any) -> httpx.Response:
    answer: httpx.Response = await asked
    assert answer.is_success, answer.text
    return answer


async def _recorded(
    acme: TestCompany,
    name: str,
    conversation: str,
    readers: dict[str, LiveClient],
    states: list[Json],
) -> Json:
    """Return a conversation with what each reader was told, and its states on the way and at the end."""
    state = await _state(acme, conversation)
    topic = f"conversation/{conversation}"
    last = state["messages"][-1]["messageId"]
    frames: dict[str, Sequence[Json]] = {}
    for reader, live in readers.items():
        await live.event(topic, "message.sent", message=last)
        await live.event(topic, "conversation.ended")
        frames[reader] = [
            each for each in live.messages if each["type"] == "frame" and each["topic"] == topic
        ]
    return {
        "name": name,
        "conversation": conversation,
        "frames": frames,
        "states": [*states, state],
    }


async def _state(acme: TestCompany, conversation: str) -> Json:
    """Return a conversation as HTTP shows it while nothing happens; marks are in their table only."""
    async with acme.api() as api, acme.signed_in(Role.SUPERVISOR) as client:
        messages = await _done(api.get(f"{CONVERSATIONS}/{conversation}/messages"))
        detail = await _done(client.get(f"/desk/v1/conversations/{conversation}"))
    database = acme.database()
    try:
        async with database.reading() as session:
            seq = (await session.get_one(StreamHead, (KIND, conversation))).head
            found = await session.scalars(
                select(Mark).where(Mark.conversation_id == conversation).order_by(Mark.role)
            )
            marks = {mark.role: {"delivered": mark.delivered, "read": mark.read} for mark in found}
    finally:
        await database.close()
    return {
        "seq": seq,
        "messages": messages.json()["items"],
        "conversation": detail.json(),
        "marks": marks,
    }
