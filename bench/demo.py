"""From a clean clone to the first page: `make demo`, with the packages cached.

    python -m bench.demo

Clones this repository's last commit into a temporary folder, runs `make demo` there, and stops the
time when the demo shop's page is answered.
"""

import argparse
import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import httpx

from bench._figures import tell
from bench._rapport import stop_with_us

ROOT = Path(__file__).resolve().parent.parent
TARGET_SECONDS = 60
# The clone must make an environment of its own, whatever this script runs in.
INHERITED = ("VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "UV", "ARGS")


def first_page(folder: Path) -> float:
    """Seconds from `git clone` to the first page."""
    environment = {name: value for name, value in os.environ.items() if name not in INHERITED}
    began = time.perf_counter()
    clone = folder / "rapport"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    errors = folder / "errors"
    with errors.open("wb") as file:
        process = subprocess.Popen(
            ["make", "demo", "ARGS=--json --port 0"],
            cwd=clone,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=file,
            start_new_session=True,
        )
    try:
        told = json.loads(first_object(process) or b"null")
        if told is None:
            raise RuntimeError(errors.read_text()[-2_000:])
        httpx.get(told["addresses"]["shop"]).raise_for_status()
        return time.perf_counter() - began
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        # The server ends after `make` does: its pipe closes with the last of them.
        process.communicate(timeout=30)


def first_object(process: subprocess.Popen[bytes]) -> bytes:
    """Return the first line that is JSON, none when it ended without: others come from the building."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(b"{"):
            return line
    return b""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.parse_args()
    stop_with_us()
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder:
        seconds = first_page(Path(folder))
        target = f"<= {TARGET_SECONDS}"
        tell("make demo, from clone to first page", seconds, "s", target=target)


if __name__ == "__main__":
    main()
