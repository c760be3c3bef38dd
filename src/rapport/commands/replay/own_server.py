"""A demo server of the replay's own, in a temporary folder and process."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from rapport.commands.replay.parties import Credentials, SignIn
from rapport.commands.runtime import fail


@contextmanager
def own_server() -> Iterator[tuple[str, Credentials]]:
    """Start a demo, hand out its address and credentials, stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="rapport-replay-") as folder:
        command = [
            sys.executable,
            "-m",
            "rapport",
            "demo",
            "--json",
            "--port",
            "0",
            "--data",
            folder,
        ]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603 (our own program)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                fail("The demo server did not start.")
            yield _read(msgspec.json.decode(line))
        finally:
            process.terminate()
            process.wait(20)


def _read(told: dict[str, object]) -> tuple[str, Credentials]:
    shape = msgspec.convert(told, _Told)
    credentials = Credentials(
        shape.organization, shape.api["id"], shape.api["secret"], shape.sign_ins
    )
    return shape.addresses["api"], credentials


class _Told(msgspec.Struct):
    addresses: dict[str, str]
    organization: str
    api: dict[str, str]
    sign_ins: list[SignIn]
