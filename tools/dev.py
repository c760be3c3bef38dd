"""`make dev`: the demo company with server and web that follow every change.

The server starts again when a Python file changes; the widget is built again; the desk is served
by Vite, which forwards the API to the server and replaces what changed in the open page.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "rapport"
LOOK_SECONDS = 0.5
STOP_SECONDS = 10.0


def newest(source: Path) -> float:
    """When a Python file below `source` was last written, seconds since the epoch."""
    return max((file.stat().st_mtime for file in source.rglob("*.py")), default=0.0)


@contextlib.contextmanager
def running(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process and its children, stopped gently and then firmly when the block ends."""
    # A group of its own: npm does not pass signals on to what its scripts started.
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        yield process
    finally:
        _signal_group(process, signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            _signal_group(process, signal.SIGKILL)
            process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def until(condition: Callable[[], bool]) -> None:
    """Return when the condition holds, looking twice a second."""
    while not condition():
        time.sleep(LOOK_SECONDS)


def until_changed(source: Path, since: float) -> None:
    """Return when a Python file below `source` is newer than `since`."""
    until(lambda: newest(source) > since)


def main(arguments: Sequence[str]) -> int:
    """Run until Ctrl+C; the arguments go to `rapport demo`."""
    server = [str(Path(sys.executable).parent / "rapport"), "demo", *arguments]
    with contextlib.suppress(KeyboardInterrupt), running(["npm", "--prefix", "web", "run", "dev"]):
        while True:
            written = newest(SOURCE)
            with running(server):
                until_changed(SOURCE, written)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
