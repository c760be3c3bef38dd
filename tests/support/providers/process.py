"""The provider as a process of its own, and a visitor who signs in there."""

from __future__ import annotations

import html
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.support.nodes import free_port

_FORM = re.compile(r'<form method="post" action="([^"]*)">')
_FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


class Provider(NamedTuple):
    """A provider that answers."""

    address: str

    @property
    def issuer(self) -> str:
        """What it calls itself in ID tokens."""
        return f"{self.address}/oidc"


@contextmanager
def providing(folder: Path) -> Iterator[Provider]:
    """Run a provider until the block ends; it logs to a file."""
    port = free_port()
    command = [sys.executable, "-m", "tests.support.providers", str(port)]
    with (folder / "provider.log").open("ab") as log:
        process = subprocess.Popen(command, stderr=log, stdout=log)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_alive(address, process)
        yield Provider(address)
    finally:
        process.terminate()
        process.wait(20)


class Page(NamedTuple):
    """A form that a page shows, or would post by itself."""

    action: str
    fields: dict[str, str]


def form_in(answer: httpx.Response) -> Page:
    """Return the form of a page of the provider."""
    assert answer.status_code in {200, 201}, answer.text
    found = _FORM.search(answer.text)
    assert found, answer.text
    fields = {
        html.unescape(name): html.unescape(value) for name, value in _FIELD.findall(answer.text)
    }
    return Page(str(answer.url.join(html.unescape(found[1]))), fields)


def _wait_until_alive(address: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            httpx.get(f"{address}/healthz")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the provider did not start")
