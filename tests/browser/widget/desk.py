"""An agent who answers customers, through the desk's own doors."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from rapport.core.identity import Role
from tests.support.company import Someone, TestCompany
from tests.support.live import LiveClient


class Agent:
    """Signed in, active, and following each conversation as it is assigned."""

    def __init__(self, live: LiveClient, http: httpx.AsyncClient) -> None:
        self.live = live
        self.http = http

    async def conversation(self, number: int = 1) -> str:
        """Return the id of the nth conversation assigned, followed from its beginning."""
        await self.live.until(lambda _: len(self._assigned()) >= number)
        conversation = self._assigned()[number - 1]
        await self.live.subscribe(f"conversation/{conversation}")
        return conversation

    async def hears(self, conversation: str, text: str) -> dict[str, Any]:
        """Return the event of a message with this text, when it came."""
        return await self.live.event(f"conversation/{conversation}", "message.sent", text=text)

    async def says(self, conversation: str, text: str) -> None:
        """Send a message."""
        key = str(uuid.uuid4())
        answer = await self.live.ask("send", conversation=conversation, key=key, text=text)
        assert answer["type"] == "ok", answer

    async def types(self, conversation: str) -> None:
        """Begin to type."""
        topic = f"conversation/{conversation}"
        await self.live.tell(
            {"type": "signal", "topic": topic, "kind": "typing", "data": {"typing": True}}
        )

    async def reads(self, conversation: str, up_to: int) -> None:
        """Read up to a message."""
        answer = await self.live.ask("mark", conversation=conversation, delivered=up_to, read=up_to)
        assert answer["type"] == "ok", answer

    async def ends(self, conversation: str) -> None:
        """End the conversation."""
        answer = await self.http.post(f"/desk/v1/conversations/{conversation}/end", json={})
        assert answer.status_code in {200, 201}, answer.text

    def _assigned(self) -> list[str]:
        events = self.live.events.get("me", [])
        return [e["data"]["conversation"] for e in events if e["type"] == "assignment.made"]


@asynccontextmanager
async def active_agent(
    company: TestCompany, who: Role | Someone = Role.AGENT
) -> AsyncIterator[Agent]:
    """Sign an agent in and let conversations come."""
    async with company.signed_in(who) as http, company.live(who) as live:
        agent = Agent(live, http)
        await live.subscribe("me")
        answer = await http.post("/desk/v1/status", json={"status": "active"})
        assert answer.status_code in {200, 201}, answer.text
        yield agent
