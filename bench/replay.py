"""Recorded conversations played through a running server: nothing lost, duplicated or reordered.

    python -m bench.replay [FILE] [--conversations N]

Runs `rapport replay`, which starts a server of its own: customers on the web, agents at the desk, an
integrator and a supervisor.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from bench._figures import tell

CORPUS = "../shared/data/airlines/dev.jsonl"
UNITS = {
    "lost": ("messages", "0"),
    "duplicated": ("messages", "0"),
    "reordered": ("messages", "0"),
    "p50_ms": ("ms", None),
    "p99_ms": ("ms", None),
    "messages_per_second": ("messages/s", None),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("file", type=Path, nargs="?", default=CORPUS)
    parser.add_argument("--conversations", type=int, help="play only the first N")
    options = parser.parse_args()
    command = [sys.executable, "-m", "rapport", "replay", str(options.file), "--json"]
    if options.conversations:
        command += ["--conversations", str(options.conversations)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if not done.stdout.strip():
        sys.exit(done.returncode or 1)
    report = json.loads(done.stdout.splitlines()[-1])
    played = f"{report['conversations']} conversations, {report['sent']} messages sent"
    for name, (unit, target) in UNITS.items():
        figure = f"replay, {name.removesuffix('_ms').replace('_', ' ')}"
        tell(figure, report[name], unit, target=target, against=played)


if __name__ == "__main__":
    main()
