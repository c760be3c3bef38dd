"""A request as every route receives it: its address and its body hold only what can be kept."""

from __future__ import annotations

import re
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from rapport.core.errors import Malformed
from rapport.core.payloads import check_payload

_NUL_IN_QUERY = re.compile(rb"%00|\x00")


class CheckedRequest(Request[Any, Any, Any]):
    """A request whose body is checked when it is first read, whichever route reads it."""

    async def body(self) -> bytes:
        """Return the body. Raises Malformed or Invalid for what cannot be kept."""
        is_read = isinstance(self._body, bytes)
        body = await super().body()
        if body and not is_read:
            check_payload(body)
        return body


async def check_address(
    connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
) -> None:
    """Refuse an address with what no database, file or id can be called (a guard of every route)."""
    scope = connection.scope
    if "\x00" in scope["path"] or _NUL_IN_QUERY.search(scope["query_string"]):
        raise Malformed(problem="the address contains the character U+0000")
