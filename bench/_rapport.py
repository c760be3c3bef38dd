"""A demo server of the benchmark's own, in a temporary folder, and how to speak with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from bench._wire import Socket, request
from rapport.core import clock

SOCKET = "/live/v1/socket"
CONVERSATIONS = "/conversation/v1/conversations"
# A new server embeds its response library first: that is not what is measured.
SETTLE_SECONDS = 3.0


class Rapport(NamedTuple):
    """A running server and its demo company."""

    pid: int
    port: int
    folder: Path
    told: dict[str, Any]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def key(self) -> dict[str, str]:
        """The headers of the API key."""
        return {
            "asapp-api-id": self.told["api"]["id"],
            "asapp-api-secret": self.told["api"]["secret"],
        }

    def sign_in(self, role: str) -> dict[str, str]:
        """Sign in the first person of a role; returns the headers of the session."""
        who = next(each for each in self.told["sign_ins"] if each["role"] == role)
        body = {
            "organization": self.told["organization"],
            "email": who["email"],
            "password": who["password"],
        }
        answer = httpx.post(f"{self.address}/accounts/v1/sign-in", json=body).raise_for_status()
        cookies = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
        return {"cookie": cookies, "x-csrf-token": answer.json()["csrf"]}

    def become_active(self, headers: dict[str, str]) -> None:
        """Have a signed-in agent take conversations."""
        path = f"{self.address}/desk/v1/status"
        httpx.post(path, json={"status": "active"}, headers=headers).raise_for_status()

    def conversations(self, count: int) -> list[str]:
        """Open conversations over the API; returns their ids."""
        now = clock.wire(clock.now())
        with httpx.Client(base_url=self.address, headers=self.key) as client:
            return [
                client.post(CONVERSATIONS, json=opening(n, now)).raise_for_status().json()["id"]
                for n in range(count)
            ]

    def message(self, conversation: str, role: str, text: str, key: str = "") -> bytes:
        """Return the request that adds a message; with a key it may be repeated."""
        said = {
            "text": text,
            "sender": {"role": role, "externalId": role},
            "timestamp": clock.wire(clock.now()),
        }
        headers = {**self.key, **({"idempotency-key": key} if key else {})}
        path = f"{CONVERSATIONS}/{conversation}/messages"
        return request("POST", path, json.dumps(said).encode(), headers)

    def chat_token(self, client: httpx.Client) -> str:
        """Begin a customer's chat session."""
        body = {"app": self.told["organization"], "name": "Sam"}
        answer = client.post("/chat/v1/sessions", json=body).raise_for_status()
        return str(answer.json()["token"])

    async def socket(
        self,
        on_text: Callable[[bytes], None],
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Socket:
        """Connect and say hello, as a customer with a token or a person with a session."""
        socket = await Socket.open(self.port, SOCKET, on_text, headers)
        hello = {"type": "hello", "protocol": 1, "token": token}
        socket.send(json.dumps(hello).encode())
        return socket

    def processor_seconds(self) -> float:
        """Return the processor time that the server has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self) -> float:
        """Return the server's resident memory."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise ProcessLookupError(self.pid)


def opening(number: int, now: str) -> dict[str, object]:
    """Return a conversation as an integrator opens it."""
    return {
        "externalId": f"bench-{number}",
        "timestamp": now,
        "customer": {"externalId": "customer", "name": "Sam"},
        "agent": {"externalId": "agent", "name": "Kim"},
    }


@contextmanager
def rapport(database_url: str = "") -> Iterator[Rapport]:
    """Run a server on SQLite, or on a PostgreSQL database."""
    stop_with_us()
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as name:
        folder = Path(name)
        environment = {**os.environ, "RAPPORT_DATA_DATABASE_URL": database_url}
        command = [sys.executable, "-m", "rapport", "demo", "--json", "--port", "0"]
        with (folder / "server.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, "--data", name], stdout=subprocess.PIPE, stderr=log, env=environment
            )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise RuntimeError((folder / "server.log").read_text()[-2_000:])
            told = json.loads(line)
            time.sleep(SETTLE_SECONDS)
            port = int(told["addresses"]["api"].rpartition(":")[2])
            yield Rapport(process.pid, port, folder, told)
        finally:
            stop(process)


def stop_with_us() -> None:
    """Have a script that is told to end run its `finally`: what it started ends with it."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end; make it end when it does not."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
