"""The desk over the real server: two customers, two agents, a supervisor, and strangers."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from rapport.core.identity import Role
from tests.support.company import TestCompany
from tests.support.customers import let_in

pytestmark = pytest.mark.api


async def inbox(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/desk/v1/inbox")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def be(client: httpx.AsyncClient, status: str) -> None:
    answer = await client.post("/desk/v1/status", json={"status": status})
    assert (answer.status_code, answer.json()) == (200, {"status": status})


async def events_of(acme: TestCompany, conversation: str) -> list[str]:
    async with acme.live(Role.SUPERVISOR) as live:
        topic = f"conversation/{conversation}"
        await live.subscribe(topic)
        await live.ask("ping")
        return [event["type"] for event in live.events.get(topic, [])]


async def test_a_conversation_finds_its_agent_and_both_talk(acme: TestCompany) -> None:
    agent = acme.people[Role.AGENT]
    async with acme.signed_in(Role.AGENT) as client, acme.live(Role.AGENT) as desk:
        await desk.subscribe("me")
        assert await inbox(client) == {
            "status": "away",
            "slots": 3,
            "conversations": [],
            "cursor": "0",
        }
        await be(client, "active")
        await desk.event("me", "agent.status_changed", status="active")

        visitor = await let_in(acme, name="Sam Ode")
        async with visitor.live() as page:
            opened = await page.ask("open", key="1", text="Where is my order?")
            conversation = opened["conversation"]
            made = await desk.event("me", "assignment.made", conversation=conversation)
            assert made["data"]["customer"] == {"id": visitor.id, "name": "Sam Ode"}

            topic = f"conversation/{conversation}"
            await desk.subscribe(topic)
            await page.subscribe(topic)
            joined = await page.event(topic, "participant.joined")
            assert joined["data"]["id"] == agent.id
            assert joined["data"]["name"] == agent.name
            answer = await desk.ask("send", conversation=conversation, key="2", text="On its way")
            assert answer["type"] == "ok"
            await page.event(topic, "message.sent", text="On its way")
            await page.ask("send", conversation=conversation, key="3", text="Thank you")
            await desk.event(topic, "message.sent", text="Thank you")

            (summary,) = (await inbox(client))["conversations"]
            assert summary["id"] == conversation
            assert summary["channel"] == "web"
            assert summary["customer"]["name"] == "Sam Ode"
            assert summary["agent"] == {"id": agent.id, "external_id": agent.id, "name": agent.name}
            assert summary["last_text"] == "Thank you"
            assert summary["last_role"] == "customer"
            assert summary["waiting_since"] == summary["last_at"]
            assert summary["unread"] == 2

            await desk.ask("mark", conversation=conversation, read=answer["seq"])
            (summary,) = (await inbox(client))["conversations"]
            assert summary["unread"] == 1
            await desk.ask("send", conversation=conversation, key="4", text="You are welcome")
            (summary,) = (await inbox(client))["conversations"]
            assert summary["waiting_since"] is None
            assert summary["last_role"] == "agent"


async def test_the_desk_continues_from_the_inbox(acme: TestCompany) -> None:
    async with acme.signed_in(Role.AGENT) as client, acme.live(Role.AGENT) as desk:
        await be(client, "active")
        earlier = await (await let_in(acme)).opens()
        async with asyncio.timeout(10):
            held: list[str] = []
            while earlier not in held:
                await asyncio.sleep(0.02)
                shown = await inbox(client)
                held = [each["id"] for each in shown["conversations"]]

        await desk.subscribe("me", shown["cursor"])
        await client.post(f"/desk/v1/conversations/{earlier}/end", json={})

        await desk.event("me", "assignment.ended", conversation=earlier)
        assert [event["type"] for event in desk.events["me"]] == ["assignment.ended"]


async def test_two_agents_share_two_customers_and_the_third_waits(acme: TestCompany) -> None:
    ann = await acme.add_person(Role.AGENT, slots=1, name="Ann")
    ben = await acme.add_person(Role.AGENT, slots=1, name="Ben")
    async with (
        acme.signed_in(ann) as ann_client,
        acme.signed_in(ben) as ben_client,
        acme.live(ann) as ann_desk,
        acme.live(ben) as ben_desk,
    ):
        for client, desk in ((ann_client, ann_desk), (ben_client, ben_desk)):
            await desk.subscribe("me")
            await be(client, "active")
        customers = [await let_in(acme) for _ in range(3)]
        first, second, third = [await customer.opens() for customer in customers]
        mine = (await ann_desk.event("me", "assignment.made"))["data"]["conversation"]
        theirs = (await ben_desk.event("me", "assignment.made"))["data"]["conversation"]
        assert {mine, theirs} == {first, second}
        assert await events_of(acme, third) == ["conversation.opened", "message.sent"]

        for refused in (
            await ann_desk.subscribe(f"conversation/{theirs}"),
            await ann_desk.ask("send", conversation=theirs, key="x", text="Mine!"),
        ):
            assert refused["error"]["code"] == "404-01"
        assert (await ann_client.get(f"/desk/v1/conversations/{theirs}")).status_code == 404
        ended = await ann_client.post(f"/desk/v1/conversations/{theirs}/end", json={})
        assert ended.status_code == 404

        ended = await ann_client.post(
            f"/desk/v1/conversations/{mine}/end",
            json={"note": "Refund for card 4111 1111 1111 1111"},
        )
        assert ended.status_code == 200, ended.text
        assert ended.json()["ended_at"] is not None
        assert ended.json()["waiting_since"] is None
        await ann_desk.event("me", "assignment.ended", conversation=mine, reason="agent")
        await ann_desk.event("me", "assignment.made", conversation=third)

        again = await ann_client.post(f"/desk/v1/conversations/{mine}/end", json={})
        assert again.status_code == 200
        assert (await events_of(acme, mine)).count("conversation.ended") == 1

        shown = (await ann_client.get(f"/desk/v1/conversations/{mine}")).json()
        (note,) = shown["notes"]
        assert note["author"] == "Ann"
        assert "4111" not in note["text"]
        assert note["text"].startswith("Refund for card")
        assert shown["metadata"] == {}


async def test_supervisors_see_the_team_and_all_live_conversations(acme: TestCompany) -> None:
    async with acme.signed_in(Role.SUPERVISOR) as client, acme.live(Role.SUPERVISOR) as live:
        customers = [await let_in(acme, name=name) for name in ("Kim", "Lee", "Max")]
        ids = [await customer.opens(f"I am {n}") for n, customer in enumerate(customers)]
        page = (await client.get("/desk/v1/conversations", params={"limit": 2})).json()
        assert [item["id"] for item in page["items"]] == [ids[2], ids[1]]
        rest = await client.get("/desk/v1/conversations", params={"cursor": page["nextCursor"]})
        assert [item["id"] for item in rest.json()["items"]] == [ids[0]]
        assert rest.json()["nextCursor"] is None

        for search in ("lEE", "am 1"):
            found = (await client.get("/desk/v1/conversations", params={"q": search})).json()
            # The search looks at what the reader has kept, which is there within moments.
            async with asyncio.timeout(10):
                while not found["items"]:
                    found = (
                        await client.get("/desk/v1/conversations", params={"q": search})
                    ).json()
            assert [item["id"] for item in found["items"]] == [ids[1]]
        assert (await client.get("/desk/v1/conversations", params={"q": "%"})).json()["items"] == []

        await live.subscribe("conversations", cursor=page["cursor"])
        ended = await client.post(f"/desk/v1/conversations/{ids[0]}/end", json={"note": "spam"})
        assert ended.status_code == 200
        told = await live.event("conversations", "conversation.ended")
        assert (told["conversation"], told["data"]["reason"]) == (ids[0], "supervisor")
        over = (await client.get("/desk/v1/conversations", params={"state": "ended"})).json()
        assert [item["id"] for item in over["items"]] == [ids[0]]

        team = (await client.get("/desk/v1/team")).json()["items"]
        agent = next(one for one in team if one["id"] == acme.people[Role.AGENT].id)
        assert agent == {
            "id": agent["id"],
            "name": "Agent One",
            "role": "agent",
            "status": "away",
            "slots": 3,
            "used": 0,
        }


async def test_a_list_and_the_stream_after_it_miss_nothing_and_repeat_nothing(
    acme: TestCompany,
) -> None:
    visitor = await let_in(acme)
    async with (
        acme.signed_in(Role.SUPERVISOR) as client,
        acme.live(Role.SUPERVISOR) as live,
        visitor.live() as page,
    ):
        conversation = (await page.ask("open", key="0", text="0"))["conversation"]

        async def talk() -> None:
            for n in range(1, 30):
                await page.ask("send", conversation=conversation, key=str(n), text=str(n))

        talking = asyncio.create_task(talk())
        await page.until(lambda m: m["type"] == "ok" and "message" in m and m["id"] == "5")
        listed = (await client.get("/desk/v1/conversations")).json()
        await live.subscribe("conversations", cursor=listed["cursor"])
        await talking
        await live.event("conversations", "message.sent", text="29")
        (summary,) = listed["items"]
        heard = [
            int(event["data"]["text"])
            for event in live.events["conversations"]
            if event["type"] == "message.sent"
        ]
        assert heard == list(range(int(summary["last_text"]) + 1, 30))
        assert summary["unread"] == int(summary["last_text"]) + 1


async def test_strangers_find_nothing(acme: TestCompany, globex: TestCompany) -> None:
    conversation = await (await let_in(acme)).opens()
    before = await events_of(acme, conversation)
    async with globex.signed_in(Role.SUPERVISOR) as stranger, globex.live(Role.SUPERVISOR) as live:
        path = f"/desk/v1/conversations/{conversation}"
        foreign = await stranger.get(path)
        missing = await stranger.get("/desk/v1/conversations/01JNFQ2X8Z6T0V4M9S3B7D5KCE")
        assert foreign.status_code == missing.status_code == 404
        assert foreign.json()["error"]["message"] == missing.json()["error"]["message"]
        assert (await stranger.post(f"{path}/end", json={})).status_code == 404
        assert (await stranger.get("/desk/v1/conversations")).json()["items"] == []
        assert (await live.subscribe(f"conversation/{conversation}"))["error"]["code"] == "404-01"
    assert await events_of(acme, conversation) == before


@pytest.mark.parametrize(
    ("role", "method", "path", "body", "status"),
    [
        (Role.AGENT, "GET", "/desk/v1/conversations", None, 403),
        (Role.AGENT, "GET", "/desk/v1/team", None, 403),
        (Role.DEVELOPER, "GET", "/desk/v1/inbox", None, 403),
        (Role.ADMINISTRATOR, "POST", "/desk/v1/status", {"status": "active"}, 403),
        (Role.AGENT, "POST", "/desk/v1/status", {"status": "asleep"}, 400),
        (Role.AGENT, "POST", "/desk/v1/status", {}, 400),
        (Role.SUPERVISOR, "GET", "/desk/v1/conversations?state=lost", None, 400),
        (Role.SUPERVISOR, "GET", "/desk/v1/conversations?limit=0", None, 400),
        (Role.SUPERVISOR, "GET", "/desk/v1/conversations?limit=201", None, 400),
        (Role.SUPERVISOR, "GET", "/desk/v1/conversations?q=" + 201 * "x", None, 400),
        (Role.SUPERVISOR, "GET", "/desk/v1/conversations?cursor=x", None, 400),
        (Role.SUPERVISOR, "GET", "/desk/v1/conversations?q=%00", None, 400),
    ],
)
async def test_what_is_refused(
    acme: TestCompany, role: Role, method: str, path: str, body: Any, status: int
) -> None:
    async with acme.signed_in(role) as client:
        answer = await client.request(method, path, json=body)
        assert answer.status_code == status, answer.text
        assert set(answer.json()["error"]) == {"requestId", "message", "code"}
    async with acme.signed_in(Role.AGENT) as agent:
        assert (await inbox(agent))["status"] == "away"


async def test_a_note_is_at_most_a_thousand_characters(acme: TestCompany) -> None:
    conversation = await (await let_in(acme)).opens()
    before = await events_of(acme, conversation)
    async with acme.signed_in(Role.SUPERVISOR) as client:
        for note in ("x" * 1001, "a\x00b"):
            path = f"/desk/v1/conversations/{conversation}/end"
            assert (await client.post(path, json={"note": note})).status_code == 400
    assert await events_of(acme, conversation) == before


async def test_customers_and_nobody_have_no_desk(acme: TestCompany) -> None:
    visitor = await let_in(acme)
    async with visitor.live() as live:
        assert (await live.subscribe("me"))["error"]["code"] == "403-01"
        assert (await live.subscribe("conversations"))["error"]["code"] == "403-01"
    async with httpx.AsyncClient(base_url=acme.server.address) as client:
        assert (await client.get("/desk/v1/inbox")).status_code == 401
        assert (await client.get("/desk/v1/heartbeat")).status_code == 401


@pytest.mark.spec("PLT-249")
async def test_the_heartbeat_of_a_healthy_server_is_204(acme: TestCompany) -> None:
    async with acme.signed_in(Role.AGENT) as client:
        for _ in range(3):
            answer = await client.get("/desk/v1/heartbeat")
            assert (answer.status_code, answer.content) == (204, b"")
