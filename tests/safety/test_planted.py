"""What people tell where they should not is nowhere afterwards: files, log, frames, figures."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from tests.safety.doors import Doors
from tests.support.nodes import Node, files_of

pytestmark = pytest.mark.api

# What is stored nowhere leaves no word behind either.
UNKEPT = {"query", "desk query", "searches", "credentials"}


def assert_nowhere(doors: Doors, evidence: dict[str, bytes]) -> None:
    """Fail with door, kind and place of every secret that can be read somewhere."""
    leaks = [
        f"{where}: {secret.kind} told at {door!r} as {spelling!r}"
        for where, content in evidence.items()
        for door, secret in doors.all_secrets()
        for spelling in secret.found_in(content)
    ]
    assert not leaks, "\n".join(leaks)


def assert_kept(doors: Doors, stored: bytes) -> None:
    """Fail if a door kept nothing: its secrets would be absent for that reason."""
    for door, told in doors.told.items():
        kept = [secret.kind for secret in told if secret.word.encode() in stored]
        assert (not kept) if door in UNKEPT else kept, door


def heard(doors: Doors) -> dict[str, bytes]:
    """Return what each party received on its socket, and what was answered to requests."""
    frames = {who: json.dumps(messages).encode() for who, messages in doors.heard.items()}
    assert all(b'"frame"' in received for received in frames.values())
    return {**frames, "answers": "\n".join(doors.answers).encode()}


async def metrics_of(node: Node) -> bytes:
    async with httpx.AsyncClient() as client:
        return (await client.get(f"{node.address}/metrics")).content


@pytest.mark.spec("PLT-069", "PLT-232")
@pytest.mark.parametrize("everything", [False, True], ids=["default", "everything"])
async def test_secrets_are_in_no_file_log_or_frame(tmp_path: Path, everything: bool) -> None:
    node = Node(tmp_path / "node")
    told = node.start()
    try:
        doors = Doors(node.address, told, everything=everything)
        await doors.tell_everything()
        running = b"".join(files_of(node.folder))
        figures = await metrics_of(node)
    finally:
        node.stop()
    stored = b"".join(files_of(node.folder))

    assert_kept(doors, stored)
    log = node.log.read_bytes()
    assert log.count(b"request_refused") > 50
    places = {"files": running, "files after": stored, "log": log, "metrics": figures}
    assert_nowhere(doors, places | heard(doors))
