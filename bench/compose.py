"""Compose: the figures of one of its parts.

    uv run python -m bench.compose --part suggestions [--seconds 20]

A part is a module `bench.compose_PART` with a `main` that reads the remaining arguments and prints
one JSON line a figure.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path


def parts() -> list[str]:
    """The parts there are."""
    found = Path(__file__).parent.glob("compose_*.py")
    return sorted(path.stem.removeprefix("compose_") for path in found)


def main() -> None:
    parser = ArgumentParser(description=__doc__, add_help=False)
    parser.add_argument("--part", choices=parts(), required=True)
    options, rest = parser.parse_known_args()
    sys.argv = [f"compose --part {options.part}", *rest]
    import_module(f"bench.compose_{options.part}").main()


if __name__ == "__main__":
    main()
