"""The pages: the built web applications, served from inside the package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Response, Router, get
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from rapport.core.errors import NotFound

ASSETS = Path(__file__).parent / "web_assets"

# Pages run our own scripts only; the component library writes its styles into the page.
_PAGE_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'self'"
)
_HEADERS = {
    "content-security-policy": _PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-cache",
}


def _page(folder: str) -> Response[bytes]:
    file = ASSETS / folder / "index.html"
    if not file.exists():
        raise NotFound(what="the web pages are not built: run `make setup`")
    return Response(file.read_bytes(), media_type="text/html", headers=_HEADERS)


@get(
    [
        "/desk",
        "/desk/{rest:path}",
        "/console",
        "/console/{rest:path}",
        "/portal",
        "/portal/{rest:path}",
        "/sign-in",
    ],
    include_in_schema=False,
    sync_to_thread=False,  # one small file; with a thread, a handler of several paths is wrapped twice
)
def application(rest: str = "") -> Response[bytes]:  # noqa: ARG001
    """Return the page of the people's applications; its script reads the address."""
    return _page("app")


@get("/", include_in_schema=False, sync_to_thread=True)
def shop() -> Response[bytes]:
    """Return the demo company's shop, where the chat widget lives."""
    return _page("demo")


def pages() -> list[ControllerRouterHandler]:
    """Return the handlers of every page and asset that is built."""
    handlers: list[ControllerRouterHandler] = [application, shop]
    handlers += [_folder(path, name) for path, name in _FOLDERS if (ASSETS / name).is_dir()]
    return handlers


_FOLDERS = (("/app", "app"), ("/sdk", "sdk"), ("/demo", "demo"), ("/schema-assets", "schema"))


def _folder(path: str, name: str) -> Router:
    options: dict[str, Any] = {"include_in_schema": False}
    return create_static_files_router(path, directories=[ASSETS / name], **options)
