"""Training a company from a file of its past conversations: how long the whole command takes.

    uv run python -m bench.compose --part training [--data ../shared/data/airlines]

Gives `rapport compose train --import` the conversations of `train.jsonl` in an installation of its own:
reading, redacting, embedding, learning and judging. Prints one JSON line a figure.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench._figures import tell
from rapport.accounts.onboarding.service import create_company
from rapport.app import SECTIONS
from rapport.core.node import open_node
from rapport.core.settings import load

MARKER = "bench"


async def prepare(folder: str) -> None:
    """Make the company whose models are trained."""
    settings = load(SECTIONS, {"RAPPORT_DATA_FOLDER": folder})
    async with open_node(settings) as node, node.database.writing() as session:
        await create_company(session, MARKER, "Bench", "a@bench.test", "d@bench.test")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/airlines"))
    options = parser.parse_args()
    rapport = [sys.executable, "-m", "rapport"]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "RAPPORT_DATA_FOLDER": folder}
        subprocess.run([*rapport, "db", "upgrade"], env=environment, check=True)
        asyncio.run(prepare(folder))
        file = str(options.data / "train.jsonl")
        command = [*rapport, "compose", "train", "--company", MARKER, "--import", file, "--json"]
        began = time.monotonic()
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
        tell("training, everything included", time.monotonic() - began, "s", target="<= 600")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    tell("CPU of all processes", used.ru_utime + used.ru_stime, "s")
    tell("peak memory of the largest process", used.ru_maxrss / 1e3, "MB", target="<= 4000")
    for model in json.loads(done.stdout):
        measure = model["metrics"]["measure"]
        tell(f"{model['kind']}: {measure}", model["metrics"][measure], "share")


if __name__ == "__main__":
    main()
