"""Messages a second beside matrix-synapse, on the same database engine in the same run.

    python -m bench.synapse [--engine sqlite|postgresql|both] [--seconds 10] [--rooms 1]

Installs matrix-synapse from PyPI into an environment of its own (var/bench/synapse, kept), runs it
with rate limits off and two members in each room, and has 32 connections send 40-word messages; then
does the same with Rapport as `bench.messages` does. Each has its own default durability.
"""

import argparse
import hashlib
import hmac
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx
import psycopg

from bench._databases import ENGINES, postgres_database
from bench._figures import tell
from bench._load import NUMBER, Counted, Load, generate
from bench._rapport import stop, stop_with_us
from bench._wire import request
from bench.messages import CONNECTIONS, CORPUS, Accepted, accepted, texts
from tools.provision import free_port

TARGET = 25
HOME = Path("var/bench/synapse")
PACKAGES = ("matrix-synapse", "psycopg2-binary")
# Synapse refuses a PostgreSQL database whose order of text depends on a language.
C_LOCALE = "ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0"
SECRET = "bench-registration"
START_SECONDS = 60.0
UNLIMITED = {"per_second": 1e6, "burst_count": 1_000_000}


class Synapse(NamedTuple):
    """A running server."""

    port: int
    version: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def python() -> Path:
    """The Python of Synapse's own environment, made when it is not there."""
    found = HOME / "bin/python"
    if not (HOME / "installed").exists():
        make = ["uv", "venv", "--quiet", "--clear", "--python", "3.11", str(HOME)]
        subprocess.run(make, check=True)
        install = ["uv", "pip", "install", "--quiet", "--python", str(found), *PACKAGES]
        subprocess.run(install, check=True)
        (HOME / "installed").touch()
    return found.absolute()


def database_of(url: str) -> dict[str, Any]:
    """Synapse's database section."""
    if not url:
        return {"name": "sqlite3", "args": {"database": "homeserver.db"}}
    known = psycopg.conninfo.conninfo_to_dict(url)
    args = {"cp_min": 5, "cp_max": 10, **known}
    return {"name": "psycopg2", "args": args}


def configuration(port: int, url: str) -> dict[str, Any]:
    """What differs from a generated configuration (JSON is YAML)."""
    limits = ("rc_message", "rc_registration", "rc_room_creation")
    joins = {"local": UNLIMITED, "remote": UNLIMITED}
    resources = [{"names": ["client"], "compress": False}]
    listener = {"port": port, "type": "http", "bind_addresses": ["127.0.0.1"]}
    return {
        "listeners": [{**listener, "tls": False, "resources": resources}],
        "database": database_of(url),
        "registration_shared_secret": SECRET,
        "trusted_key_servers": [],
        "rc_joins": joins,
        "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), UNLIMITED),
        "rc_login": dict.fromkeys(("address", "account", "failed_attempts"), UNLIMITED),
        **dict.fromkeys(limits, UNLIMITED),
    }


@contextmanager
def synapse(url: str) -> Iterator[Synapse]:
    """Run Synapse in a temporary folder."""
    stop_with_us()
    port = free_port()
    command = [str(python()), "-m", "synapse.app.homeserver", "-c", "homeserver.yaml"]
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as name:
        folder = Path(name)
        generate_options = ["--server-name", "bench.test", "--report-stats", "no"]
        generated = [*command, "--generate-config", *generate_options]
        subprocess.run(generated, cwd=folder, check=True, capture_output=True)
        (folder / "bench.yaml").write_text(json.dumps(configuration(port, url)))
        quiet = folder / "bench.test.log.config"
        quiet.write_text(quiet.read_text().replace("level: INFO", "level: WARNING"))
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(
                [*command, "-c", "bench.yaml"], cwd=folder, stdout=output, stderr=output
            )
        try:
            yield Synapse(port, await_version(process, port, folder / "output"))
        finally:
            stop(process)


def await_version(process: subprocess.Popen[bytes], port: int, output: Path) -> str:
    """Wait until it answers; returns its version."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"http://127.0.0.1:{port}/health").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
            continue
        asked = ["-c", "from importlib.metadata import version; print(version('matrix-synapse'))"]
        return subprocess.check_output([python(), *asked], text=True).strip()
    raise RuntimeError(output.read_text()[-2_000:])


def register(server: Synapse, user: str) -> str:
    """Register a user with the shared secret; returns the access token."""
    path = f"{server.address}/_synapse/admin/v1/register"
    nonce = httpx.get(path).raise_for_status().json()["nonce"]
    signed = "\0".join((nonce, user, "bench-password", "notadmin")).encode()
    mac = hmac.new(SECRET.encode(), signed, hashlib.sha1).hexdigest()
    body = {"nonce": nonce, "username": user, "password": "bench-password", "mac": mac}
    return str(httpx.post(path, json=body).raise_for_status().json()["access_token"])


def make_room(server: Synapse, tokens: list[str]) -> str:
    """Make a room with two members."""
    one, other = (httpx.Client(headers={"authorization": f"Bearer {each}"}) for each in tokens)
    base = f"{server.address}/_matrix/client/v3"
    asked = {"preset": "private_chat", "invite": ["@other:bench.test"]}
    room = str(one.post(f"{base}/createRoom", json=asked).raise_for_status().json()["room_id"])
    other.post(f"{base}/join/{quote(room)}", json={}).raise_for_status()
    return room


def load_of(server: Synapse, said: list[str], rooms: int, seconds: float) -> Load:
    """The same texts, from the two members in turn."""
    tokens = [register(server, user) for user in ("one", "other")]
    made = [quote(make_room(server, tokens)) for _ in range(rooms)]
    requests = []
    for n, text in enumerate(said):
        path = f"/_matrix/client/v3/rooms/{made[n % rooms]}/send/m.room.message/{NUMBER}"
        body = json.dumps({"msgtype": "m.text", "body": text}).encode()
        headers = {"authorization": f"Bearer {tokens[n % 2]}"}
        requests.append(request("PUT", path, body, headers).decode())
    return Load(server.port, CONNECTIONS, requests, seconds=seconds)


def theirs(engine: str, said: list[str], rooms: int, seconds: float) -> tuple[Counted, str]:
    """Load Synapse."""
    own: AbstractContextManager[str] = nullcontext("")
    with (
        postgres_database(C_LOCALE) if engine == "postgresql" else own as url,
        synapse(url) as server,
    ):
        counted = generate(load_of(server, said, rooms, seconds))
    if counted.refused:
        raise RuntimeError(f"{counted.refused} refused: {counted.first_refusal}")
    return counted, server.version


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--engine", choices=[*ENGINES, "both"], default="both")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rooms", type=int, default=1)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--roles", nargs="+", default=["customer", "agent"])
    options = parser.parse_args()
    said = texts(options.corpus)
    for engine in ENGINES if options.engine == "both" else [options.engine]:
        peer, version = theirs(engine, said, options.rooms, options.seconds)
        ours: Accepted = accepted(engine, said, options.roles, options.seconds)
        tell(
            f"messages accepted beside matrix-synapse, {engine}",
            ours.per_second,
            "messages/s",
            target=f">= {TARGET} x",
            against=f"matrix-synapse {version}: {peer.per_second:.0f} messages/s",
            ratio=ours.per_second / peer.per_second,
        )


if __name__ == "__main__":
    main()
