"""What happens to every request before the framework sees it: pure ASGI, outermost."""

from __future__ import annotations

import contextlib
import time
import uuid
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from rapport.core.identity import Environment
from rapport.core.settings import ServerSettings
from rapport.core.telemetry.metrics import Metrics

_REQUEST_ID = "rapport.request_id"
_ENVIRONMENT = "rapport.environment"
_LEFT_OPEN = "rapport.left_open"


def request_id_of(scope: Any) -> str:
    """Return the id under which support finds this request in the logs (PLT-013)."""
    return str(scope[_REQUEST_ID])


def environment_of(scope: Any) -> Environment:
    """Return the environment that the request's host name stands for (PLT-007)."""
    environment: Environment = scope[_ENVIRONMENT]
    return environment


def left_open_by(scope: Any) -> list[AbstractAsyncContextManager[Any]]:
    """Return what a request has opened and must not outlive it."""
    opened: list[AbstractAsyncContextManager[Any]] = scope.setdefault(_LEFT_OPEN, [])
    return opened


async def _close_left_open(scope: Any) -> None:
    for opened in scope.pop(_LEFT_OPEN, ()):
        abandoned = RuntimeError("the request ended without its transaction")
        with contextlib.suppress(RuntimeError):
            await opened.__aexit__(RuntimeError, abandoned, None)


def header(scope: Any, name: bytes) -> str:
    """Return a header of a request by its name in lower case; empty where there is none."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return ""


class Edge:
    """Gives each request its id and environment, refuses plain HTTP where told to, and counts."""

    def __init__(self, app: ASGIApp, settings: ServerSettings, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._require_https = settings.require_https
        self._default = Environment(settings.default_environment)
        self._hosts = {
            **dict.fromkeys(settings.sandbox_hosts, Environment.SANDBOX),
            **dict.fromkeys(settings.production_hosts, Environment.PRODUCTION),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        annotated: Any = scope
        if annotated["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        request_id = str(uuid.uuid4())
        annotated[_REQUEST_ID] = request_id
        host = header(scope, b"host").rpartition(":")[0] or header(scope, b"host")
        annotated[_ENVIRONMENT] = self._hosts.get(host, self._default)
        if annotated["type"] == "http":
            await self._serve_http(scope, receive, send, request_id)
        else:
            await self._app(scope, receive, send)

    async def _serve_http(self, scope: Any, receive: Receive, send: Send, request_id: str) -> None:
        started = time.perf_counter()
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = list(message.get("headers", ()))
                headers.append((b"x-request-id", request_id.encode()))
                message["headers"] = headers
            await send(message)

        if self._require_https and scope["scheme"] != "https":
            await _refuse_plain_http(send_with_id, request_id)
            return
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            await _close_left_open(scope)
            template = scope.get("path_template") or "unknown"
            self._metrics.request(template, status, time.perf_counter() - started)


async def _refuse_plain_http(send: Send, request_id: str) -> None:
    """Refuse, never redirect: a redirect would teach clients to send keys in the clear (PLT-006)."""
    error = {"requestId": request_id, "message": "Forbidden: use https", "code": "403-02"}
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send(
        {
            "type": "http.response.body",
            "body": msgspec.json.encode({"error": error}),
            "more_body": False,
        }
    )
