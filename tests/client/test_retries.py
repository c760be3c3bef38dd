"""The shipped client's retry schedule, against a server that really answers so."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import httpx
import pytest

from rapport.client import ApiClient, ApiError

pytestmark = pytest.mark.unit


class Answering(BaseHTTPRequestHandler):
    statuses: list[int]

    def do_POST(self) -> None:
        status = self.statuses.pop(0)
        body = b'{"error":{"requestId":"r-1","message":"no","code":"%d-01"}}' % status
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


async def pauses_for(address: str, *statuses: int) -> tuple[list[float], object]:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    Answering.statuses = list(statuses)
    async with ApiClient(address, "id", "secret", sleep=sleep) as client:
        try:
            return pauses, await client.call("POST", "/x", {})
        except ApiError as error:
            return pauses, error.status


@pytest.mark.spec("PLT-033")
async def test_a_429_is_tried_again_after_1_2_and_4_seconds(address: str) -> None:
    assert await pauses_for(address, 429, 429, 429, 429) == ([1.0, 2.0, 4.0], 429)
    pauses, result = await pauses_for(address, 429, 200)
    assert pauses == [1.0]
    assert isinstance(result, dict)


@pytest.mark.spec("PLT-034")
async def test_a_5xx_is_tried_again_after_250_500_and_1000_ms(address: str) -> None:
    assert await pauses_for(address, 500, 503, 502, 500) == ([0.25, 0.5, 1.0], 500)


@pytest.mark.spec("PLT-035")
@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
async def test_other_4xx_are_never_tried_again(address: str, status: int) -> None:
    assert await pauses_for(address, status) == ([], status)


@pytest.mark.spec("PLT-035")
async def test_a_409_means_it_is_there(address: str) -> None:
    assert await pauses_for(address, 409) == ([], None)


async def test_a_connection_that_fails_is_tried_again() -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async with ApiClient("http://127.0.0.1:9", "id", "secret", sleep=sleep) as client:
        with pytest.raises(httpx.ConnectError):
            await client.call("GET", "/x")
    assert pauses == [0.25, 0.5, 1.0]
