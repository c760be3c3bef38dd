"""The HTTP API with the documented retry schedule (PLT-033..035)."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Any

import httpx

# Seconds before each further try: of a 429, and of a 5xx or a connection that failed.
AFTER_TOO_MANY = (1.0, 2.0, 4.0)
AFTER_FAILURE = (0.25, 0.5, 1.0)

Sleep = Callable[[float], Awaitable[None]]


class ApiError(Exception):
    """The server's refusal: quote `request_id` to support."""

    def __init__(self, status: int, code: str, message: str, request_id: str) -> None:
        super().__init__(f"{code} {message} (request {request_id})")
        self.status = status
        self.code = code
        self.request_id = request_id


class ApiClient:
    """Calls the API with one key; creates are safe to repeat when they carry an idempotency key."""

    def __init__(
        self,
        address: str | Sequence[str],
        api_id: str,
        api_secret: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Sleep = asyncio.sleep,
        after_failure: tuple[float, ...] = AFTER_FAILURE,
    ) -> None:
        headers = {"rapport-api-id": api_id, "rapport-api-secret": api_secret}
        limits = httpx.Limits(max_connections=256)
        self._http = httpx.AsyncClient(
            headers=headers, transport=transport, timeout=30, limits=limits
        )
        # Nodes of one installation: when one cannot be reached the next one is asked.
        self._addresses = itertools.cycle([address] if isinstance(address, str) else address)
        self._address = next(self._addresses)
        self._sleep = sleep
        self._after_failure = after_failure

    async def __aenter__(self) -> ApiClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def call(
        self, method: str, path: str, body: Any = None, *, idempotency_key: str | None = None
    ) -> Any:
        """Make a call and return its JSON, or None without one.

        Raises ApiError for a refusal, at once for a 4xx other than 429, else after three more tries;
        httpx.TransportError when the server could not be reached by then. A 409 answers None: what
        was to be created is there.
        """
        headers = {} if idempotency_key is None else {"idempotency-key": idempotency_key}
        tried = 0
        while True:
            try:
                url = self._address + path
                answer = await self._http.request(method, url, json=body, headers=headers)
            except httpx.TransportError:
                self._address = next(self._addresses)
                if tried >= len(self._after_failure):
                    raise
                pause = self._after_failure[tried]
            else:
                schedule = self._schedule(answer.status_code)
                if tried >= len(schedule):
                    return _result(answer)
                pause = schedule[tried]
            tried += 1
            await self._sleep(pause)

    def _schedule(self, status: int) -> tuple[float, ...]:
        if status == 429:
            return AFTER_TOO_MANY
        return self._after_failure if status >= 500 else ()


def _result(answer: httpx.Response) -> Any:
    if answer.status_code == 409:
        return None
    if answer.is_success:
        return answer.json() if answer.content else None
    try:
        error = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        error = {"code": f"{answer.status_code}-00", "message": "no envelope", "requestId": ""}
    raise ApiError(answer.status_code, error["code"], error["message"], error["requestId"])
