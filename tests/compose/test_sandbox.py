"""An administrator plays both sides of a chat, and nobody else hears of it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select

from rapport.compose.usage.models import MessageUsage
from rapport.core.identity import Role
from rapport.core.log.events import Audience
from rapport.core.log.models import LoggedEvent
from tests.compose.reporting import SENT
from tests.compose.test_suggestions import CONVERSATIONS, create, import_library, message, texts
from tests.edge.test_conventions import envelope
from tests.support.company import TestCompany
from tests.support.live import LiveClient

pytestmark = pytest.mark.api

CHATS = "/console/v1/compose/sandbox/conversations"


async def begin(admin: httpx.AsyncClient, **given: Any) -> dict[str, Any]:
    answer = await admin.post(CHATS, json=given)
    assert answer.status_code == 201, answer.text
    chat: dict[str, Any] = answer.json()
    return chat


async def say(
    admin: httpx.AsyncClient, chat: str, text: str, role: str = "customer", key: str | None = None
) -> httpx.Response:
    line = {"role": role, "text": text, "key": key or f"{role} {text}"[:128]}
    return await admin.post(f"{CHATS}/{chat}/messages", json=line)


async def suggest(admin: httpx.AsyncClient, chat: str, query: str = "") -> httpx.Response:
    path = f"/autocompose/v1/conversations/{chat}/suggestions"
    return await admin.post(path, json={"query": query})


async def test_both_sides_are_played_and_the_agent_is_helped(acme: TestCompany) -> None:
    await import_library(acme)
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        assert (await admin.get(CHATS)).json() == {"chat": None, "learnt": 0}
        chat = await begin(admin, customerName="Sarah Jones", metadata={"queue": "billing"})
        assert chat["metadata"] == {"queue": "billing"}
        assert chat["lines"] == []

        asked = await say(admin, chat["id"], "My card 4111 1111 1111 1111 and my bag are lost")
        assert asked.status_code == 201
        assert "4111 1111" not in asked.json()["text"]
        suggested = (await suggest(admin, chat["id"], "Sure")).json()
        assert "Sure Sarah, happy to help with that." in [
            each["text"] for each in suggested["suggestions"]
        ]
        answered = await say(admin, chat["id"], "Sure Sarah.", "agent", key="k-1")
        again = await say(admin, chat["id"], "Sure Sarah.", "agent", key="k-1")

        assert again.json() == answered.json()
        shown = (await admin.get(CHATS)).json()["chat"]
        assert shown["id"] == chat["id"]
        assert shown["lines"] == [asked.json(), answered.json()]
        assert [line["role"] for line in shown["lines"]] == ["customer", "agent"]


async def test_a_new_chat_ends_the_one_before(acme: TestCompany) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        first = await begin(admin)
        second = await begin(admin)

        assert (await admin.get(CHATS)).json()["chat"]["id"] == second["id"]
        late = await say(admin, first["id"], "Hello?")
        assert late.status_code == 409
        assert (await say(admin, second["id"], "Hello?")).status_code == 201


async def test_it_is_the_sandbox_whichever_host_is_asked(acme: TestCompany) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        chat = await begin(admin)
        await say(admin, chat["id"], "Hello")
        for host in ("production.localhost", "sandbox.localhost"):
            admin.headers["host"] = host
            assert (await admin.get(CHATS)).json()["chat"]["id"] == chat["id"]
            assert (await suggest(admin, chat["id"])).status_code == 200


@asynccontextmanager
async def live_at(acme: TestCompany, host: str) -> AsyncIterator[LiveClient]:
    """The administrator's live connection to a host by that name."""
    address = urlsplit(acme.server.socket_address)
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        cookie = "; ".join(f"{name}={value}" for name, value in admin.cookies.items())
        reached = address._replace(netloc=f"{host}:{address.port}").geturl()
        with socket.create_connection((address.hostname, address.port)) as line:
            async with LiveClient.open(reached, headers={"Cookie": cookie}, sock=line) as live:
                yield live


@pytest.mark.parametrize("host", ["127.0.0.1", "production.localhost"])
async def test_it_is_played_live(acme: TestCompany, host: str) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as admin, live_at(acme, host) as live:
        chat = (await begin(admin, customerName="Sam Ode"))["id"]
        topic = f"conversation/{chat}"
        await live.subscribe(topic)
        await say(admin, chat, "Where is my order?")
        asked = await live.event(topic, "message.sent")
        assert asked["data"]["role"] == "customer"

        answered = await live.ask("send", conversation=chat, key="a-1", text="On its way.")
        await live.ask("mark", conversation=chat, read=asked["seq"])
        heard = await live.event(topic, "message.sent", role="agent")
        assert heard["data"]["message"] == answered["message"]
        lines = (await admin.get(CHATS)).json()["chat"]["lines"]
        assert [line["text"] for line in lines] == ["Where is my order?", "On its way."]
        audiences = {audience for _, audience in await _events(acme, chat)}
        assert audiences == {int(Audience.PLAYER)}


