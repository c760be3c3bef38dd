"""One reader's way out: bounded, in order, and caught up from the log when it falls behind."""

from __future__ import annotations

import asyncio
import time
from collections import deque

from rapport.live.settings import LiveSettings


class Outbox:
    """The texts that wait to be sent to one connection.

    Live frames are refused beyond the bounds; answers to requests always fit, because a client
    has only as many of them as it asked for one after the other.
    """

    def __init__(self, settings: LiveSettings) -> None:
        self._limit = settings.backlog_frames
        self._limit_bytes = settings.backlog_bytes
        self._texts: deque[str] = deque()
        self._bytes = 0
        self._wake = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()
        self._sending = False
        self.taken_at = time.monotonic()
        self.closing: tuple[int, str] | None = None

    def offer(self, text: str) -> bool:
        """Queue a live frame; False when the reader is too slow for it.

        A reader that waits for nothing is not slow, however large the frame.
        """
        if self._texts and self._is_full(text):
            return False
        self.push(text)
        return True

    def _is_full(self, text: str) -> bool:
        return len(self._texts) >= self._limit or self._bytes + len(text) > self._limit_bytes

    def push(self, text: str) -> None:
        """Queue an answer, or a frame read from the log for this reader alone."""
        if not self._texts:
            self.taken_at = time.monotonic()
            self._drained.clear()
        self._texts.append(text)
        self._bytes += len(text)
        self._wake.set()

    def close(self, code: int, reason: str) -> None:
        """Let the reader go once what waits is sent."""
        if self.closing is None:
            self.closing = (code, reason)
        self._wake.set()

    async def take(self) -> str | None:
        """Return the next text; None when there will be none."""
        while not self._texts:
            self._drained.set()
            if self.closing is not None:
                return None
            self._wake.clear()
            await self._wake.wait()
        self.taken_at = time.monotonic()
        text = self._texts.popleft()
        self._bytes -= len(text)
        return text

    async def drained(self) -> None:
        """Wait until everything queued has been taken."""
        await self._drained.wait()

    def stuck_for(self) -> float:
        """Return for how many seconds the reader has taken nothing though something waits."""
        return time.monotonic() - self.taken_at if self._texts or self._sending else 0.0

    @property
    def is_empty(self) -> bool:
        """Whether everything queued has been taken."""
        return not self._texts

    def sending(self, is_sending: bool) -> None:
        """Tell that a text is on its way into the socket, which may block."""
        self._sending = is_sending
