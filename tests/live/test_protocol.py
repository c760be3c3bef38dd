"""The live protocol (docs/protocol.md) on a real server, over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from rapport.core.identity import Role
from tests.conversations.test_messages import message
from tests.conversations.test_record import PATH, create
from tests.support.company import TestCompany, make_company
from tests.support.live import LiveClient
from tests.support.server import running

pytestmark = pytest.mark.api


async def customer_token(acme: TestCompany) -> str:
    async with httpx.AsyncClient(base_url=acme.server.address) as client:
        answer = await client.post("/chat/v1/sessions", json={"app": acme.marker, "name": "Sam"})
        assert answer.is_success, answer.text
        return str(answer.json()["token"])


async def closed_with(socket: ClientConnection) -> tuple[int, str]:
    with contextlib.suppress(ConnectionClosed):
        while True:
            await asyncio.wait_for(socket.recv(), 10)
    return socket.close_code or 0, socket.close_reason or ""


async def say(api: httpx.AsyncClient, conversation: str, *texts: str) -> None:
    for text in texts:
        answer = await api.post(f"{PATH}/{conversation}/messages", json=message(text))
        assert answer.status_code == 200


def texts_of(events: list[dict[str, Any]]) -> list[str]:
    return [event["data"]["text"] for event in events if event["type"] == "message.sent"]


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ('{"type":"hello","protocol":1}', 4401),
        ('{"type":"hello","protocol":1,"token":"not.a.token"}', 4401),
        ('{"type":"subscribe","id":"1","topic":"me"}', 4400),
        ("not json", 4400),
    ],
)
async def test_who_does_not_say_hello_rightly_is_let_go(
    acme: TestCompany, first: str, code: int
) -> None:
    async with connect(acme.server.socket_address) as socket:
        await socket.send(first)
        assert (await closed_with(socket))[0] == code


async def test_another_sites_page_cannot_use_the_session(acme: TestCompany) -> None:
    async with acme.signed_in(Role.AGENT) as client:
        cookie = "; ".join(f"{k}={v}" for k, v in client.cookies.items())
        headers = {"Cookie": cookie, "Origin": "https://evil.example"}
        async with connect(acme.server.socket_address, additional_headers=headers) as socket:
            await socket.send('{"type":"hello","protocol":1}')
            assert (await closed_with(socket))[0] == 4403


async def test_a_supervisor_follows_a_conversation_from_its_beginning(
    acme: TestCompany, api: httpx.AsyncClient
) -> None:
    conversation = await create(api)
    await say(api, conversation, "one", "two")
    topic = f"conversation/{conversation}"
    async with acme.live(Role.SUPERVISOR) as supervisor:
        assert supervisor.welcome["you"]["role"] == "supervisor"
        assert (await supervisor.subscribe(topic))["type"] == "ok"
        await say(api, conversation, "three")
        await supervisor.event(topic, "message.sent", text="three")

        events = supervisor.events[topic]
        assert events[0]["type"] == "conversation.opened"
        assert [event["seq"] for event in events] == [1, 2, 3, 4]
        assert texts_of(events) == ["one", "two", "three"]


async def test_any_cut_and_reconnection_yields_the_same_list(
    acme: TestCompany, api: httpx.AsyncClient
) -> None:
    conversation = await create(api)
    topic = f"conversation/{conversation}"
    cursor: str | None = None
    seen: list[dict[str, Any]] = []
    for round_ in range(6):
        async with acme.live(Role.SUPERVISOR) as supervisor:
            await supervisor.subscribe(topic, cursor)
            await say(api, conversation, f"{round_}-live")
            await supervisor.event(topic, "message.sent", text=f"{round_}-live")
            seen += supervisor.events[topic]
            cursor = supervisor.cursors[topic]
        await say(api, conversation, f"{round_}-missed")

    async with acme.live(Role.SUPERVISOR) as supervisor:
        await supervisor.subscribe(topic, cursor)
        await supervisor.event(topic, "message.sent", text="5-missed")
        seen += supervisor.events[topic]
        await supervisor.ask("unsubscribe", topic=topic)
        supervisor.events.clear()
        supervisor.cursors.clear()
        await supervisor.subscribe(topic)
        await supervisor.event(topic, "message.sent", text="5-missed")
        assert supervisor.events[topic] == seen
    assert [event["seq"] for event in seen] == list(range(1, len(seen) + 1))


async def test_the_whole_company_from_a_snapshots_cursor(
    acme: TestCompany, api: httpx.AsyncClient
) -> None:
    async with acme.signed_in(Role.SUPERVISOR) as client:
        snapshot = (await client.get("/desk/v1/conversations?state=live")).json()
    first = await create(api, external_id="one")
    await say(api, first, "between snapshot and subscription")
    async with acme.live(Role.SUPERVISOR) as supervisor:
        await supervisor.subscribe("conversations", snapshot["cursor"])
        await supervisor.event(
            "conversations", "message.sent", text="between snapshot and subscription"
        )
        second = await create(api, external_id="two")
        await say(api, second, "later")
        await supervisor.event("conversations", "message.sent", text="later")
        events = supervisor.events["conversations"]
        assert texts_of(events) == ["between snapshot and subscription", "later"]
        assert {event["conversation"] for event in events} == {first, second}


async def test_nobody_hears_of_another_companys_conversations(
    acme: TestCompany, globex: TestCompany, api: httpx.AsyncClient
) -> None:
    mine = await create(api)
    async with globex.api() as stranger_api:
        theirs = await create(stranger_api)
        async with acme.live(Role.SUPERVISOR) as supervisor, acme.live(Role.AGENT) as agent:
            await supervisor.subscribe("conversations")
            refused = await supervisor.subscribe(f"conversation/{theirs}")
            assert refused["error"]["name"] == "not_found"
            refused = await agent.subscribe(f"conversation/{mine}")
            assert refused["error"]["name"] == "not_found"
            refused = await agent.subscribe("conversations")
            assert refused["error"]["name"] == "forbidden"
            await say(stranger_api, theirs, "secret")
            await say(api, mine, "open")
            await supervisor.event("conversations", "message.sent", text="open")
            assert texts_of(supervisor.events["conversations"]) == ["open"]


async def test_requests_that_cannot_be_are_refused_by_name(acme: TestCompany) -> None:
    async with acme.live(Role.AGENT) as agent:
        assert (await agent.ask("dance"))["error"]["code"] == "400-02"
        assert (await agent.ask("send", conversation=1))["error"]["code"] == "400-03"
        unknown = await agent.ask("send", conversation="01NONE", key="k", text="x")
        assert unknown["error"]["name"] == "not_found"
        assert (await agent.subscribe("nothing/1"))["error"]["name"] == "not_found"
        assert (await agent.subscribe("me", "not-a-cursor"))["error"]["code"] == "400-02"
        await agent.tell({"type": "ping", "id": "p"})
        assert (await agent.until(lambda m: m["type"] == "pong"))["id"] == "p"


async def test_a_customer_and_an_agent_talk(acme: TestCompany) -> None:
    token = await customer_token(acme)
    async with (
        acme.live(Role.AGENT) as agent,
        acme.signed_in(Role.AGENT) as desk,
        LiveClient.open(acme.server.socket_address, token=token) as customer,
    ):
        await agent.subscribe("me")
        await desk.post("/desk/v1/status", json={"status": "active"})
        opened = await customer.ask("open", key="first", text="Where is my order?")
        again = await customer.ask("open", key="first", text="Where is my order?")
        assert (again["conversation"], again["message"]) == (
            opened["conversation"],
            opened["message"],
        )
        conversation = opened["conversation"]
        topic = f"conversation/{conversation}"
        await agent.event("me", "assignment.made", conversation=conversation)
        await agent.subscribe(topic)
        await customer.subscribe(topic)

        await agent.tell(
            {"type": "signal", "topic": topic, "kind": "typing", "data": {"typing": True}}
        )
        typing = await customer.until(lambda m: m["type"] == "signal" and m["kind"] == "typing")
        assert typing["from"]["role"] == "agent"
        present = await agent.until(
            lambda m: (
                m["type"] == "signal"
                and m["kind"] == "presence"
                and m["from"]["role"] == "customer"
            )
        )
        assert present["data"] == {"online": True}

        sent = await agent.ask("send", conversation=conversation, key="a1", text="On its way")
        arrived = await customer.event(topic, "message.sent", text="On its way")
        assert arrived["data"]["message"] == sent["message"]
        assert arrived["data"]["key"] == "a1"
        await customer.ask("mark", conversation=conversation, delivered=arrived["seq"])
        await agent.event(topic, "message.delivered", role="customer", up_to=arrived["seq"])
        await customer.ask("mark", conversation=conversation, read=arrived["seq"])
        await agent.event(topic, "message.read", role="customer", up_to=arrived["seq"])

        ended = await desk.post(
            f"/desk/v1/conversations/{conversation}/end", json={"note": "Told where it is"}
        )
        assert ended.is_success
        await customer.event(topic, "conversation.ended")
        await agent.event(topic, "conversation.noted")
        assert "conversation.noted" not in {e["type"] for e in customer.events[topic]}
        late = await agent.ask("send", conversation=conversation, key="late", text="x")
        assert late["error"]["name"] == "conversation_over"


@pytest.mark.spec("PLT-235")
async def test_signing_out_ends_the_connection(acme: TestCompany) -> None:
    async with acme.signed_in(Role.AGENT) as client:
        cookie = "; ".join(f"{k}={v}" for k, v in client.cookies.items())
        async with connect(
            acme.server.socket_address, additional_headers={"Cookie": cookie}
        ) as socket:
            await socket.send('{"type":"hello","protocol":1}')
            await socket.recv()
            await client.post("/accounts/v1/sign-out")
            await socket.send('{"type":"ping","id":"1"}')
            assert await closed_with(socket) == (4401, "signed_out")


@pytest.mark.spec("PLT-235")
async def test_a_disabled_persons_connection_is_closed_at_once(acme: TestCompany) -> None:
    agent_id = acme.people[Role.AGENT].id
    async with acme.live(Role.AGENT) as agent, acme.signed_in(Role.ADMINISTRATOR) as admin:
        answer = await admin.post(f"/console/v1/people/{agent_id}/disable")
        assert answer.is_success, answer.text
        await asyncio.wait_for(agent.socket.wait_closed(), 5)
        assert agent.socket.close_code == 4401


async def test_server_sent_events_share_the_reader(
    acme: TestCompany, api: httpx.AsyncClient
) -> None:
    conversation = await create(api)
    await say(api, conversation, "one", "two")
    topic = f"conversation/{conversation}"
    async with acme.signed_in(Role.SUPERVISOR) as client:
        first = await frames_until(client, topic, None, "two", lambda: say(api, conversation))
        rest = await frames_until(
            client, topic, "2", "three", lambda: say(api, conversation, "three")
        )
    assert texts_of(first) == ["one", "two"]
    assert texts_of(rest) == ["two", "three"]


async def frames_until(
    client: httpx.AsyncClient, topic: str, last: str | None, text: str, then: Any
) -> list[dict[str, Any]]:
    headers = {} if last is None else {"Last-Event-ID": last}
    events: list[dict[str, Any]] = []
    async with client.stream(
        "GET", "/live/v1/events", params={"topic": topic}, headers=headers
    ) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        await then()
        async for line in answer.aiter_lines():
            if line.startswith("data:"):
                events += json.loads(line[5:])["events"]
                if text in texts_of(events):
                    return events
    return events


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server with little patience, to see it run out."""
    with running(
        tmp_path_factory.mktemp("impatient"),
        RAPPORT_LIVE_SILENT_SECONDS="2",
        RAPPORT_LIVE_HELLO_SECONDS="1",
    ) as server:
        yield server


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server that keeps little for slow readers and cuts stuck ones soon."""
    with running(
        tmp_path_factory.mktemp("narrow"),
        RAPPORT_LIVE_STUCK_SECONDS="4",
        RAPPORT_LIVE_BACKLOG_FRAMES="8",
        RAPPORT_LIVE_BACKLOG_BYTES="4096",
    ) as server:
        yield server


async def test_silence_ends_a_connection(impatient: Any) -> None:
    company = await make_company(impatient)
    async with connect(impatient.socket_address) as socket:
        assert (await closed_with(socket))[0] == 4400
    async with company.live(Role.AGENT) as agent:
        await agent.socket.wait_closed()
        assert agent.socket.close_code == 4408


@contextlib.asynccontextmanager
async def reading_nothing(company: TestCompany, topic: str) -> AsyncIterator[ClientConnection]:
    """Follow a topic with a small window and without reading: the server's socket fills up."""
    async with company.signed_in(Role.SUPERVISOR) as client:
        cookie = "; ".join(f"{k}={v}" for k, v in client.cookies.items())
        async with connect(
            company.server.socket_address,
            additional_headers={"Cookie": cookie},
            max_queue=1,
            compression=None,
            ping_interval=None,
        ) as slow:
            await slow.send('{"type":"hello","protocol":1}')
            await slow.send(json.dumps({"type": "subscribe", "id": "1", "topic": topic}))
            yield slow