async def test_nobody_else_sees_a_played_chat(acme: TestCompany) -> None:
    async with (
        acme.signed_in(Role.ADMINISTRATOR) as admin,
        acme.signed_in(Role.SUPERVISOR) as supervisor,
        acme.signed_in(Role.AGENT) as agent,
        acme.live(Role.SUPERVISOR) as watching,
        acme.api() as api,
    ):
        await agent.post("/desk/v1/status", json={"status": "active"})
        await watching.subscribe("conversations")
        chat = (await begin(admin))["id"]
        await say(admin, chat, "Is anybody there?")
        await begin(admin)

        for which in ("live", "ended"):
            listed = await supervisor.get("/desk/v1/conversations", params={"state": which})
            assert listed.json()["items"] == []
        for one in (supervisor, agent):
            assert (await one.get(f"/desk/v1/conversations/{chat}")).status_code == 404
            assert (
                await one.post(f"/desk/v1/conversations/{chat}/end", json={})
            ).status_code == 404
        refused = await watching.ask("subscribe", topic=f"conversation/{chat}")
        assert refused["type"] == "error"
        assert (await agent.get("/desk/v1/inbox")).json()["conversations"] == []
        await watching.ask("ping")
        assert watching.events.get("conversations", []) == []
        found = await api.get(
            "/conversation/v1/conversations",
            params={"agentExternalId": acme.people[Role.ADMINISTRATOR].id},
        )
        assert found.json()["items"] == []
        audiences = {audience for _, audience in await _events(acme, chat)}
        assert audiences == {int(Audience.PLAYER)}


async def test_only_who_plays_it_writes_in_it(acme: TestCompany, globex: TestCompany) -> None:
    colleague = await acme.add_person(Role.ADMINISTRATOR)
    async with (
        acme.signed_in(Role.ADMINISTRATOR) as admin,
        acme.signed_in(colleague) as other,
        globex.signed_in(Role.ADMINISTRATOR) as stranger,
        acme.signed_in(Role.AGENT) as agent,
        acme.signed_in(Role.SUPERVISOR) as supervisor,
    ):
        chat = (await begin(admin))["id"]
        for one in (other, stranger):
            assert (await one.get(CHATS)).json() == {"chat": None, "learnt": 0}
            assert (await say(one, chat, "Mine?")).status_code == 404
            assert (await suggest(one, chat)).status_code == 404
        for one in (agent, supervisor):
            assert (await one.get(CHATS)).status_code == 403
            assert (await one.post(CHATS, json={})).status_code == 403
            assert (await say(one, chat, "Mine?")).status_code == 403
            assert (await suggest(one, chat)).status_code == 404
        assert (await admin.get(CHATS)).json()["chat"]["lines"] == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/conversation/v1/conversations/{id}", None),
        ("GET", "/conversation/v1/conversations/{id}/messages", None),
        ("GET", "/conversation/v1/conversations/{id}/messages/{message}", None),
        ("POST", "/conversation/v1/conversations/{id}/messages", message("Mine?")),
        (
            "POST",
            "/conversation/v1/conversations/{id}/messages/batch",
            {"messages": [message("Mine?")]},
        ),
        (
            "POST",
            "/conversation/v1/conversations/{id}/authenticate",
            {"customerExternalId": "c", "auth": {"token": "t"}},
        ),
        ("POST", "/autocompose/v1/conversations/{id}/suggestions", {"query": "Sure"}),
        (
            "POST",
            "/autocompose/v1/conversations/{id}/message-analytic-events",
            {"type": "suggestion-1-inserted", "suggestionsId": "{set}"},
        ),
    ],
)
async def test_no_key_reads_or_writes_what_a_person_plays(
    acme: TestCompany, method: str, path: str, body: dict[str, Any] | None
) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as admin, acme.api() as api:
        chat = (await begin(admin, customerName="Sarah Jones"))["id"]
        said = (await say(admin, chat, "Is anybody there?")).json()["id"]
        offered = (await suggest(admin, chat)).json()["id"]
        if body is not None and "suggestionsId" in body:
            body = {**body, "suggestionsId": offered}

        answer = await api.request(method, path.format(id=chat, message=said), json=body)

        assert answer.status_code == 404, answer.text
        assert envelope(answer)["message"] == "Not found: there is no such conversation"
        assert len((await admin.get(CHATS)).json()["chat"]["lines"]) == 1


