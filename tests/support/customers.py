"""Customers of a test company, as the pages of the web chat let them in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.support.company import TestCompany
from tests.support.live import LiveClient


async def ask_session(company: TestCompany, **fields: Any) -> httpx.Response:
    """Ask for a chat session as a page of the company does."""
    async with httpx.AsyncClient(base_url=company.server.address, timeout=20) as client:
        while True:
            body = {"app": company.marker, **fields}
            answer = await client.post("/chat/v1/sessions", json=body)
            # All tests come from one address.
            if answer.status_code != 429:
                return answer


class TestCustomer:
    """Somebody in a chat session."""

    __test__ = False

    def __init__(self, company: TestCompany, session: dict[str, Any]) -> None:
        self.company = company
        self.session = session
        self.token: str = session["token"]
        self.id: str = session["customer"]["id"]

    @asynccontextmanager
    async def live(self) -> AsyncIterator[LiveClient]:
        """Return a live connection of the customer."""
        address = self.company.server.socket_address
        async with LiveClient.open(address, token=self.token) as live:
            yield live

    async def opens(self, text: str = "Hello", key: str = "first") -> str:
        """Say something, and return the conversation it is in."""
        async with self.live() as live:
            answer = await live.ask("open", key=key, text=text)
        assert answer["type"] == "ok", answer
        return str(answer["conversation"])

    async def history(self) -> list[dict[str, Any]]:
        """Return the customer's conversations."""
        async with httpx.AsyncClient(base_url=self.company.server.address) as client:
            headers = {"authorization": f"Bearer {self.token}"}
            answer = await client.get("/chat/v1/conversations", headers=headers)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


async def let_in(company: TestCompany, **fields: Any) -> TestCustomer:
    """Begin a chat session of a company."""
    answer = await ask_session(company, **fields)
    assert answer.status_code == 200, answer.text
    return TestCustomer(company, answer.json())