LONG = "x" * 9_900


async def test_a_slow_reader_catches_up_and_delays_nobody(narrow: Any) -> None:
    company = await make_company(narrow)
    async with company.api() as api, company.live(Role.SUPERVISOR) as quick:
        conversation = await create(api)
        topic = f"conversation/{conversation}"
        await quick.subscribe(topic)
        async with reading_nothing(company, topic) as slow:
            for n in range(200):
                await say(api, conversation, f"{n} {LONG}")
            await quick.event(topic, "message.sent", text=f"199 {LONG}")

            seen: list[dict[str, Any]] = []
            while len(texts_of(seen)) < 200:
                received = json.loads(await asyncio.wait_for(slow.recv(), 10))
                if received["type"] == "frame":
                    seen += received["events"]

    assert [event["seq"] for event in seen] == list(range(1, 202))
    assert [text.split()[0] for text in texts_of(quick.events[topic])] == [
        f"{n}" for n in range(200)
    ]


async def test_a_stuck_reader_is_cut_and_its_memory_freed(narrow: Any) -> None:
    company = await make_company(narrow)
    async with company.api() as api:
        conversation = await create(api)
        topic = f"conversation/{conversation}"
        async with reading_nothing(company, topic) as stuck:
            for n in range(700):
                await say(api, conversation, f"{n} {LONG}")
            assert (await connections(narrow)) == 1
            await asyncio.wait_for(until_gone(narrow), 20)
            # A code cannot reach somebody who takes nothing: the line is simply dead.
            assert (await closed_with(stuck))[0] in {1006, 4409}


async def connections(server: Any) -> int:
    async with httpx.AsyncClient(base_url=server.address) as client:
        figures = (await client.get("/metrics")).text
    line = next(x for x in figures.splitlines() if x.startswith("live_connections "))
    return int(float(line.split()[1]))


async def until_gone(server: Any) -> None:
    for _ in range(100):
        if not await connections(server):
            return
        await asyncio.sleep(0.2)
