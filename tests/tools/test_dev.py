"""Developing: a change starts the server again, and nothing is left behind."""

import os
import sys
import threading
from pathlib import Path

import pytest

from tools import dev

pytestmark = pytest.mark.unit

PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open(sys.argv[1], "w").write(str(child.pid))
child.wait()
"""


def is_running(pid: int) -> bool:
    """Whether a process runs; one that ended and nobody waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    module = tmp_path / "room.py"
    module.write_text("")
    written = dev.newest(tmp_path)
    noticed = threading.Thread(target=dev.until_changed, args=(tmp_path, written))
    noticed.start()

    os.utime(module, (written + 1, written + 1))

    noticed.join(20)
    assert not noticed.is_alive()


def test_children_are_stopped_with_their_parent(tmp_path: Path) -> None:
    told = tmp_path / "child"

    with dev.running([sys.executable, "-c", PARENT, str(told)]) as parent:
        while not (told.exists() and told.read_text()):
            assert parent.poll() is None
        child = int(told.read_text())
        assert is_running(child)

    assert not is_running(parent.pid)
    dev.until(lambda: not is_running(child))
