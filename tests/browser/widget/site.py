"""A company's web site on a host of its own, with a content policy as strict as they come."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

_PAGE = """<!doctype html>
<html lang="en" dir="{direction}">
<head><meta charset="utf-8"><title>A company's page</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<script src="/snippet.js?{query}"></script>
<script src="{server}/sdk/v1/sdk.js" async></script>
</head>
<body><main><h1>A company's page</h1><p><a href="/next">Next page</a> <button id="ask">Ask</button></p></main>
</body></html>"""

_SNIPPET = """
window.{name} = window.{name} || function () {{ ({name}._ = {name}._ || []).push(arguments) }};
window.heard = [];
for (const event of ["booted", "ready", "opened", "closed", "message", "destroyed"])
  {name}("on", event, (happened) => heard.push([happened.type, happened.detail.text || null]));
{name}("load", {settings});
"""


class Site:
    """Serves pages that load the widget from another origin."""

    def __init__(self, address: str, server: str) -> None:
        self.address = address
        self.server = server

    def page(
        self, settings: dict[str, Any], *, name: str = "Rapport", direction: str = "ltr"
    ) -> str:
        """Return the address of a page that loads the widget with these settings."""
        asked = json.dumps({"settings": settings, "name": name, "direction": direction})
        return f"{self.address}/?{_query(asked)}"

    @property
    def policy(self) -> str:
        """What the page's author has to allow, and nothing else."""
        socket = self.server.replace("http", "ws", 1)
        return (
            f"default-src 'none'; script-src 'self' {self.server}; "
            f"connect-src {self.server} {socket}; base-uri 'none'; form-action 'none'"
        )


@contextmanager
def company_site(server: str) -> Iterator[Site]:
    """Serve a company's pages, which take the widget from `server`."""
    listening = _Listening(("127.0.0.1", 0), _Pages)
    site = listening.site = Site(f"http://127.0.0.1:{listening.server_address[1]}", server)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join(5)


class _Listening(ThreadingHTTPServer):
    site: Site


class _Pages(BaseHTTPRequestHandler):
    server: _Listening

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        wish = json.loads(parse_qs(asked.query).get("wish", ["{}"])[0])
        if asked.path == "/snippet.js":
            settings = json.dumps(wish.get("settings", {}))
            self._answer("text/javascript", _SNIPPET.format(name=wish["name"], settings=settings))
        elif asked.path in {"/", "/next"}:
            page = _PAGE.format(
                server=self.server.site.server,
                query=_query(json.dumps(wish)),
                direction=wish.get("direction", "ltr"),
            )
            self._answer("text/html", page)
        else:
            self.send_error(404)

    def _answer(self, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("content-type", f"{kind}; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.send_header("content-security-policy", self.server.site.policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a test's output is its own."""


def _query(wish: str) -> str:
    return urlencode({"wish": wish})
