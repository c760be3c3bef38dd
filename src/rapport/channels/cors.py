"""Lets other sites' pages use the chat: their visitors' browsers ask first."""

from __future__ import annotations

from typing import Any

from litestar.types import ASGIApp, Message, Receive, Scope, Send

OPEN_PATHS = ("/chat/v1/", "/sdk/")
# Any page may ask, none with cookies: whoever writes is known by a token that only its page has.
_ALLOWED = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"x-request-id, retry-after"),
]
_PREFLIGHT = [
    *_ALLOWED,
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type"),
    (b"access-control-max-age", b"7200"),
]


class OpenToPages:
    """Answers browsers that ask whether a page may call, and marks every answer as readable."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        request: Any = scope
        if request["type"] != "http" or not request["path"].startswith(OPEN_PATHS):
            await self._app(scope, receive, send)
        elif request["method"] == "OPTIONS":
            await _answer_preflight(send)
        else:
            await self._app(scope, receive, _marking(send))


def _marking(send: Send) -> Send:
    async def send_marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *_ALLOWED]
        await send(message)

    return send_marked


async def _answer_preflight(send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": _PREFLIGHT})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
