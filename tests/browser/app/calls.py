"""What a page asks of the server, in order: its HTTP beside what it says on its socket."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any, NamedTuple

from playwright.async_api import Page, Request, Response, WebSocket

_NAMES = {
    "suggestions": r"/autocompose/v1/conversations/\w+/suggestions$",
    "spellcheck": r"/autocompose/v1/spellcheck/correction$",
    "profanity": r"/autocompose/v1/profanity/evaluation$",
    "message-sent": r"/autocompose/v1/analytics/message-sent$",
    "events": r"/autocompose/v1/conversations/\w+/message-analytic-events$",
}
# What one asks of a conversation record is asked of the socket here.
_ASKED = {"subscribe": "conversations", "send": "messages"}


class Call(NamedTuple):
    """One request: which of those a composer makes, and with what."""

    name: str
    body: dict[str, Any]


class Calls:
    """The calls of one page; made before it goes anywhere."""

    def __init__(self, page: Page) -> None:
        self.all: list[Call] = []
        self._noted = asyncio.Event()
        self.refused: list[str] = []
        page.on("request", self._note)
        page.on("response", self._hear)
        page.on("websocket", self._listen)

    @property
    def names(self) -> list[str]:
        """What was called, one after the other, without what only tells of an act."""
        return [call.name for call in self.all if call.name != "events"]

    def of(self, name: str) -> list[dict[str, Any]]:
        """The bodies of all calls of one kind."""
        return [call.body for call in self.all if call.name == name]

    def forget(self) -> None:
        """Begin anew."""
        self.all.clear()
        self.refused.clear()

    async def last(self, name: str, count: int = 1) -> dict[str, Any]:
        """The body of the call that makes it `count` of a kind, when it was made."""
        async with asyncio.timeout(15):
            while len(found := self.of(name)) < count:
                self._noted.clear()
                await self._noted.wait()
        return found[count - 1]

    def _note(self, request: Request) -> None:
        path = request.url.partition("?")[0]
        for name, pattern in _NAMES.items():
            if re.search(pattern, path):
                self._add(Call(name, json.loads(request.post_data or "{}")))

    def _hear(self, response: Response) -> None:
        if response.status >= 400 and "/autocompose/" in response.url:
            self.refused.append(f"{response.status} {response.url}")

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._said)

    def _said(self, payload: str | bytes) -> None:
        body = json.loads(payload)
        name = _ASKED.get(body.get("type", ""))
        if name and (name == "messages" or str(body.get("topic")).startswith("conversation/")):
            self._add(Call(name, body))

    def _add(self, call: Call) -> None:
        self.all.append(call)
        self._noted.set()


def in_order(expected: list[str], names: list[str]) -> bool:
    """Whether all of `expected` was called, in that order, with anything in between."""
    rest = iter(names)
    return all(name in rest for name in expected)
