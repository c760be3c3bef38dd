"""Recorded conversations: JSON lines of `{"id", "messages": [{"role", "text"}]}`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec


class Turn(msgspec.Struct):
    """Something said."""

    role: str
    text: str


class Recording(msgspec.Struct):
    """One recorded conversation."""

    id: str
    messages: list[Turn]


def recordings(path: Path, limit: int | None) -> Iterator[Recording]:
    """Read a file's conversations that have something to say, at most `limit`.

    Raises msgspec.DecodeError for a line that is no such conversation.
    """
    decode = msgspec.json.Decoder(Recording).decode
    count = 0
    with path.open("rb") as file:
        for line in file:
            if limit is not None and count >= limit:
                return
            recording = decode(line)
            recording.messages = [turn for turn in recording.messages if turn.text.strip()]
            if recording.messages:
                count += 1
                yield recording
