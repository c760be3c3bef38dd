"""The process that trains loads what it trains with, and nothing of a server."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.unit

# What the process imports until it trains, see `serve`.
IMPORTED = """
import sys
from rapport.compose.training.process import main
from rapport.compose.training.registry import TRAINERS
print(*sys.modules)
"""
OF_A_SERVER = {"litestar", "uvicorn", "sqlalchemy", "redis", "dbos", "httpx"}
FLOORS = ("rapport.core.", "rapport.engines.", "rapport.compose.training.")


def test_the_process_that_trains_imports_no_server() -> None:
    told = subprocess.run(
        [sys.executable, "-c", IMPORTED], capture_output=True, check=True, text=True
    )
    imported = set(told.stdout.split())

    assert not imported & OF_A_SERVER
    ours = {name for name in imported if name.count(".") > 1 and name.startswith("rapport.")}
    assert {name for name in ours if not name.startswith(FLOORS)} == {
        "rapport.compose.completions",
        "rapport.compose.completions.trainer",
        "rapport.compose.training",
    }
