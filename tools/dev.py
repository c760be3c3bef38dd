"""`make dev`: the demo company with server and web that follow every change.

The server starts again when a Python file changes; the widget is built again; the desk is served
by Vite, which forwards the API to the server and replaces what changed in the open page.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
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
    """A process that is stopped, gently and then firmly, when the block ends."""
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until_changed(source: Path, since: float) -> None:
    """Return when a Python file below `source` is newer than `since`."""
    while newest(source) <= since:
        time.sleep(LOOK_SECONDS)


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
