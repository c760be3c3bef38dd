"""Customers who chat, through the doors that the widget uses."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx

from tests.support.company import TestCompany
from tests.support.live import LiveClient


class Customer:
    """Somebody with an open conversation."""

    def __init__(self, live: LiveClient, conversation: str) -> None:
        self.live = live
        self.conversation = conversation

    @property
    def topic(self) -> str:
        """Where their conversation is heard."""
        return f"conversation/{self.conversation}"

    async def says(self, text: str) -> None:
        """Send a message."""
        key = str(uuid.uuid4())
        answer = await self.live.ask("send", conversation=self.conversation, key=key, text=text)
        assert answer["type"] == "ok", answer

    async def types(self) -> None:
        """Begin to type."""
        typing = {"type": "signal", "topic": self.topic, "kind": "typing", "data": {"typing": True}}
        await self.live.tell(typing)

    async def hears(self, text: str) -> dict[str, Any]:
        """Return the event of a message with this text, when it came."""
        return await self.live.event(self.topic, "message.sent", text=text)


Arrive = Callable[[str, str], Awaitable[Customer]]


@asynccontextmanager
async def customers_of(company: TestCompany) -> AsyncIterator[Arrive]:
    """Let customers arrive: `await arrive("Sam Ode", "Where is my order?")`."""
    async with AsyncExitStack() as stack:

        async def arrive(name: str, text: str) -> Customer:
            async with httpx.AsyncClient(base_url=company.server.address) as http:
                body = {"app": company.marker, "name": name}
                answer = await http.post("/chat/v1/sessions", json=body)
                assert answer.status_code in {200, 201}, answer.text
            address = company.server.socket_address
            token = answer.json()["token"]
            live = await stack.enter_async_context(LiveClient.open(address, token=token))
            opened = await live.ask("open", key=str(uuid.uuid4()), text=text)
            customer = Customer(live, opened["conversation"])
            await live.subscribe(customer.topic)
            return customer

        yield arrive
