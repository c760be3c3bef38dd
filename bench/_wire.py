"""Lean HTTP and WebSocket clients: a load generator must leave the processor to the server."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable, Mapping
from typing import cast

HOST = "127.0.0.1"


def request(
    method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> bytes:
    """Return a complete HTTP/1.1 request, to be sent again and again without being built again."""
    lines = [f"{method} {path} HTTP/1.1", "host: localhost", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines.append("content-type: application/json")
    return "\r\n".join([*lines, "", ""]).encode() + body


class HttpConnection(asyncio.Protocol):
    """One kept-alive connection; one request at a time, each answer handed over whole."""

    def __init__(self, on_answer: Callable[[HttpConnection, bytes], None]) -> None:
        self._on_answer = on_answer
        self._transport: asyncio.Transport | None = None
        self._received = b""

    @classmethod
    async def open(
        cls, port: int, on_answer: Callable[[HttpConnection, bytes], None]
    ) -> HttpConnection:
        """Connect to a port of this machine."""
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(lambda: cls(on_answer), HOST, port)
        return connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def send(self, data: bytes) -> None:
        """Send one request; not before the last one was answered."""
        assert self._transport is not None
        self._transport.write(data)

    def data_received(self, data: bytes) -> None:
        """Gather an answer and hand it over."""
        received = self._received = self._received + data if self._received else data
        if is_complete(received):
            self._received = b""
            self._on_answer(self, received)

    def connection_lost(self, _error: Exception | None) -> None:
        """Hand over what there is: an answer that broke off is none."""
        if self._received:
            self._on_answer(self, b"")

    def close(self) -> None:
        """Disconnect."""
        if self._transport is not None:
            self._transport.close()


def is_complete(answer: bytes) -> bool:
    """Whether all of an HTTP answer has arrived, whether counted or in chunks."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = answer[:end].lower()
    _, found, length = head.partition(b"content-length:")
    if found:
        return len(answer) - end - 4 >= int(length.partition(b"\r\n")[0])
    return b"chunked" not in head or answer.endswith(b"\r\n0\r\n\r\n")


class Socket(asyncio.Protocol):
    """One WebSocket: hands over each text as bytes, answers pings, remembers why it was closed."""

    def __init__(self, on_text: Callable[[bytes], None]) -> None:
        self.closed: int | None = None
        self._on_text = on_text
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._is_open = False
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @classmethod
    async def open(
        cls,
        port: int,
        path: str,
        on_text: Callable[[bytes], None],
        headers: Mapping[str, str] | None = None,
    ) -> Socket:
        """Connect and shake hands. Raises ConnectionError when refused."""
        loop = asyncio.get_running_loop()
        _, socket = await loop.create_connection(lambda: cls(on_text), HOST, port)
        upgrade = {
            "upgrade": "websocket",
            "connection": "Upgrade",
            "sec-websocket-version": "13",
            "sec-websocket-key": base64.b64encode(os.urandom(16)).decode(),
        }
        assert socket._transport is not None
        socket._transport.write(request("GET", path, headers={**upgrade, **(headers or {})}))
        await socket._opened
        return socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, _error: Exception | None) -> None:
        """Remember that the line is dead, if nobody said why."""
        if self.closed is None:
            self.closed = 1006
        if not self._opened.done():
            self._opened.set_exception(ConnectionError("the handshake broke off"))

    def send(self, text: bytes) -> None:
        """Send a text."""
        self._write(0x1, text)

    def close(self) -> None:
        """Disconnect."""
        if self._transport is not None:
            self._transport.close()

    def _write(self, opcode: int, payload: bytes) -> None:
        length = len(payload)
        if length < 126:
            head = bytes((0x80 | opcode, 0x80 | length))
        else:
            head = bytes((0x80 | opcode, 0x80 | 126)) + length.to_bytes(2, "big")
        assert self._transport is not None
        # Clients must mask; a mask of zeros is one, and leaves the payload as it is.
        self._transport.write(head + b"\0\0\0\0" + payload)

    def data_received(self, data: bytes) -> None:
        """Take what arrived apart into frames."""
        buffer = self._rest + data if self._rest else data
        if not self._is_open:
            head, complete, buffer = buffer.partition(b"\r\n\r\n")
            if not complete:
                self._rest = head
                return
            self._shake(head)
        self._rest = self._frames(buffer)

    def _shake(self, head: bytes) -> None:
        self._is_open = True
        if head.startswith(b"HTTP/1.1 101"):
            self._opened.set_result(None)
        else:
            self._opened.set_exception(ConnectionError(head.decode()))

    def _frames(self, buffer: bytes) -> bytes:
        at, size = 0, len(buffer)
        while size - at >= 2:
            length, begin = buffer[at + 1], at + 2
            if length >= 126:
                begin += 2 if length == 126 else 8
                if begin > size:
                    break
                length = int.from_bytes(buffer[at + 2 : begin], "big")
            end = begin + length
            if end > size:
                break
            if buffer[at] == 0x81:
                self._on_text(buffer[begin:end])
            else:
                self._control(buffer[at] & 15, buffer[begin:end])
            at = end
        return buffer[at:]

    def _control(self, opcode: int, payload: bytes) -> None:
        if opcode == 0x9:
            self._write(0xA, payload)
        elif opcode == 0x8:
            self.closed = int.from_bytes(payload[:2], "big")
            self.close()