@pytest.mark.spec("CMP-101")
@pytest.mark.parametrize("names_conversation", [True, False])
async def test_no_key_reports_about_what_a_person_plays(
    acme: TestCompany, names_conversation: bool
) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as admin, acme.api() as api:
        chat = (await begin(admin, customerName="Sarah Jones"))["id"]
        said = (await say(admin, chat, "It is on its way.", "agent")).json()["id"]
        report = {"messageId": said, "augmentationType": ["FREEHAND"]}
        if names_conversation:
            report["conversationId"] = chat

        refused = await api.post(SENT, json=report)
        allowed = await admin.post(SENT, json=report)

    assert refused.status_code == 404, refused.text
    assert envelope(refused)["message"] == "Not found: there is no such message of an agent"
    assert allowed.status_code == 200, allowed.text


async def test_an_administrator_writes_in_no_real_conversation(acme: TestCompany) -> None:
    async with acme.api() as api, acme.signed_in(Role.ADMINISTRATOR) as admin:
        body = {
            "externalId": "real",
            "timestamp": "2026-03-04T09:10:11Z",
            "customer": {"externalId": "c"},
            "agent": {"externalId": "ag-1"},
        }
        real = (await api.post("/conversation/v1/conversations", json=body)).json()["id"]
        assert (await say(admin, real, "Hello")).status_code == 404
        assert (await suggest(admin, real)).status_code == 409


@pytest.mark.parametrize(
    "line",
    [
        {"role": "system", "text": "x", "key": "k"},
        {"role": "agent", "text": "", "key": "k"},
        {"role": "agent", "text": "x", "key": ""},
        {"role": "agent", "text": "x"},
    ],
)
async def test_a_wrong_line_is_not_said(acme: TestCompany, line: dict[str, str]) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        chat = (await begin(admin))["id"]
        answer = await admin.post(f"{CHATS}/{chat}/messages", json=line)
        assert answer.status_code == 400
        assert envelope(answer)["code"].startswith("400")
        assert (await admin.get(CHATS)).json()["chat"]["lines"] == []


async def test_two_new_chats_at_once_leave_one_to_play(acme: TestCompany) -> None:
    async with acme.signed_in(Role.ADMINISTRATOR) as admin:
        await begin(admin)
        begun = await asyncio.gather(*(begin(admin) for _ in range(4)))
        playing = (await admin.get(CHATS)).json()["chat"]["id"]
        assert playing in {chat["id"] for chat in begun}
        assert (await say(admin, playing, "Hello")).status_code == 201


async def _events(company: TestCompany, chat: str) -> list[tuple[str, int]]:
    database = company.database()
    try:
        async with database.reading() as session:
            query = select(LoggedEvent.type, LoggedEvent.audience).where(
                LoggedEvent.stream_id == chat
            )
            return [(kind, audience) for kind, audience in (await session.execute(query)).all()]
    finally:
        await database.close()


async def test_what_is_played_helps_its_player_and_nobody_else(acme: TestCompany) -> None:
    reply = "Let me look into our lost and found office right away."
    colleague = await acme.add_person(Role.ADMINISTRATOR)
    async with (
        acme.signed_in(Role.ADMINISTRATOR) as admin,
        acme.signed_in(colleague) as other,
        acme.api() as api,
    ):
        for _ in range(2):
            chat = (await begin(admin))["id"]
            await say(admin, chat, "I left my umbrella on the train.")
            assert (await say(admin, chat, reply, "agent")).status_code == 201
        async with asyncio.timeout(30):
            learnt = 0
            while not learnt:
                await asyncio.sleep(0.1)
                learnt = (await admin.get(CHATS)).json()["learnt"]

        # Elsewhere the same is said once: one agent, one conversation.
        real = await create(api)
        await api.post(f"{CONVERSATIONS}/{real}/messages", json=message(reply, "agent"))
        async with asyncio.timeout(30):
            counted: set[str] = set()
            while not counted:
                await asyncio.sleep(0.1)
                counted = await _counted(acme)
        assert counted == {real}
        played = (await begin(admin))["id"]
        await say(admin, played, "I left my umbrella on the train.")
        suggested = (await suggest(admin, played)).json()["suggestions"]
        assert reply in [each["text"] for each in suggested]
        theirs = (await begin(other))["id"]
        await say(other, theirs, "I left my umbrella on the train.")
        assert (await suggest(other, theirs)).json()["suggestions"] == []
        fresh = await create(api, agent="ag-2")
        asked = message("I left my umbrella on the train.")
        await api.post(f"{CONVERSATIONS}/{fresh}/messages", json=asked)
        assert await texts(api, fresh) == []


async def _counted(company: TestCompany) -> set[str]:
    database = company.database()
    try:
        async with database.reading() as session:
            query = select(MessageUsage.conversation_id)
            return set(await session.scalars(query.where(MessageUsage.company_id == company.id)))
    finally:
        await database.close()
