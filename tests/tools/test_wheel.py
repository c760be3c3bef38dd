"""The wheel holds all that a server needs: code, model, migrations and the built web."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tools import provision

pytestmark = pytest.mark.api

NEEDED = (
    "rapport/engines/embedding/model/model.onnx",
    "rapport/web_assets/app/index.html",
    "rapport/web_assets/demo/index.html",
    "rapport/web_assets/sdk/v1/sdk.js",
)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that `uv build` makes, unpacked as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    uv = str(provision.provide_uv())
    command = [uv, "build", "--quiet", "--python", sys.executable, "--out-dir", str(folder)]
    subprocess.run(command, cwd=provision.ROOT, check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


@pytest.fixture
def demo(unpacked: Path, tmp_path: Path) -> Iterator[dict[str, dict[str, str]]]:
    """What `rapport demo --json` of the wheel says first, while it runs."""
    server = subprocess.Popen(
        [sys.executable, "-m", "rapport", "demo", "--json", "--port", "0", "--data", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        stdout=subprocess.PIPE,
    )
    assert server.stdout is not None
    with server, server.stdout:
        yield json.loads(server.stdout.readline())
        server.terminate()


def test_the_wheel_holds_the_web_and_the_model(unpacked: Path) -> None:
    assert [name for name in NEEDED if not (unpacked / name).is_file()] == []
    assert list(unpacked.glob("rapport/core/database/migrations/versions/*.py"))


def test_the_wheel_runs_on_its_own(demo: dict[str, dict[str, str]]) -> None:
    addresses = demo["addresses"]

    for page in ("shop", "desk"):
        assert "<!doctype html>" in httpx.get(addresses[page]).raise_for_status().text
    assert set(httpx.get(addresses["api"] + "/readyz").json().values()) == {"ok"}
